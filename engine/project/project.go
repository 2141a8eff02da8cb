// Package project says what can be run in a folder: it finds the scripts that
// package.json, a Makefile, go.mod, a Procfile and the like declare, and it never
// runs any of them, nor changes a file.
//
// Opening a folder must be harmless, so everything here only reads and parses.
// That is also why make, npm and go are not asked: `make -qp` expands
// $(shell ...), and a package manager may run code from the workspace. What a
// parser cannot know without running something (a target named by a variable, a
// task that a program makes up) is left out rather than guessed.
//
// Adding a kind of script is one file with a parse function and one line in
// the kinds table.
package project

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
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
	// Line is where in Source it is declared, 1-based; 0 means unknown.
	Line int
	// Group is what a list groups by: "npm", "make", "go", "procfile", ...
	Group string
	// Policy is what its file says beyond a command, nil for nothing; it is
	// shared and must not be changed.
	Policy *config.Process
}

// Pairs gives the variables that the script's file sets, as KEY=value, sorted.
func (s Script) Pairs() []string {
	if s.Policy == nil {
		return nil
	}
	pairs := make([]string, 0, len(s.Policy.Env))
	for _, key := range slices.Sorted(maps.Keys(s.Policy.Env)) {
		pairs = append(pairs, key+"="+s.Policy.Env[key])
	}
	return pairs
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
//	├─ walk       folders and file names, breadth first, bounded
//	├─ gather     the files that a line of the kinds table picks, and what they include
//	├─ facts      what parsers need of other files: Go's packages, node's workspaces
//	├─ parse      bytes in, declared scripts and problems out: no I/O
//	└─ build      a declared script gets its ID and folder, or is refused
func Discover(ctx context.Context, root string) (Listing, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return Listing{}, fmt.Errorf("project: %w", err)
	}
	dir, err := openRoot(abs)
	if err != nil {
		return Listing{}, fmt.Errorf("project: %w", err)
	}
	defer dir.Close()
	return discover(ctx, newDisk(dir), abs, defaultLimits)
}

// discover is Discover on any file system; abs is only for building Dir.
func discover(ctx context.Context, d *disk, abs string, lim limits) (Listing, error) {
	l, _, err := survey(ctx, d, abs, lim)
	if err != nil {
		return Listing{}, fmt.Errorf("project: %w", err)
	}
	return l, nil
}

// survey is discover, with the folders that were looked at.
func survey(ctx context.Context, d *disk, abs string, lim limits) (Listing, *tree, error) {
	d.begin()
	w := &walk{disk: d, lim: lim}
	if err := w.run(ctx); err != nil {
		return Listing{}, nil, err
	}
	packages, err := w.readPackages(ctx)
	if err != nil {
		return Listing{}, nil, err
	}
	files, err := w.gather(ctx)
	if err != nil {
		return Listing{}, nil, err
	}
	parsed, err := w.parse(ctx, files, packages)
	if err != nil {
		return Listing{}, nil, err
	}
	b := newBuilder(abs)
	b.problems = w.problems
	for i, g := range files {
		for _, u := range g.unread {
			b.problem(u.path, finding{message: u.why})
		}
		b.add(g.kind, source{path: g.path, dir: g.dir}, parsed[i].scripts, parsed[i].findings)
	}
	return Listing{Scripts: b.scripts, Problems: b.problems}, w.tree, nil
}

// parsed is what the parser of one file has found.
type parsed struct {
	scripts  []declared
	findings []finding
}

// parse parses all files, several at a time: parsers share nothing that changes.
func (w *walk) parse(ctx context.Context, files []gathered, packages map[string][]goPackage) ([]parsed, error) {
	node := newNodeFacts(w.tree, files)
	out := make([]parsed, len(files))
	err := each(ctx, len(files), func(i int) {
		g := files[i]
		if g.data == nil {
			return
		}
		// A mistake of ours, or of a library, about a stranger's file must not be
		// the end of everything that runs. The fuzz tests call the parsers without
		// this.
		defer func() {
			if p := recover(); p != nil {
				out[i] = parsed{findings: []finding{{message: fmt.Sprintf("could not be read, by a mistake of brummer-rpc: %v", p)}}}
			}
		}()
		out[i].scripts, out[i].findings = g.kind.parse(source{
			path: g.path, dir: g.dir, data: g.data, more: g.more,
			tree: w.tree, packages: packages[g.dir], node: node,
		})
	})
	return out, err
}
