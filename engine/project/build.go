package project

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

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

// add adds what one file declares. What a shell, a terminal or a JSON string
// could not carry is refused here once, so that no parser has to think of it.
func (b *builder) add(k kind, src source, scripts []declared, findings []finding) {
	for _, d := range scripts {
		if why := refusal(d); why != "" {
			findings = append(findings, finding{line: d.line, message: why})
			continue
		}
		dir := src.dir
		if d.dir != "" {
			dir = d.dir
		}
		b.scripts = append(b.scripts, Script{
			ID:      b.newID(k.id, src.dir, d.local),
			Name:    d.name,
			Command: d.command,
			Dir:     filepath.Join(b.root, filepath.FromSlash(dir)),
			Source:  src.path,
			Line:    d.line,
			Group:   k.group,
			Policy:  d.policy,
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
	case !utf8.ValidString(d.command) || strings.ContainsFunc(d.command, unrunnable):
		return "the command of " + quoteForMessage(d.name) + " has control characters or is not UTF-8"
	}
	return ""
}

// unrunnable are the control characters that a command line has no use for.
func unrunnable(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' }

// printable reports whether s can be shown on one line and sent as JSON. An
// escape sequence in a name could clear the terminal of somebody who only asked
// for a list; JSON would replace a byte that is not UTF-8, and the script could
// then not be found under the name that was sent.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
