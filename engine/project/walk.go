package project

import (
	"context"
	"fmt"
	"path"
	"strings"
)

// limits bound a walk, so that opening a home folder or a mounted archive by
// mistake costs a moment and not a morning.
type limits struct {
	depth   int   // of a folder below the root, which has depth 0
	folders int   // entered in all
	file    int64 // bytes of one file
	total   int64 // bytes of all files
}

// defaultLimits: workspaces with packages below six levels are rare, and 20,000
// folders are read in about a second. A larger file than 1 MiB with one of the
// names that we look for is generated, or not what its name says.
var defaultLimits = limits{depth: 6, folders: 20_000, file: 1 << 20, total: 128 << 20}

// neverEnter are folders with other people's code or with fixtures: what can be
// run there is nobody's daily work, and there may be thousands of it. Folders
// whose name begins with a dot (.git, .venv, .cache) are never entered either.
var neverEnter = map[string]bool{"node_modules": true, "vendor": true, "testdata": true}

// peeked are folders that are not entered, but whose own files may be about the
// folder that they are in.
var peeked = map[string]bool{".vscode": true, ".config": true, ".cargo": true, ".mise": true}

// folder is one that was entered, or is to be.
type folder struct {
	path    string      // relative to the root, slash-separated, "." for the root
	ignored *ignoreFile // what counts in it
}

// walk finds the folders of a workspace, breadth first, siblings sorted by name.
// Breadth first is the listing's order, and with a limit on the number of
// folders it is also the better choice: what is near the root is found.
type walk struct {
	disk *disk
	lim  limits

	tree     *tree
	folders  []folder
	problems []Problem

	tooDeep   int    // folders just below lim.depth, not entered
	firstDeep string // the first of them
	stopped   string // the first folder not entered because of lim.folders
}

// run fills folders and tree. It fails only if the root cannot be read or ctx
// ended: a folder further down is a problem, and its siblings still count.
func (w *walk) run(ctx context.Context) error {
	w.tree = newTree()
	if _, err := w.disk.list("."); err != nil {
		return err
	}
	for level, depth := []folder{{path: "."}}, 0; len(level) > 0; depth++ {
		next, err := w.enterAll(ctx, level)
		if err != nil {
			return err
		}
		if depth == w.lim.depth && len(next) > 0 {
			w.tooDeep, w.firstDeep, next = len(next), next[0].path, nil
		}
		level = next
	}
	w.reportLimits()
	return nil
}

// enterAll enters one level of folders and gives the next one. Several are read
// at a time, and what they have is put together in their order.
func (w *walk) enterAll(ctx context.Context, level []folder) ([]folder, error) {
	if room := w.lim.folders - len(w.folders); len(level) > room {
		w.stopped, level = level[room].path, level[:room]
	}
	entered := make([]entered, len(level))
	if err := each(ctx, len(level), func(i int) { entered[i] = w.enter(level[i]) }); err != nil {
		return nil, err
	}
	var next []folder
	for _, e := range entered {
		w.problems = append(w.problems, e.problems...)
		if e.unreadable {
			continue
		}
		w.folders = append(w.folders, e.folder)
		w.tree.files[e.path] = e.files
		for name, files := range e.peeked {
			w.tree.files[path.Join(e.path, name)] = files
		}
		for _, f := range e.below {
			w.tree.folders[e.path] = append(w.tree.folders[e.path], path.Base(f.path))
		}
		next = append(next, e.below...)
	}
	if w.stopped != "" {
		return nil, nil
	}
	return next, nil
}

// entered is what is in one folder.
type entered struct {
	folder
	unreadable bool
	files      []string
	peeked     map[string][]string // files of the folders in it that are only looked at
	below      []folder            // to be entered
	problems   []Problem
}

// enter lists one folder.
func (w *walk) enter(f folder) entered {
	list, err := w.disk.list(f.path)
	if err != nil {
		return entered{unreadable: true, problems: []Problem{{File: f.path, Message: "the folder cannot be read: " + reason(err)}}}
	}
	e := entered{folder: f, files: list.files}
	if list.hasIgnore {
		if data, err := w.disk.read(path.Join(f.path, ".gitignore"), w.lim.file); err == nil {
			e.ignored = parseIgnore(f.path, data, f.ignored)
		}
	}
	for _, name := range list.folders {
		switch {
		case peeked[name]:
			if inside, err := w.disk.list(path.Join(f.path, name)); err == nil {
				e.peek(name, inside.files)
			}
		case e.mayEnter(name):
			e.below = append(e.below, folder{path: path.Join(f.path, name), ignored: e.ignored})
		}
	}
	return e
}

func (e *entered) peek(name string, files []string) {
	if e.peeked == nil {
		e.peeked = make(map[string][]string)
	}
	e.peeked[name] = files
}

// mayEnter reports whether a folder is to be searched.
func (e *entered) mayEnter(name string) bool {
	if neverEnter[name] || strings.HasPrefix(name, ".") || e.ignored.ignores(path.Join(e.path, name)) {
		return false
	}
	if !printable(name) {
		e.problems = append(e.problems, Problem{File: e.path, Message: "the folder " + quoteForMessage(name) + " was not searched: control characters, or not UTF-8"})
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
