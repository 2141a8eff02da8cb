package process

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/fsnotify/fsnotify"
)

// Watch says which changes of files restart a process. It counts from the start
// to the stop of the process, also while it waits or has ended by itself: a
// change may mend what made it fail.
type Watch struct {
	Paths    []string      // globs relative to the working folder; ** is any number of folders; a folder is all in it
	Ignore   []string      // globs of files and folders that don't count, besides those in ignored
	Debounce time.Duration // how long it must be quiet after a change; default 200 ms
	Cascade  bool          // restart those that depend on the process as well
}

// DefaultDebounce is [Watch.Debounce]: longer than an editor or a code generator
// takes between two files.
const DefaultDebounce = 200 * time.Millisecond

// maxDebounces is how many debounce times a stream of changes can put a restart off.
const maxDebounces = 10

// maxFolders bounds what one watch may take of the system's watches, of which
// there are 8192 per user on an old Linux (inotify(7)).
const maxFolders = 8192

// ignored are folders and files that never count: what tools write.
var ignored = []string{"**/.git", "**/.hg", "**/.svn", "**/node_modules", "**/__pycache__", "**/.DS_Store", "**/*~", "**/*.sw[px]", "**/4913"}

func (w *Watch) debounce() time.Duration { return orDefault(w.Debounce, DefaultDebounce) }

func (s *Spec) checkWatch() error {
	if s.Watch == nil {
		return nil
	}
	if len(s.Watch.Paths) == 0 {
		return &SpecError{"watch/paths", "is empty: name files, or ** for all"}
	}
	for field, globs := range map[string][]string{"paths": s.Watch.Paths, "ignore": s.Watch.Ignore} {
		for _, glob := range globs {
			if glob == "" || !doublestar.ValidatePattern(filepath.ToSlash(glob)) || filepath.IsAbs(glob) {
				return &SpecError{"watch/" + field, fmt.Sprintf("can't have %q: want a glob relative to the working folder", glob)}
			}
		}
	}
	if s.Watch.Debounce < 0 {
		return &SpecError{"watch/debounceMs", "must not be negative"}
	}
	return nil
}

// watch is the watch of one process. A nil one watches nothing.
type watch struct {
	rule   *Watch
	folder string   // that globs are relative to
	globs  []string // cleaned, with folders written out
	notify *fsnotify.Watcher
	count  int // folders watched
	stop   chan struct{}
}

// newWatches makes a watch for each replica, nil ones if spec has none. The error
// is a [*SpecError].
func newWatches(spec *Spec) ([]*watch, error) {
	watches := make([]*watch, max(1, spec.Replicas))
	if spec.Watch == nil {
		return watches, nil
	}
	for i := range watches {
		w, err := newWatch(spec)
		if err != nil {
			closeWatches(watches)
			return nil, err
		}
		watches[i] = w
	}
	return watches, nil
}

func closeWatches(watches []*watch) {
	for _, w := range watches {
		if w != nil {
			w.notify.Close()
		}
	}
}

func newWatch(spec *Spec) (*watch, error) {
	notify, err := fsnotify.NewWatcher()
	if err != nil { // on Linux mostly the limit fs.inotify.max_user_instances
		return nil, &SpecError{"watch", "can't be: " + err.Error()}
	}
	w := &watch{rule: spec.Watch, folder: spec.Dir, notify: notify, stop: make(chan struct{})}
	for _, glob := range spec.Watch.Paths {
		if err := w.addGlob(filepath.ToSlash(glob)); err != nil {
			notify.Close()
			return nil, &SpecError{"watch/paths", err.Error()}
		}
	}
	return w, nil
}

// addGlob watches the folders that files of the glob may be in.
func (w *watch) addGlob(glob string) error {
	glob = filepath.ToSlash(filepath.Clean(filepath.FromSlash(glob)))
	if info, err := os.Stat(filepath.Join(w.folder, filepath.FromSlash(glob))); err == nil && info.IsDir() {
		glob += "/**"
	}
	base, rest := doublestar.SplitPattern(glob)
	w.globs = append(w.globs, glob)
	at := filepath.Join(w.folder, filepath.FromSlash(base))
	if info, err := os.Stat(at); err != nil || !info.IsDir() {
		return fmt.Errorf("has %q, but there is no folder %s", glob, at)
	}
	if deep := slices.Contains([]byte(rest), '/') || rest == "**"; !deep {
		return w.addFolder(at)
	}
	_, err := w.addTree(at)
	return err
}

func (w *watch) addFolder(path string) error {
	if w.count >= maxFolders {
		return fmt.Errorf("covers more than %d folders: name fewer, or ignore some", maxFolders)
	}
	w.count++
	switch err := w.notify.Add(path); {
	case errors.Is(err, syscall.ENOSPC):
		return errors.New("needs more watches than the system allows (sysctl fs.inotify.max_user_watches): name fewer folders, or ignore some")
	case err != nil:
		return fmt.Errorf("can't watch %s: %w", path, err)
	}
	return nil
}

// addTree watches a folder and those in it, and reports a file in it that counts,
// "" if there is none. What can't be read, or has just gone, is left out.
func (w *watch) addTree(root string) (counts string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case !d.IsDir():
			if counts == "" && w.counts(path) {
				counts = path
			}
			return nil
		case path != root && w.ignores(w.relative(path)):
			return filepath.SkipDir
		}
		return w.addFolder(path)
	})
	return counts, err
}

func (w *watch) relative(path string) string {
	rel, err := filepath.Rel(w.folder, path)
	if err != nil {
		return filepath.ToSlash(path)
	}
	return filepath.ToSlash(rel)
}

// counts reports whether a change of the file may restart the process.
func (w *watch) counts(path string) bool {
	rel := w.relative(path)
	return slices.ContainsFunc(w.globs, func(g string) bool { return doublestar.MatchUnvalidated(g, rel) }) && !w.ignores(rel)
}

// ignores reports whether the path, or a folder it is in, is ignored.
func (w *watch) ignores(rel string) bool {
	for i := 0; i <= len(rel); i++ {
		if i < len(rel) && rel[i] != '/' {
			continue
		}
		for _, globs := range [][]string{ignored, w.rule.Ignore} {
			for _, g := range globs {
				if doublestar.MatchUnvalidated(g, rel[:i]) {
					return true
				}
			}
		}
	}
	return false
}
