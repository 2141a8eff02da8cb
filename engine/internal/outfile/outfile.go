// Package outfile writes a file that a client asked for: within the workspace or
// the folder for temporary files, whole or not at all. What is in the file is
// its callers' business.
package outfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// PathError says why a path can't be written to.
type PathError struct{ Path, Reason string }

// Error implements error.
func (e *PathError) Error() string { return fmt.Sprintf("can't write %s: %s", e.Path, e.Reason) }

// Write lets content write the file at path, which is taken relative to root,
// and returns where it is. The file appears with its last byte, under a name
// that nobody had, or, with overwrite, in place of the one that was there. The
// errors are a [*PathError] and content's own.
func Write(root, path string, overwrite bool, content func(io.Writer) error) (string, error) {
	path, err := resolve(root, path)
	if err != nil {
		return "", err
	}
	if info, err := os.Lstat(path); err == nil {
		switch {
		case !info.Mode().IsRegular():
			return "", &PathError{path, "it is there and is no regular file"}
		case !overwrite:
			return "", &PathError{path, "it exists; overwrite: true replaces it"}
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return "", &PathError{path, reason(err)}
	}
	defer os.Remove(f.Name())
	if err := fill(f, content); err != nil {
		return "", wrap(path, err)
	}
	return path, wrap(path, place(f.Name(), path, overwrite))
}

// fill writes and closes f.
func fill(f *os.File, content func(io.Writer) error) error {
	w := bufio.NewWriterSize(f, 64<<10)
	err := content(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync() // a full disk may say so only now
	}
	return errors.Join(err, f.Close())
}

// place gives the file its name. A link does not replace what somebody may have
// made meanwhile; where there are no links, a rename has to do.
func place(from, to string, overwrite bool) error {
	if !overwrite {
		if err := os.Link(from, to); err == nil || errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return os.Rename(from, to)
}

func wrap(path string, err error) error {
	var system *fs.PathError
	var link *os.LinkError
	if errors.As(err, &system) || errors.As(err, &link) {
		return &PathError{path, reason(err)}
	}
	return err
}

// reason is an error of the system without the names that it repeats.
func reason(err error) string {
	var system *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &system):
		return system.Err.Error()
	case errors.As(err, &link):
		return link.Err.Error()
	}
	return err.Error()
}

// resolve makes path absolute and refuses what is not below root or the folder
// for temporary files, links followed.
func resolve(root, path string) (string, error) {
	if path == "" || strings.ContainsRune(path, 0) {
		return "", &PathError{fmt.Sprintf("%q", path), "it is no path"}
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(root, path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "", &PathError{path, "it is a folder"}
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", &PathError{path, "its folder can't be used: " + reason(err)}
	}
	for _, allowed := range []string{root, os.TempDir()} {
		if allowed, err := filepath.EvalSymlinks(allowed); err == nil && within(allowed, dir) {
			return filepath.Join(dir, filepath.Base(path)), nil
		}
	}
	return "", &PathError{path, fmt.Sprintf("it is neither in the workspace %s nor in %s", root, os.TempDir())}
}

func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
