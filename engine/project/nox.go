package project

import (
	"regexp"
	"strings"
)

var (
	noxDecorator = regexp.MustCompile(`^@(?:nox\.)?session\b(.*)`)
	noxName      = regexp.MustCompile(`\bname\s*=\s*["']([^"']+)["']`)
	pythonDef    = regexp.MustCompile(`^(?:async\s+)?def\s+([A-Za-z_][A-Za-z0-9_]*)\s*\(`)
)

// parseNox lists the sessions of a noxfile.py:
//
//	@nox.session(python=["3.11", "3.12"])
//	def tests(session):                      -> nox -s tests: all its versions
//	@nox.session(name="fmt")
//	def format(session):                     -> nox -s fmt
//
// The format: https://nox.thea.codes/en/stable/config.html
func parseNox(src source) ([]declared, []finding) {
	env := pythonEnv(src, nil)
	var found declarations
	var decorator strings.Builder
	open := false // a decorator is waiting for its function
	for i, line := range lines(src.data) {
		if m := noxDecorator.FindStringSubmatch(line); m != nil {
			open = true
			decorator.Reset()
			decorator.WriteString(m[1])
			continue
		}
		m := pythonDef.FindStringSubmatch(line)
		switch {
		case m == nil && open:
			decorator.WriteString(line) // its arguments may go over several lines
		case m != nil && open:
			name := m[1]
			if n := noxName.FindStringSubmatch(decorator.String()); n != nil {
				name = n[1]
			}
			if !isOption(name) {
				found.run(env+"nox -s ", name, i+1)
			}
			open = false
		}
	}
	return found.list, nil
}
