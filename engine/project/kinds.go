package project

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kinds lists every source of scripts: the table of contents of this package.
// Its order is the order within a folder. Two lines may share a group, and one
// file may be read by several lines.
var kinds = []kind{
	{id: "npm", group: "npm", pick: one("package.json"), parse: parsePackageJSON},
	{id: "make", group: "make", pick: one("GNUmakefile", "makefile", "Makefile"), parse: parseMakefile},
	{id: "go", group: "go", pick: one("go.mod"), parse: parseGoMod},
	{id: "procfile", group: "procfile", pick: one("Procfile"), parse: parseProcfile},
	{id: "procfile.dev", group: "procfile", pick: one("Procfile.dev"), parse: parseProcfile},
}

// kind is one source of scripts. What differs between kinds is data here or is
// in the parse function; nothing else in this package asks which kind it has.
type kind struct {
	id    string // the first part of its scripts' IDs
	group string // what a list shows it under
	// pick chooses, from the sorted file names of a folder, those to parse.
	pick func(names []string) []string
	// parse is a pure function: no I/O, no clock, no environment, and the same
	// answer for the same source. Names within one answer are unique.
	parse func(source) ([]declared, []finding)
}

// one picks the first of names, in the given order, that a folder has. That is
// also make's rule for its three names.
func one(names ...string) func([]string) []string {
	return func(files []string) []string {
		for _, name := range names {
			if _, ok := slices.BinarySearch(files, name); ok {
				return []string{name}
			}
		}
		return nil
	}
}

// source is everything that a parser may know: one file, and what the walk saw
// around it.
type source struct {
	path     string      // relative to the root, slash-separated
	dir      string      // its folder, likewise; "." is the root
	data     []byte      // without a byte order mark
	above    [][]string  // sorted file names of dir, then of each parent up to the root
	packages []goPackage // for a go.mod: the packages of its module
}

// declared is a script as a parser knows it: without the folder, which the
// builder adds, so that a parser cannot build an ID or a path of its own kind.
type declared struct {
	local   string // unique within the file: "dev", "run:cmd/web"
	name    string
	command string
	line    int // 1-based, 0 = unknown
}

// finding is a Problem without its file, for the same reason.
type finding struct {
	line, column int
	message      string
}

// builder makes a Listing from what the parsers declare. It does no I/O either,
// so that the fuzz tests can hold the whole way from bytes to scripts.
type builder struct {
	root string // absolute

	ids      map[string]bool
	scripts  []Script
	problems []Problem
}

// newBuilder begins an empty listing of the absolute folder root.
func newBuilder(root string) *builder {
	return &builder{root: root, ids: make(map[string]bool)}
}

// add parses one file. What a shell, a terminal or a JSON string could not
// carry is refused here once, so that no parser has to think of it.
func (b *builder) add(k kind, src source) {
	scripts, findings := k.parse(src)
	for _, d := range scripts {
		if why := refusal(d); why != "" {
			findings = append(findings, finding{line: d.line, message: why})
			continue
		}
		b.scripts = append(b.scripts, Script{
			ID:      b.newID(k.id, src.dir, d.local),
			Name:    d.name,
			Command: d.command,
			Dir:     filepath.Join(b.root, filepath.FromSlash(src.dir)),
			Source:  src.path,
			Group:   k.group,
		})
	}
	slices.SortStableFunc(findings, func(x, y finding) int { return cmp.Compare(x.line, y.line) })
	b.report(src.path, findings)
}

// maxFindings bounds what is said about one file. A binary file with the name
// of a Procfile is one mistake, not as many as it has lines.
const maxFindings = 20

// report adds the findings in one file.
func (b *builder) report(file string, findings []finding) {
	for i, f := range findings {
		if i == maxFindings {
			b.problem(file, finding{message: fmt.Sprintf("and %d more like these", len(findings)-i)})
			return
		}
		b.problem(file, f)
	}
}

// problem adds one finding.
func (b *builder) problem(file string, f finding) {
	b.problems = append(b.problems, Problem{File: file, Line: f.line, Column: f.column, Message: f.message})
}

// newID names a script. A root script called "web:dev" and the script "dev" in
// the folder web would get the same ID, and such pairs are common; the one that
// comes later says its folder as "./web". The loop ends, as each round makes a
// longer ID, and its outcome depends only on the listing's order.
func (b *builder) newID(kind, dir, local string) string {
	id := kind + ":" + local
	if dir != "." {
		id = kind + ":" + dir + ":" + local
	}
	for b.ids[id] {
		dir = "./" + dir
		id = kind + ":" + dir + ":" + local
	}
	b.ids[id] = true
	return id
}

// refusal says why a declared script cannot be listed, or nothing.
func refusal(d declared) string {
	switch {
	case d.name == "" || d.local == "":
		return "a script without a name"
	case !printable(d.name) || !printable(d.local):
		return "the name " + quoteForMessage(d.name) + " has control characters or is not UTF-8"
	case !printable(strings.ReplaceAll(d.command, "\t", " ")):
		return "the command of " + quoteForMessage(d.name) + " has control characters or is not UTF-8"
	}
	return ""
}

// printable reports whether s can be shown on one line and sent as JSON. An
// escape sequence in a name could clear the terminal of somebody who only asked
// for a list; JSON would replace a byte that is not UTF-8, and the script could
// then not be found under the name that was sent.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// join gives the path of a file in the folder.
func (f folder) join(name string) string { return path.Join(f.path, name) }
