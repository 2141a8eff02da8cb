package diagnose

import "strings"

// tapLint is what a linter says of one file in TAP: eslint's and stylelint's
// formatters make a test of each file, and put what is wrong into its YAML.
//
//	not ok 2 - /p/src/cart.js
//	  ---
//	  message: 'Missing semicolon.'
//	  severity: warning
//	  data:
//	    line: 1
//	    column: 20
//	    ruleId: semi
type tapLint struct {
	file string // "" for a test
	list []Problem
}

// said takes a line that says as a compiler does where and what: RuboCop's comments,
// luacheck's names of tests. Of the source below it nothing is taken.
//
//	not ok 1 - app/cart.rb
//	# app/cart.rb:3:3: W: Lint/UselessAssignment: Useless assignment
func (t *tapLint) said(r *Reader, s string) {
	p, n := colonPlace(s)
	if n == 0 || !strings.HasPrefix(s[n:], ": ") {
		return
	}
	v := readVerdict(s[n:], p.File)
	r.place(&p, &v)
	t.list = append(t.list, Problem{Place: p, Severity: v.severity, Code: v.code, Message: v.message, Source: v.source, At: r.at})
}

// key takes a line of the YAML. Each message begins a problem.
func (t *tapLint) key(r *Reader, s string) {
	key, value, ok := strings.Cut(strings.TrimPrefix(s, "- "), ":")
	if !ok {
		return
	}
	value = unquoteYAML(trim(value))
	if key == "message" {
		_, unit := sourceOf(t.file)
		t.list = append(t.list, Problem{Place: Place{File: t.file, Unit: unit}, Severity: Error, Message: value, Source: "eslint", At: r.at})
		return
	}
	if len(t.list) == 0 {
		return
	}
	p := &t.list[len(t.list)-1]
	n, _ := number(value)
	switch key {
	case "severity":
		if sev, n := severityWord(value); n > 0 {
			p.Severity = sev
		}
	case "line":
		p.Line = n
	case "column":
		p.Col = n
	case "endLine":
		p.EndLine = n
	case "endColumn":
		p.EndCol = n
	case "ruleId":
		p.Code = value
		p.Message = strings.TrimSuffix(p.Message, " ("+value+")") // stylelint says it twice
	}
}

func unquoteYAML(s string) string {
	if n := len(s); n > 1 && s[0] == s[n-1] && (s[0] == '\'' || s[0] == '"') {
		return strings.ReplaceAll(s[1:n-1], `''`, `'`)
	}
	return s
}

// tell emits the problems and reports whether there were any: vitest names files
// too, but has no lines.
func (t *tapLint) tell(r *Reader) (told bool) {
	for _, p := range t.list {
		if p.Line > 0 {
			r.problem(p)
			told = true
		}
	}
	return told
}
