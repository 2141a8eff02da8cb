package engine

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
)

// fileSearch finds files by the end of their path below some folders: what VS
// Code's fileLocation "search" asks for. A list of problems asks for the same few
// files again and again, so what was found is kept until it is gone, and what was
// not is not looked for again at once.
type fileSearch struct {
	root string

	mu    sync.Mutex
	known map[searched]searchResult
}

type searched struct {
	where *diagnose.Search
	file  string
}

type searchResult struct {
	path string // "" if there is none
	at   time.Time
}

// Bounds of one search, and of what is kept.
const (
	maxSearchEntries = 50_000
	maxSearched      = 1000
	notFoundFor      = 10 * time.Second
)

// find returns the file whose path ends in file, the one with the shortest path
// if there are several.
func (s *fileSearch) find(where *diagnose.Search, file string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := searched{where, file}
	if r, ok := s.known[key]; ok && r.holds() {
		return r.path, r.path != ""
	}
	if s.known == nil || len(s.known) >= maxSearched {
		s.known = make(map[searched]searchResult)
	}
	r := searchResult{path: s.walk(where, file), at: time.Now()}
	s.known[key] = r
	return r.path, r.path != ""
}

func (r searchResult) holds() bool {
	if r.path == "" {
		return time.Since(r.at) < notFoundFor
	}
	_, err := os.Stat(r.path)
	return err == nil
}

func (s *fileSearch) walk(where *diagnose.Search, file string) (found string) {
	suffix := "/" + strings.TrimPrefix(path.Clean("/"+filepath.ToSlash(file)), "/")
	left := maxSearchEntries
	for _, dir := range where.Include {
		base := filepath.FromSlash(dir)
		if !filepath.IsAbs(base) {
			base = filepath.Join(s.root, base)
		}
		_ = filepath.WalkDir(base, func(p string, d fs.DirEntry, err error) error {
			if left--; left < 0 {
				return fs.SkipAll
			}
			switch {
			case err != nil: // a folder that can't be read holds nothing
				return nil
			case d.IsDir():
				return s.enter(where, p, d.Name())
			case strings.HasSuffix(filepath.ToSlash(p), suffix) && (found == "" || len(p) < len(found)):
				found = p
			}
			return nil
		})
	}
	return found
}

// enter leaves out what the search excludes, and what holds no source of the
// workspace's own.
func (s *fileSearch) enter(where *diagnose.Search, dir, name string) error {
	rel := filepath.ToSlash(dir)
	if r, err := filepath.Rel(s.root, dir); err == nil && filepath.IsLocal(r) {
		rel = filepath.ToSlash(r)
	}
	if name == "node_modules" || name == ".git" || where.Excludes(rel) || where.Excludes(filepath.ToSlash(dir)) {
		return fs.SkipDir
	}
	return nil
}
