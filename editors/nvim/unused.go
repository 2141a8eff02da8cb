package nvim

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// unusedFor is how long a folder of another version stays although nobody has asked
// for it and its plugin has not been used. A folder's time says when that was last:
// Unpack sets it, and so does the plugin when it connects (unpacked.lua). A link in
// Neovim's packages may lead to a folder, so "not the newest" is no reason.
const unusedFor = 30 * 24 * time.Hour

// unpackingFor is how long a folder that is being filled is left alone.
const unpackingFor = 24 * time.Hour

var versioned = regexp.MustCompile(`^brummer-[0-9a-f]{12}$`)

// DeleteUnused takes away what Unpack has left in dir: folders of versions other than
// keep's that are unused, and what was never filled. It gives the folders that have
// gone. What can't be deleted stays, for another time.
func DeleteUnused(dir, keep string, now time.Time) (gone []string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if path != keep && isUnused(e, now) && remove(path) == nil {
			gone = append(gone, path)
		}
	}
	return gone
}

// isUnused reports whether an entry is a folder of ours that is old enough to go.
func isUnused(e fs.DirEntry, now time.Time) bool {
	info, err := e.Info()
	if err != nil || !info.IsDir() {
		return false
	}
	age := now.Sub(info.ModTime())
	return versioned.MatchString(e.Name()) && age > unusedFor ||
		strings.HasPrefix(e.Name(), unpacking) && age > unpackingFor
}

// remove takes the name away first, so that a folder that has one is always whole.
func remove(path string) error {
	dir, name := filepath.Split(path)
	if strings.HasPrefix(name, unpacking) {
		return os.RemoveAll(path)
	}
	temp, err := os.MkdirTemp(dir, unpacking)
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	return os.Rename(path, filepath.Join(temp, name))
}
