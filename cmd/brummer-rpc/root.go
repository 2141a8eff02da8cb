package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/brummer-rpc/brummer-rpc/rpc/socket"
)

// rootMarks say, in this order, which folder is the root of a workspace: the
// nearest one upwards that has one of the first kind, else one of the second.
var rootMarks = [][]string{
	{"brummer.toml"},
	{".git"},
	{"package.json", "go.mod", "Makefile", "Procfile", "Cargo.toml", "pyproject.toml", "justfile", "Taskfile.yml"},
}

// place is where the workspace's engine is reached: at a path that was given or
// configured, or by a root that was given, or where an engine lives that is the
// nearest one upwards, or by the root that findRoot finds.
func (p *program) place(root string) (socket.Place, error) {
	switch p.flags.socket {
	case "auto":
	case "off":
		return socket.Place{}, errors.New("--socket=off: this needs the workspace's engine, which is on a socket")
	default:
		found, err := findRoot(root)
		if err != nil {
			return socket.Place{}, err
		}
		return socket.ForAt(found, p.flags.socket)
	}
	if root == "" {
		if path := os.Getenv("BRUMMER_RPC_SOCKET"); path != "" {
			return socket.At(path), nil
		}
		if place, ok := nearestEngine(); ok {
			return place, nil
		}
	}
	found, err := findRoot(root)
	if err != nil {
		return socket.Place{}, err
	}
	return socket.For(found)
}

// nearestEngine looks for a living engine from the present folder upwards.
func nearestEngine() (socket.Place, bool) {
	dir, err := realPath(".")
	if err != nil {
		return socket.Place{}, false
	}
	for ; ; dir = filepath.Dir(dir) {
		if place, err := socket.For(dir); err == nil && place.Alive() {
			return place, true
		}
		if dir == filepath.Dir(dir) {
			return socket.Place{}, false
		}
	}
}

// findRoot returns the workspace root: given, or found from the present folder
// upwards, or the present folder.
func findRoot(given string) (string, error) {
	if given != "" {
		root, err := realPath(given)
		if err != nil {
			return "", fmt.Errorf("--root=%s: %w", given, bare(err))
		}
		if info, err := os.Stat(root); err != nil || !info.IsDir() {
			return "", fmt.Errorf("--root=%s: it is not a folder", given)
		}
		return root, nil
	}
	cwd, err := realPath(".")
	if err != nil {
		return "", err
	}
	for _, marks := range rootMarks {
		for dir := cwd; ; dir = filepath.Dir(dir) {
			if hasAny(dir, marks) {
				return dir, nil
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return cwd, nil
}

func hasAny(dir string, names []string) bool {
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// bare is what a system call says, without the name of the call and the path.
func bare(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// realPath is the absolute path without symbolic links, by which roots are
// compared.
func realPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}
