package project

import (
	"regexp"
	"strings"
)

// parseTox lists the environments of a tox.ini, and tox as a whole:
//
//	[tox]
//	envlist = py{311,312}-{unit,db}, lint    -> tox -e py311-unit, ...
//	[testenv:docs]                           -> tox -e docs
//
// The command lines are those that both tox 3 and tox 4 take.
// The format: https://tox.wiki/en/latest/config.html
func parseTox(src source) ([]declared, []finding) {
	env := pythonEnv(src, nil)
	var found declarations
	section, list := "", false
	for i, line := range lines(src.data) {
		text := strings.TrimSpace(iniComment(line))
		switch {
		case text == "":
		case strings.HasPrefix(text, "["):
			section, list = strings.Trim(text, "[]"), false
			if name, ok := strings.CutPrefix(section, "testenv:"); ok {
				addTox(&found, env, name, i+1)
			}
		case section != "tox":
		case list && line != strings.TrimLeft(line, " \t"): // goes on from the line before
			addTox(&found, env, text, i+1)
		default:
			key, value, _ := strings.Cut(text, "=")
			key = strings.TrimSpace(key)
			if list = key == "envlist" || key == "env_list"; list {
				addTox(&found, env, value, i+1)
			}
		}
	}
	if len(found.list) > 0 {
		found.add(declared{local: "tox", name: "tox", command: env + "tox"})
	}
	return found.list, nil
}

func iniComment(line string) string {
	if t := strings.TrimLeft(line, " \t"); strings.HasPrefix(t, "#") || strings.HasPrefix(t, ";") {
		return ""
	}
	text, _, _ := strings.Cut(line, " #")
	return text
}

// toxEnv is a name without parts that only tox can replace.
var toxEnv = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.\-]*$`)

// addTox adds a list of environments, with its alternatives.
func addTox(found *declarations, env, list string, line int) {
	for _, part := range splitOutsideBraces(list) {
		for _, name := range expandBraces(part) {
			if toxEnv.MatchString(name) {
				found.run(env+"tox -e ", name, line)
			}
		}
	}
}

// splitOutsideBraces splits at commas and blanks that are not in braces.
func splitOutsideBraces(list string) []string {
	depth := 0
	return strings.FieldsFunc(list, func(c rune) bool {
		switch c {
		case '{':
			depth++
		case '}':
			depth--
		}
		return depth == 0 && (c == ',' || c == ' ' || c == '\t')
	})
}

// maxAlternatives bounds what one list of factors may come to.
const maxAlternatives = 500

// expandBraces gives the names that "py{311,312}-{unit,db}" stands for. A range
// {1-3} is taken as it is, and then is no name.
func expandBraces(s string) []string {
	names := []string{""}
	for s != "" {
		before, rest, found := strings.Cut(s, "{")
		for i := range names {
			names[i] += before
		}
		if !found {
			break
		}
		inside, after, closed := strings.Cut(rest, "}")
		options := strings.Split(inside, ",")
		if !closed || len(names)*len(options) > maxAlternatives {
			return nil
		}
		var next []string
		for _, name := range names {
			for _, o := range options {
				next = append(next, name+strings.TrimSpace(o))
			}
		}
		names, s = next, after
	}
	return names
}
