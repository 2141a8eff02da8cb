package project

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"strings"
)

// limits bound a walk, so that opening a home folder or a mounted archive by
// mistake costs a moment and not a morning.
type limits struct {
	depth   int   // of a folder below the root, which has depth 0
	folders int   // entered in all
	file    int64 // bytes of one file
}

// defaultLimits: workspaces with packages below six levels are rare, and 20,000
// folders are read in about a second. A larger file than 1 MiB with one of the
// names that we look for is generated, or not what its name says.
var defaultLimits = limits{depth: 6, folders: 20_000, file: 1 << 20}

// neverEnter are folders with other people's code or with fixtures: what can be
// run there is nobody's daily work, and there may be thousands of it. Folders
// whose name begins with a dot (.git, .venv, .cache) are never entered either.
var neverEnter = map[string]bool{"node_modules": true, "vendor": true, "testdata": true}

// folder is one that was entered.
type folder struct {
	path  string   // relative to the root, slash-separated, "." for the root
	files []string // sorted; symbolic links are among them
}

// walk finds the folders of a workspace, breadth first, siblings sorted by name.
// Breadth first is the listing's order, and with a limit on the number of
// folders it is also the better choice: what is near the root is found.
type walk struct {
	fsys fs.FS
	lim  limits

	ignored  ignored
	folders  []folder
	files    map[string][]string // folder path -> its files, as in folders
	problems []Problem

	tooDeep   int    // folders just below lim.depth, not entered
	firstDeep string // the first of them
	stopped   string // the first folder not entered because of lim.folders
}

// run fills folders and files. It fails only if the root cannot be read or ctx
// ended: a folder further down is a problem, and its siblings still count.
func (w *walk) run(ctx context.Context) error {
	w.files = make(map[string][]string)
	if _, err := fs.ReadDir(w.fsys, "."); err != nil {
		return err
	}
	w.readIgnored()
	for level, depth := []string{"."}, 0; len(level) > 0; depth++ {
		next, err := w.enterAll(ctx, level)
		if err != nil {
			return err
		}
		if depth == w.lim.depth && len(next) > 0 {
			w.tooDeep, w.firstDeep, next = len(next), next[0], nil
		}
		level = next
	}
	w.reportLimits()
	return nil
}

// enterAll enters one level of folders and gives the next one. It looks at ctx
// for each folder: on a network file system one can take seconds.
func (w *walk) enterAll(ctx context.Context, level []string) ([]string, error) {
	var next []string
	for _, dir := range level {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(w.folders) == w.lim.folders {
			w.stopped = dir
			return nil, nil
		}
		next = append(next, w.enter(dir)...)
	}
	return next, nil
}

// enter lists one folder and gives the paths of the folders to enter in it.
func (w *walk) enter(dir string) []string {
	// ReadDir sorts by name: the whole listing's order rests on that.
	entries, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		w.problem(dir, "the folder cannot be read: "+reason(err))
		return nil
	}
	f := folder{path: dir}
	var below []string
	for _, e := range entries {
		switch name := e.Name(); {
		case !e.IsDir():
			// A link to a folder ends up here, as its type is not a folder's:
			// that is what keeps a loop of links from being followed.
			f.files = append(f.files, name)
		case w.mayEnter(dir, name):
			below = append(below, path.Join(dir, name))
		}
	}
	w.folders = append(w.folders, f)
	w.files[dir] = f.files
	return below
}

// mayEnter reports whether the folder name in dir is to be searched.
func (w *walk) mayEnter(dir, name string) bool {
	if neverEnter[name] || strings.HasPrefix(name, ".") || w.ignored.has(path.Join(dir, name)) {
		return false
	}
	if !printable(name) {
		w.problem(dir, "the folder "+quoteForMessage(name)+" was not searched: control characters, or not UTF-8")
		return false
	}
	return true
}

// reportLimits says what was not searched; nothing is left out in silence.
func (w *walk) reportLimits() {
	if w.tooDeep > 0 {
		w.problem(w.firstDeep, fmt.Sprintf("not searched: more than %d levels deep (folders left out at this level: %d)", w.lim.depth, w.tooDeep))
	}
	if w.stopped != "" {
		w.problem(w.stopped, fmt.Sprintf("not searched, like all that come after: the limit of %d folders is reached", w.lim.folders))
	}
}

// problem notes a part of the workspace that was not searched.
func (w *walk) problem(file, message string) {
	w.problems = append(w.problems, Problem{File: file, Message: message})
}

// read gives the content of a file without its byte order mark, which npm and
// make skip too.
func (w *walk) read(name string) ([]byte, error) {
	data, err := w.readHead(name)
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > w.lim.file {
		return nil, fmt.Errorf("larger than %d bytes", w.lim.file)
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

// readHead gives at most one byte more of a file than the limit, by which read
// knows that there is more. The size that Stat gives is not asked: a file that
// grows, or one in /proc, would be larger than it says.
func (w *walk) readHead(name string) ([]byte, error) {
	// Looked at before it is opened: opening a named pipe would wait for
	// somebody to write to it.
	info, err := fs.Stat(w.fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := w.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, w.lim.file+1))
}

// reason is an error's text without the path that a Problem already has.
func reason(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err.Error()
	}
	return err.Error()
}

// ancestors gives dir and each of its parents, nearest first, up to the root,
// which is ".".
func ancestors(dir string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for yield(dir) && dir != "." {
			dir = path.Dir(dir)
		}
	}
}
