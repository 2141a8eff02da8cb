package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// rootMarks say, in this order, which folder is the root of a workspace: the
// nearest one upwards that has one of the first kind, else one of the second.
var rootMarks = [][]string{
	{"brummer.toml"},
	{".git"},
	{"package.json", "go.mod", "Makefile", "Procfile", "Cargo.toml", "pyproject.toml", "justfile", "Taskfile.yml"},
}

// findRoot returns the workspace root: given, or found from the present folder
// upwards, or the present folder.
func findRoot(given string) (string, error) {
	if given != "" {
		root, err := realPath(given)
		if err != nil {
			return "", fmt.Errorf("--root: %w", err)
		}
		if info, err := os.Stat(root); err != nil || !info.IsDir() {
			return "", fmt.Errorf("--root: %s is not a folder", given)
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

// realPath is the absolute path without symbolic links, by which roots are
// compared.
func realPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}
