package project

import (
	"regexp"
	"strings"
)

var (
	// An attribute that is set: a.b.c = ..., with names that may be quoted.
	nixSet  = regexp.MustCompile(`^\s*((?:[A-Za-z_][A-Za-z0-9_'\-]*|"[^"$]*")(?:\.(?:[A-Za-z_][A-Za-z0-9_'\-]*|"[^"$]*"))*)\s*=`)
	nixName = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_'\-]*|"[^"$]*"`)
)

// parseDevenv lists the processes, tasks and scripts of a devenv.nix:
//
//	processes.web.exec = "npm start";          -> devenv up web
//	tasks."app:build".exec = "make";           -> devenv tasks run app:build
//	scripts = {
//	  hello.exec = "echo hello";               -> devenv shell hello
//
// Nix is a language, and is not evaluated: attributes are read where they are
// set by their names, one to a line.
//
// The format: https://devenv.sh/reference/options/
func parseDevenv(src source) ([]declared, []finding) {
	prefixes := map[string]string{"processes": "devenv up ", "tasks": "devenv tasks run ", "scripts": "devenv shell "}
	var found declarations
	r := nixReader{}
	for i, line := range lines(src.data) {
		names := r.line(line)
		if len(names) < 2 || isOption(names[1]) {
			continue
		}
		if prefix := prefixes[names[0]]; prefix != "" {
			local := names[1]
			if names[0] != "processes" {
				local = names[0] + ":" + local
			}
			found.add(declared{local: local, name: names[1], command: prefix + quote(names[1]), line: i + 1})
		}
	}
	return found.list, nil
}

// nixReader knows in which attribute sets a line is.
type nixReader struct {
	open []nixOpen
	text bool // within a string of several lines
}

// nixOpen is a brace, with the names of the attributes before it.
type nixOpen struct{ names []string }

// line reads a line and gives the whole name of the attribute that it sets.
func (r *nixReader) line(line string) []string {
	code := r.code(line)
	var names []string
	if m := nixSet.FindStringSubmatch(code); m != nil {
		for _, name := range nixName.FindAllString(m[1], -1) {
			names = append(names, strings.Trim(name, `"`))
		}
	}
	whole := append(r.names(), names...)
	for _, c := range code {
		switch {
		case c == '{' && len(r.open) < maxNested:
			r.open = append(r.open, nixOpen{names})
			names = nil
		case c == '}' && len(r.open) > 0:
			r.open = r.open[:len(r.open)-1]
		}
	}
	if len(whole) > maxNested {
		return nil
	}
	return whole
}

// names are those of all braces that are open.
func (r *nixReader) names() []string {
	var all []string
	for _, o := range r.open {
		all = append(all, o.names...)
	}
	return all
}

// code is a line without its comment and without strings of several lines.
func (r *nixReader) code(line string) string {
	var b strings.Builder
	for {
		if r.text {
			_, rest, found := strings.Cut(line, "''")
			if !found {
				return b.String()
			}
			r.text, line = false, rest
			continue
		}
		before, rest, found := strings.Cut(line, "''")
		if code, _, comment := strings.Cut(before, "#"); comment {
			b.WriteString(code)
			return b.String()
		}
		b.WriteString(before)
		if !found {
			return b.String()
		}
		r.text, line = true, rest
	}
}
