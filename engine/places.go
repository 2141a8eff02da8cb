package engine

import (
	"bufio"
	"os"
	"path"
	"path/filepath"

	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
)

// Spot finds the file of a place: as it is printed, relative to the process's
// folder, to those that the tool has named, or to the workspace, or below the
// folders that a matcher has it searched in. It looks at the
// disk, so it is called by those who read the sets, not by the stream's reader.
func (e *Engine) Spot(p diagnose.Place, o diagnose.Origin) diagnose.Spot {
	root := filepath.ToSlash(e.Root)
	dir := filepath.ToSlash(o.Dir)
	if dir == "" {
		dir = root
	}
	for _, c := range diagnose.Candidates(p, dir, root) {
		if info, err := os.Stat(filepath.FromSlash(c)); err == nil && info.Mode().IsRegular() {
			return diagnose.Spot{Path: filepath.FromSlash(c), Found: true}
		}
	}
	file := filepath.FromSlash(p.File)
	if p.Search != nil {
		if found, ok := e.files.find(p.Search, p.File); ok {
			return diagnose.Spot{Path: found, Found: true}
		}
	}
	if filepath.IsAbs(file) {
		return diagnose.Spot{Path: file}
	}
	return diagnose.Spot{Path: filepath.FromSlash(path.Join(dir, filepath.ToSlash(file)))}
}

// Sources reads lines of source, for converting columns. It is made for one
// answer and keeps the files it has read for that long.
type Sources struct{ files map[string][]string }

// Bounds of what is read to convert a column: a generated file's positions
// matter to nobody.
const (
	maxSource     = 4 << 20
	maxSourceLine = 1 << 20
)

// Line returns line n of a file, from 1; ok is false if it can't be had.
func (s *Sources) Line(path string, n int) (text string, ok bool) {
	rows, read := s.files[path]
	if !read {
		if s.files == nil {
			s.files = map[string][]string{}
		}
		rows = readLines(path)
		s.files[path] = rows
	}
	if n < 1 || n > len(rows) {
		return "", false
	}
	return rows[n-1], true
}

func readLines(path string) (rows []string) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxSource {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, maxSourceLine)
	for scan.Scan() {
		rows = append(rows, scan.Text())
	}
	return rows
}
