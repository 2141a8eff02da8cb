package project

import (
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// ignoreFile is one .gitignore, and through parent those of the folders above.
// Only folders are looked up: a file that git ignores, such as a Procfile of
// one's own, can be run like any other. Git's global excludes and its
// .git/info/exclude are not read; they are of this machine, not of the workspace.
//
// The format: https://git-scm.com/docs/gitignore#_pattern_format
type ignoreFile struct {
	parent *ignoreFile
	dir    string // the folder it is in
	// Plain names are the most by far, and generated files have thousands of
	// them; only what is left is matched one by one.
	names map[string]ignoreRule // of folders anywhere below dir
	paths map[string]ignoreRule // relative to dir
	globs []ignoreGlob
}

// ignoreRule is a pattern's effect. Of several that match, the last in the file
// counts.
type ignoreRule struct {
	line    int
	negated bool
}

type ignoreGlob struct {
	ignoreRule
	pattern string // for doublestar
	whole   bool   // matched against the path from dir on, else against the name
}

// maxGlobs is how many patterns with wildcards are kept of one file.
const maxGlobs = 1000

// parseIgnore reads the .gitignore of dir.
//
//	dist/            a folder dist anywhere below
//	/out, a/out      only that one
//	*.cache, a/**/b  by wildcards
//	!dist            takes the earlier back
func parseIgnore(dir string, data []byte, parent *ignoreFile) *ignoreFile {
	ig := &ignoreFile{parent: parent, dir: dir, names: make(map[string]ignoreRule), paths: make(map[string]ignoreRule)}
	for i, line := range lines(data) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		pattern, negated := strings.CutPrefix(trimIgnore(line), "!")
		pattern = strings.TrimSuffix(pattern, "/")
		if pattern == "" {
			continue
		}
		ig.add(pattern, ignoreRule{i + 1, negated})
	}
	return ig
}

// trimIgnore drops the spaces at a line's end, but for one behind a backslash.
func trimIgnore(line string) string {
	trimmed := strings.TrimRight(line, " \t")
	if strings.HasSuffix(trimmed, `\`) && len(trimmed) < len(line) {
		trimmed += " "
	}
	return trimmed
}

func (ig *ignoreFile) add(pattern string, rule ignoreRule) {
	whole := strings.Contains(pattern, "/")
	pattern = strings.TrimPrefix(pattern, "/")
	switch {
	case strings.ContainsAny(pattern, `*?[\`):
		if len(ig.globs) < maxGlobs {
			ig.globs = append(ig.globs, ignoreGlob{rule, ignorePattern(pattern), whole})
		}
	case whole:
		ig.paths[path.Clean(pattern)] = rule
	default:
		ig.names[pattern] = rule
	}
}

// ignorePattern makes a doublestar pattern of git's: braces mean themselves, and
// "a/**" means what is in a, but not a.
func ignorePattern(pattern string) string {
	pattern = strings.NewReplacer("{", `\{`, "}", `\}`).Replace(pattern)
	if strings.HasSuffix(pattern, "/**") {
		pattern += "/*"
	}
	return pattern
}

// ignores reports whether a folder is ignored. Of those above it nothing is
// asked: an ignored folder is not entered. The nearest file with a pattern that
// matches decides.
func (ig *ignoreFile) ignores(dir string) bool {
	for ; ig != nil; ig = ig.parent {
		if rule := ig.last(dir); rule.line > 0 {
			return !rule.negated
		}
	}
	return false
}

// last gives the last rule of this one file that is for a folder.
func (ig *ignoreFile) last(dir string) ignoreRule {
	rel, name := below(ig.dir, dir), path.Base(dir)
	rule := ig.names[name]
	if r := ig.paths[rel]; r.line > rule.line {
		rule = r
	}
	for _, g := range ig.globs {
		subject := name
		if g.whole {
			subject = rel
		}
		if g.line > rule.line && doublestar.MatchUnvalidated(g.pattern, subject) {
			rule = g.ignoreRule
		}
	}
	return rule
}
