package project

import (
	"path"
	"strings"
)

// ignored are the folders that the root's .gitignore names without wildcards.
// This is no implementation of gitignore: its purpose is to stay out of build
// output, which nearly always has a plain name there ("dist/", "/bin").
// Patterns, nested .gitignore files and global excludes are not looked at.
type ignored struct {
	names map[string]bool // anywhere in the tree
	paths map[string]bool // relative to the root
}

// readIgnored reads the root's .gitignore, if there is one.
func (w *walk) readIgnored() {
	const name = ".gitignore"
	data, err := w.read(name)
	if err != nil {
		return // no such file, in nearly every case; the walk then enters more
	}
	w.ignored = parseIgnored(data)
}

// parseIgnored reads the plain names of a .gitignore. A pattern with a slash
// before its end is anchored at the root; a later "!name" takes a name back.
//
//	dist/            a folder dist anywhere
//	/out             only the root's
//	apps/web/build   only that one
//	*.log, a\ b      left out: not plain
func parseIgnored(data []byte) ignored {
	ig := ignored{names: make(map[string]bool), paths: make(map[string]bool)}
	for _, line := range lines(data) {
		pattern, negated := strings.CutPrefix(strings.TrimRight(line, " \t"), "!")
		pattern = strings.TrimSuffix(pattern, "/")
		if pattern == "" || strings.ContainsAny(pattern, `*?[]\#`) {
			continue
		}
		if strings.Contains(pattern, "/") {
			ig.paths[path.Clean(strings.TrimPrefix(pattern, "/"))] = !negated
			continue
		}
		ig.names[pattern] = !negated
	}
	return ig
}

// has reports whether the folder at dir is ignored; of those above it nothing
// is asked, as an ignored folder is not entered.
func (ig ignored) has(dir string) bool {
	return ig.names[path.Base(dir)] || ig.paths[dir]
}
