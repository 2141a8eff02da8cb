package project

import (
	"io/fs"
	"os"
	"path/filepath"
)

// inRoot is the file system below a workspace's root.
//
// An os.Root refuses a symbolic link that leads outside of the workspace, so that
// opening a stranger's folder cannot read our home. It does so by opening one part
// of a path after the other, which in a large workspace is most of the work. The
// walk enters real folders only, each of them found by listing the one above, so a
// path has no link but perhaps in its last element: what is none is opened by its
// whole path, and a link is left to the os.Root. (Somebody who replaces a folder by
// a link in between runs programs here already, and needs no help of ours.)
type inRoot struct {
	root  *os.Root
	links fs.FS // the root's
	abs   string
}

func openRoot(abs string) (*inRoot, error) {
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	return &inRoot{root: root, links: root.FS(), abs: abs}, nil
}

// Close closes the root. Nothing was written through it, so that a failure says
// nothing new.
func (r *inRoot) Close() { _ = r.root.Close() }

func (r *inRoot) path(name string) string { return filepath.Join(r.abs, filepath.FromSlash(name)) }

// Open implements [fs.FS].
func (r *inRoot) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if f, err := openNoLink(r.path(name)); err == nil {
		return f, nil
	}
	return r.links.Open(name)
}

// Stat implements [fs.StatFS].
func (r *inRoot) Stat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	info, err := os.Lstat(r.path(name))
	if err == nil && info.Mode()&fs.ModeSymlink == 0 {
		return info, nil
	}
	return fs.Stat(r.links, name)
}
