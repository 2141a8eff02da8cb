// Package project says what can be run in a folder: it finds the scripts that
// package.json, a Makefile, go.mod or a Procfile declare, and it never runs any
// of them, nor changes or watches a file.
//
// Opening a folder must be harmless, so everything here only reads and parses.
// That is also why make, npm and go are not asked: `make -qp` expands
// $(shell ...), and a package manager may run code from the workspace. What a
// parser cannot know without running something (an included makefile, a target
// named by a variable) is left out rather than guessed.
//
// Adding a kind of script is one file with a parse function and one line in
// the kinds table.
package project

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Script is one runnable thing found in the workspace.
type Script struct {
	// ID is unique in the listing: "<kind>:<name>" in the root folder and
	// "<kind>:<dir>:<name>" below it. Examples: "npm:dev",
	// "npm:packages/web:dev", "make:test", "go:run:cmd/web", "procfile:web".
	ID string
	// Name is what a person calls it, and what a process started from it is
	// named: "dev", "web", "test". Two scripts may have the same name.
	Name string
	// Command is a command line for a POSIX shell, to be run in Dir.
	Command string
	// Dir is the absolute folder, with the system's separators.
	Dir string
	// Source is the file it came from, relative to the root, slash-separated.
	Source string
	// Group is what a list groups by: "npm", "make", "go" or "procfile".
	Group string
}

// Problem is a file that looked like a source of scripts and could not be
// read, wholly or in part, or a part of the workspace that was not searched.
type Problem struct {
	// File is relative to the root, slash-separated; it may be a folder.
	File string
	// Line and Column are 1-based; 0 means unknown. Column counts characters,
	// not bytes.
	Line, Column int
	// Message is one line for a person, without the file's name.
	Message string
}

// Listing is what Discover found: the scripts ordered by the depth of their
// folder, then by its path (name by name), then by kind, then as in the file.
type Listing struct {
	Scripts  []Script
	Problems []Problem
}

// Discover lists what can be run in root and the folders below it. A file that
// cannot be read is a Problem in the listing; the error is only for a root that
// cannot be read, or for a ctx that ended.
//
//	Discover
//	├─ walk            folders and file names, breadth first, bounded
//	├─ readPackages    the package clause of each folder in a Go module
//	└─ for each folder, for each line of the kinds table
//	   ├─ pick         which of the folder's files it reads
//	   ├─ parse        bytes in, declared scripts and problems out: no I/O
//	   └─ add          a declared script gets its ID and folder, or is refused
func Discover(ctx context.Context, root string) (Listing, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return Listing{}, fmt.Errorf("project: %w", err)
	}
	// An os.Root refuses a symbolic link that leads outside of the workspace,
	// so that opening a stranger's folder cannot read our home.
	dir, err := os.OpenRoot(abs)
	if err != nil {
		return Listing{}, fmt.Errorf("project: %w", err)
	}
	// Nothing was written through it: a failing Close says nothing new.
	defer func() { _ = dir.Close() }()
	return discover(ctx, dir.FS(), abs, defaultLimits)
}

// discover is Discover on any file system; abs is only for building Dir.
func discover(ctx context.Context, fsys fs.FS, abs string, lim limits) (Listing, error) {
	w := &walk{fsys: fsys, lim: lim}
	if err := w.run(ctx); err != nil {
		return Listing{}, fmt.Errorf("project: %w", err)
	}
	packages, err := w.readPackages(ctx)
	if err != nil {
		return Listing{}, fmt.Errorf("project: %w", err)
	}
	b := newBuilder(abs)
	b.problems = w.problems
	for _, f := range w.folders {
		if err := w.collect(ctx, b, f, packages[f.path]); err != nil {
			return Listing{}, fmt.Errorf("project: %w", err)
		}
	}
	return Listing{Scripts: b.scripts, Problems: b.problems}, nil
}

// collect reads and parses the files of one folder that any kind is for.
func (w *walk) collect(ctx context.Context, b *builder, f folder, pkgs []goPackage) error {
	for _, k := range kinds {
		for _, name := range k.pick(f.files) {
			if err := ctx.Err(); err != nil {
				return err
			}
			path := f.join(name)
			data, err := w.read(path)
			if err != nil {
				b.problem(path, finding{message: reason(err)})
				continue
			}
			b.add(k, source{path: path, dir: f.path, data: data, above: w.above(f.path), packages: pkgs})
		}
	}
	return nil
}

// above gives the file names of dir and of each of its parents up to the root,
// nearest first.
func (w *walk) above(dir string) [][]string {
	var names [][]string
	for at := range ancestors(dir) {
		names = append(names, w.files[at])
	}
	return slices.Clip(names)
}
