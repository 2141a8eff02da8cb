package project

import (
	"slices"
	"strings"
)

// parseMakefile lists the targets of a makefile that a person would ask for.
//
// It reads a makefile as GNU make's reader does, but expands nothing, as an
// expansion may run a command: targets and prerequisites with a "$" are left
// out, and both branches of a conditional count. A makefile that is included by
// its plain name, or by a wildcard, is read in the place of its include.
//
//	.PHONY: all test        says that app.bin below is a file, not a command
//	all: app.bin ; @echo    -> make all
//	test check:             -> make test, make check
//	app.bin: main.c         left out
//	%.o: %.c                left out: a pattern
//	test: FLAGS = -g        left out: a variable
//
// The order is the file's, phony targets first. The format: https://www.gnu.org/software/make/manual/html_node/Makefiles.html
func parseMakefile(src source) ([]declared, []finding) {
	r := makeReader{src: src, prefix: '\t', phony: make(map[string]bool), seen: make(map[string]bool)}
	for _, l := range logicalLines(src.data) {
		r.line(l)
	}
	if r.define.number > 0 {
		// What make takes for the body may have been meant as rules.
		r.findings = append(r.findings, finding{line: r.define.number, message: "define without endef"})
	}
	return r.scripts(), r.findings
}

// scripts gives the phony targets first, if there are any: with them the
// makefile's author has said what is a command and what a file.
func (r *makeReader) scripts() []declared {
	var first, rest []declared
	for _, t := range r.targets {
		d := declared{local: t.name, name: t.name, command: makeCommand(t.name), line: t.line}
		switch {
		case r.phony[t.name]:
			first = append(first, d)
		case hidden(t.name) || len(r.phony) > 0 && strings.ContainsAny(t.name, "./"):
		default:
			rest = append(rest, d)
		}
	}
	return append(first, rest...)
}

// makeCommand makes the command for one target. Make itself knows "--", so that
// unlike npm's scripts a target may begin with a dash.
func makeCommand(target string) string {
	if strings.HasPrefix(target, "-") {
		return "make -- " + quote(target)
	}
	return "make " + quote(target)
}

// hidden reports whether make itself would not take a target for its default
// goal: .PHONY, .DEFAULT, suffix rules (.c.o) and the like.
func hidden(target string) bool {
	return strings.HasPrefix(target, ".") && !strings.Contains(target, "/")
}

// makeIncludes gives the makefiles that the lines of one name. Make looks for
// them in the folder where it runs, wherever the line stands.
func makeIncludes(t *tree, dir, _ string, data []byte) []string {
	var names []string
	for _, l := range logicalLines(data) {
		names = append(names, includedMakefiles(t, dir, l.text)...)
	}
	return names
}

// includedMakefiles gives those of one line, none if it is no include.
func includedMakefiles(t *tree, dir, line string) []string {
	word, rest := cutWord(strings.TrimSpace(withoutComment(line)))
	if strings.HasPrefix(line, "\t") || word != "include" && word != "-include" && word != "sinclude" {
		return nil
	}
	var names []string
	for _, name := range makeWords(rest) {
		if !strings.Contains(name, "$") {
			names = append(names, t.match(dir, name)...)
		}
	}
	return names
}

// makeTarget is a target of an explicit rule.
type makeTarget struct {
	name string
	line int // 0 in an included makefile
}

// makeReader is what make knows between two lines. Its fields have the names of
// the syntax and not of make's own variables (filenames, ignoring, no_targets),
// whose meanings overlap.
type makeReader struct {
	src    source
	reads  int
	inside []string // the included makefiles being read, outermost first
	prefix byte     // of a recipe line: a tab, or what .RECIPEPREFIX says
	inRule bool     // a line that begins with prefix belongs to a recipe
	define makeLine // the define whose body is read; number 0 = none
	nested int      // defines within it

	targets  []makeTarget    // in the file's order, names unique
	seen     map[string]bool // the names in targets
	phony    map[string]bool // prerequisites of .PHONY, with a rule or without
	findings []finding
}

// line reads one line, in the order in which make asks its questions (its
// read.c, function eval): body of a define, recipe, assignment, directive, rule.
// The order matters. "ifdef = 1" is an assignment although it begins with a
// directive, "\techo a: b" is a recipe although it has a colon.
func (r *makeReader) line(l makeLine) {
	recipe := l.text != "" && l.text[0] == r.prefix
	if r.define.number > 0 {
		if !recipe {
			r.body(l)
		}
		return
	}
	if recipe && r.inRule {
		return
	}
	text := strings.TrimSpace(withoutComment(l.text))
	word, _ := cutWord(text)
	switch {
	case text == "":
	case r.assignment(l, text):
		r.inRule = false // an assignment ends a rule, unlike a comment or a conditional
	case directives[word]:
		r.include(text)
	case !recipe:
		// A line that begins like a recipe, outside of a rule, may be anything
		// that is above, but make refuses to take it for a rule.
		r.rule(l.number, text)
	}
}

// directives are the words that begin a line which is no rule, even if it has a
// colon in it: "include a:b". With the colon right after it the word is a target
// like any other: "include: x".
//
// A conditional has no effect here. Which of its branches counts depends on
// variables, and a target too many is better than one that cannot be found.
var directives = map[string]bool{
	"ifeq": true, "ifneq": true, "ifdef": true, "ifndef": true, "else": true, "endif": true,
	"include": true, "-include": true, "sinclude": true, "load": true, "-load": true,
	"export": true, "unexport": true, "vpath": true, "endef": true,
}

// maxNested is how deep makefiles may include each other; make's own limit is
// the number of files that it can open.
const maxNested = 20

// include reads the makefiles that a line includes, if it is an include. What
// includes itself is read once within itself, not for ever.
func (r *makeReader) include(text string) {
	for _, name := range includedMakefiles(r.src.tree, r.src.dir, text) {
		data, ok := r.src.more[name]
		if !ok || len(r.inside) == maxNested || slices.Contains(r.inside, name) || r.reads == maxReads {
			continue
		}
		r.reads++
		r.inside = append(r.inside, name)
		r.inRule = false
		for _, l := range logicalLines(data) {
			r.line(l)
		}
		r.inRule = false
		r.inside = r.inside[:len(r.inside)-1]
	}
}

// body reads a line in a define: only its end matters, and defines may nest.
// What is in it looks like rules more often than not, but they become rules
// only where the variable is expanded by $(eval), with other names.
func (r *makeReader) body(l makeLine) {
	switch words := strings.Fields(withoutComment(l.text)); {
	case len(words) == 0:
	case words[0] == "define":
		r.nested++
	case words[0] == "endef" && r.nested > 0:
		r.nested--
	case words[0] == "endef":
		r.define = makeLine{}
	}
}

// assignment reports whether text defines a variable, and notes the two kinds
// that change how the following lines are read: .RECIPEPREFIX, and define.
// Modifiers may stand before it in any number: "override export A = b".
func (r *makeReader) assignment(l makeLine, text string) bool {
	for {
		if name, value, ok := cutAssignment(text); ok {
			if name == ".RECIPEPREFIX" {
				// Only its first byte counts; an empty value brings back the tab.
				r.prefix = append([]byte(value), '\t')[0]
			}
			return true
		}
		word, rest := cutWord(text)
		switch {
		case rest == "":
			return false
		case word == "define":
			r.define = l
			return true
		case word == "undefine":
			return true
		case word != "export" && word != "override" && word != "private":
			return false
		}
		text = rest
	}
}

// rule reads "targets: prerequisites" and its variants: "a b: c", "a:: b",
// "a b &: c", "a: c; recipe", "a.o b.o: %.o: %.c". What is left of the first
// colon are targets in each of them, so that the variants need no cases.
func (r *makeReader) rule(number int, text string) {
	r.inRule = true
	left, right, ok := cutUnquoted(text, ':')
	if !ok {
		return // the call of a macro, or an error of make's
	}
	right = strings.TrimPrefix(right, ":")
	right, _, _ = cutUnquoted(right, ';')
	if targetVariable(right) {
		r.inRule = false
		return
	}
	for _, name := range makeWords(strings.TrimSuffix(left, "&")) {
		if name == ".PHONY" {
			r.declarePhony(right)
		}
		if !r.seen[name] && askable(name) {
			r.seen[name] = true
			if len(r.inside) > 0 {
				number = 0
			}
			r.targets = append(r.targets, makeTarget{name, number})
		}
	}
}

// declarePhony notes the prerequisites of .PHONY. It may come before the rules
// of its targets, after them, and several times.
func (r *makeReader) declarePhony(names string) {
	for _, name := range makeWords(names) {
		r.phony[name] = true
	}
}

// targetVariable reports whether what stands after a target's colon defines a
// variable for that target, as in "debug: CFLAGS += -g". Such a line is no rule:
// if it is all that there is, make does not know how to make debug.
func targetVariable(right string) bool {
	r := makeReader{}
	// Unlike elsewhere "define" is no modifier here, but a prerequisite.
	return r.assignment(makeLine{number: 1}, strings.TrimSpace(right)) && r.define.number == 0
}

// askable reports whether name stands for one target that "make NAME" can ask
// for: not a pattern, a reference, a wildcard, an archive member, a home folder
// (make expands "~"), or what on a command line would assign a variable.
func askable(name string) bool {
	return !strings.ContainsAny(name, "%$*?[]()=") && !strings.HasPrefix(name, "~")
}
