package project

import (
	"io/fs"
	"path/filepath"

	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

// MatcherFile is a file with problem matchers that a flag or the configuration
// names. This room only reads it, and follows it while somebody watches: what is
// in it is for others to say.
type MatcherFile struct {
	Name string // as it was given
	Data []byte // nil if it can't be read
	Err  string // why it can't; "" if it was
}

// readMatchers reads the files of the flags, and those of the configuration.
func (w *Workspace) readMatchers(c *config.Merged) []MatcherFile {
	var files []MatcherFile
	for _, name := range append(append([]string{}, w.o.Matchers...), c.Detection.Matchers...) {
		data, err := w.readNamed(name)
		f := MatcherFile{Name: name, Data: data}
		if err != nil {
			f.Err = reason(err)
		}
		files = append(files, f)
	}
	return files
}

// readNamed reads a file of the workspace, or one elsewhere, which only the user's
// own configuration and flags may name.
func (w *Workspace) readNamed(name string) ([]byte, error) {
	if rel := filepath.ToSlash(filepath.Clean(name)); fs.ValidPath(rel) {
		return w.disk.read(rel, defaultLimits.file)
	}
	return readRegular(w.Path(name))
}

// elsewhere are the files that count and may lie outside of the folders that were
// looked at: the user's own configuration, files with matchers. The paths are
// absolute.
func (w *Workspace) elsewhere(k *Known) []string {
	var files []string
	if w.o.UserConfig != "" {
		files = append(files, filepath.Clean(w.o.UserConfig))
	}
	for _, f := range k.Matchers {
		files = append(files, w.Path(f.Name))
	}
	return files
}
