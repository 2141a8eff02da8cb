package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// matchLint opens the block of a file's findings at its first row: a header
// that is a path, then rows of place, severity, text and rule.
//
//	/p/src/index.js                                          eslint, stylelint, xo, yamllint
//	  2:5   warning  'answer' is never reassigned    prefer-const
//	  2:5-2:9  warning  text                         rule  plugin     remark, alex
//	ERROR: 1:1   no-var-keyword  text                               tslint
//	  (2, 5)  SA4000  text                                            staticcheck
//
//	  ✗ src/a.coffee                                                  coffeelint
//	     ✗ #2: text
//
//	src/app.css
//	 3:5  ✖  Unexpected unit    unit-disallowed-list
//
//	 ------ -----------------------------                    phpstan
//	  Line   src/A.php
//	 ------ -----------------------------
//	  12     Undefined variable: $x
//
//	== [q/a.sql] FAIL                                        sqlfluff
//	L:   1 | P:   8 | LT01 | Expected only single space
func matchLint(r *Reader, l *detect.Line) bool {
	text := r.text
	if file, ok := phpstanHeader(text); ok {
		r.begin(&lintBlock{file: file, row: phpstanRow, source: "phpstan", loose: true})
		return true
	}
	if rest, ok := strings.CutPrefix(text, "== ["); ok {
		if file, _, ok := strings.Cut(rest, "] "); ok {
			r.begin(&lintBlock{file: file, row: sqlfluffRow, source: "sqlfluff"})
			return true
		}
	}
	p, ok := lintRow(text)
	if !ok {
		return false
	}
	for n := 1; n <= 2; n++ { // an empty line, or a first row that was not read, may be between
		header, at := r.before.back(n)
		file := trim(string(header))
		if p, n := colonPlace(file); n > 0 && n == len(file) {
			file = p.File // xo
		} else if _, name, ok := signHead(file); ok {
			file = name // coffeelint
		}
		if at > 0 && r.at-at <= 3 && isHeader(file) {
			b := &lintBlock{file: file, row: lintRow, source: "eslint"}
			b.add(r, p)
			r.begin(b)
			return true
		}
	}
	return false
}

// isHeader reports whether a line is the path of a file and nothing else.
func isHeader(s string) bool {
	return s != "" && (!strings.Contains(s, " ") || strings.HasPrefix(s, "/")) && isPath(strings.TrimSuffix(s, ":")) && !strings.ContainsAny(s, "()\"'")
}

func phpstanHeader(text string) (string, bool) {
	rest, ok := strings.CutPrefix(trim(text), "Line ")
	file := trim(rest)
	return file, ok && isPath(file) && !strings.Contains(file, " ")
}

// lintBlock is the findings of one file.
type lintBlock struct {
	file   string
	source string
	row    func(string) (Problem, bool)
	loose  bool // between its rows come rulers, and the rest of their text
	last   *Problem
	more   int // lines since the last row
	blank  int
}

func (b *lintBlock) level() lines.Level { return lines.Trace }

func (b *lintBlock) next(r *Reader, l *detect.Line) bool {
	text := r.text
	if isBlank(l.Text) {
		b.blank++
		return b.blank < 2
	}
	p, ok := b.row(text)
	if !ok {
		b.more++
		return b.loose && b.blank == 0 && b.more <= maxTail && b.goesOn(r, trim(text))
	}
	if b.blank > 0 && b.source == "eslint" {
		return false // after an empty line comes another file's header
	}
	b.add(r, p)
	return true
}

// goesOn takes a line between two rows: a ruler, a hint, or more of the message.
func (b *lintBlock) goesOn(r *Reader, s string) bool {
	s = strings.TrimLeft(s, "| ")
	switch {
	case strings.HasPrefix(s, "---"):
		b.emit(r)
	case b.last != nil && s != "" && !strings.HasPrefix(s, "🪪") && !strings.HasPrefix(s, "💡"):
		b.last.Message += " " + s
	}
	return true
}

// add emits the finding before, and keeps this one: its text may go on.
func (b *lintBlock) add(r *Reader, p Problem) {
	b.emit(r)
	b.more = 0
	p.File, p.At = strings.TrimSuffix(b.file, ":"), r.at
	if p.Source == "" {
		p.Source = b.source
	}
	r.raise(p.Severity.level())
	b.last = &p
}

func (b *lintBlock) emit(r *Reader) {
	if b.last != nil {
		r.problem(*b.last)
		b.last = nil
	}
}

func (b *lintBlock) close(r *Reader) { b.emit(r) }

// lintRow reads "  2:5  warning  text  rule", " 3:5  ✖  text  rule" and
// "  ✖  3:5  text  rule".
func lintRow(text string) (p Problem, ok bool) {
	width, s := indent(text)
	if width > 12 {
		return p, false
	}
	sign, s, signed := lintSign(s)
	if width == 0 {
		if sign, s, signed = severityFirst(s); !signed {
			return p, false
		}
	}
	n := p.rowPlace(s, signed)
	if n == 0 || n >= len(s) || s[n] != ' ' {
		return p, false
	}
	p.Unit = UTF16
	s = strings.TrimLeft(s[n:], " ")
	if sev, n := severityWord(s); n > 0 && strings.HasPrefix(s[n:], " ") {
		sign, signed, s = sev, true, strings.TrimLeft(s[n:], " ")
	} else if sev, rest, ok := lintSign(s); ok {
		sign, signed, s = sev, true, rest
	}
	if n := codeLen(s); !signed && n > 0 && strings.HasPrefix(s[n:], "  ") { // the rule tells
		p.Severity, p.Code, p.Message = letterSeverity(s[:n]), s[:n], trim(s[n:])
		return p, p.Message != ""
	}
	if !signed {
		return p, false
	}
	p.Severity = sign
	p.Message, p.Code = ruleColumn(s)
	if rule, rest, ok := strings.Cut(p.Message, "  "); ok && p.Code == "" && strings.Contains(rule, "-") && isRule(rule) {
		p.Code, p.Message = rule, trim(rest)
	}
	return p, p.Message != ""
}

// severityFirst cuts the severity off a row at the margin, which else is no row:
// "ERROR: 1:1   no-var-keyword  text".
func severityFirst(s string) (sev Severity, rest string, ok bool) {
	sev, n := severityWord(s)
	rest, ok = strings.CutPrefix(s[n:], ": ")
	return sev, rest, ok && n > 0
}

// rowPlace reads where in the file of its block a row is, and how long that is, 0 if
// it says nothing of it: "2:5", "2:5-2:9", "(2, 5)", and "#2:" behind a sign.
func (p *Place) rowPlace(s string, signed bool) (n int) {
	if rest, ok := strings.CutPrefix(s, "#"); ok && signed {
		line, d := number(rest)
		if p.Line = line; d > 0 && strings.HasPrefix(rest[d:], ":") {
			return d + 2
		}
		return 0
	}
	mark, open := ":", ""
	if strings.HasPrefix(s, "(") {
		mark, open = ",", "("
	}
	line, d := number(s[len(open):])
	rest := s[len(open)+d:]
	if open != "" {
		rest = strings.Replace(rest, ", ", ",", 1)
	}
	col, d2 := numberBehind(rest, mark)
	if d == 0 || d2 == 0 {
		return 0
	}
	p.Line, p.Col = line, col
	if open != "" {
		return strings.IndexByte(s, ')') + 1
	}
	return d + d2 + p.end(rest[d2:])
}

func lintSign(s string) (Severity, string, bool) {
	for _, sign := range signs {
		if rest, ok := strings.CutPrefix(s, sign.text); ok {
			return sign.severity, strings.TrimLeft(rest, " "), true
		}
	}
	return 0, s, false
}

// ruleColumn splits the rule from the text: behind two blanks, or in brackets.
func ruleColumn(s string) (message, rule string) {
	s = strings.TrimRight(s, " ")
	if at := strings.LastIndex(s, "  "); at > 0 {
		rule := trim(s[at:])
		if strings.HasPrefix(rule, "(") {
			rule = strings.TrimSuffix(rule[1:], ")")
		}
		if isRule(rule) || isPluginRule(rule) {
			return trim(s[:at]), rule
		}
	}
	if at := strings.LastIndexByte(s, '('); at > 0 && strings.HasSuffix(s, ")") && isRule(s[at+1:len(s)-1]) {
		return trim(s[:at]), s[at+1 : len(s)-1]
	}
	return s, ""
}

// isPluginRule: "eslint(no-debugger)", as oxlint names them.
func isPluginRule(s string) bool {
	plugin, rule, ok := strings.Cut(s, "(")
	rule, closed := strings.CutSuffix(rule, ")")
	return ok && closed && isRule(plugin) && isRule(rule)
}

func phpstanRow(text string) (p Problem, ok bool) {
	_, s := indent(text)
	n, d := number(s)
	if d == 0 || !strings.HasPrefix(s[d:], "  ") {
		return p, false
	}
	return Problem{Place: Place{Line: n}, Severity: Error, Message: trim(s[d:])}, true
}

func sqlfluffRow(text string) (p Problem, ok bool) {
	parts := strings.SplitN(text, "|", 4)
	if len(parts) != 4 || !strings.HasPrefix(text, "L:") {
		return p, false
	}
	line, d := number(trim(strings.TrimPrefix(parts[0], "L:")))
	col, d2 := number(trim(strings.TrimPrefix(trim(parts[1]), "P:")))
	return Problem{Place: Place{Line: line, Col: col}, Severity: Error, Code: trim(parts[2]), Message: trim(parts[3])}, d > 0 && d2 > 0
}
