package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// matchSentence reads places that stand in a sentence:
//
//	Use of uninitialized value $u in concatenation at die.pl line 3.
//	run.sh: line 12: foo: command not found
//	CMake Error at CMakeLists.txt:3 (add_executable):
//	nginx: [emerg] unknown directive "x" in /etc/nginx/nginx.conf:3
//	SyntaxError: /p/a.js: Unexpected token (2:12)
//	error: cannot format a.py: Cannot parse: 1:3: x
func matchSentence(r *Reader, l *detect.Line) bool {
	text := trim(r.text)
	for _, m := range sentences {
		if m(r, l, text) {
			return true
		}
	}
	return false
}

var sentences = []func(r *Reader, l *detect.Line, text string) bool{
	linkerSentence, cmakeSentence, babelSentence, compactSentence, perlSentence, shellSentence, configSentence, formatSentence, terraformSentence,
	lessSentence, templSentence, gradleScript, machineSentence, atSentence, endSentence, wordsSentence,
}

// perlSentence: "text at FILE line N.", also ", <STDIN> line 5." behind it. Other
// programs speak of lines, too: "imported rows at data/in.csv line 300".
func perlSentence(r *Reader, l *detect.Line, text string) bool {
	at := strings.LastIndex(text, " line ")
	if at < 0 || l.Said && l.Level < lines.Warn {
		return false
	}
	if in := strings.Index(text, ", <"); in > 0 && in < at {
		if at = strings.LastIndex(text[:in], " line "); at < 0 {
			return false
		}
	}
	n, d := number(text[at+6:])
	rest := text[at+6+d:]
	where := strings.LastIndex(text[:at], " at ")
	if d == 0 || where <= 0 || rest != "" && rest[0] != '.' && rest[0] != ',' {
		return false
	}
	file := text[where+4 : at]
	if !isPath(file) && !strings.Contains(file, "/") || strings.Contains(file, " ") || !isPerl(file) && (rest == "" || isData(file)) {
		return false
	}
	p := Problem{Place: Place{File: file, Line: n}, Severity: Error, Message: text[:where], Source: "perl"}
	if perlWarns(text) {
		p.Severity = Warning
	}
	r.problem(p)
	return true
}

func isPerl(path string) bool {
	switch ext(path) {
	case "pl", "pm", "t", "PL", "psgi", "cgi":
		return true
	}
	return false
}

// perlWarns: perl says nowhere whether it warns or dies; these begin warnings.
func perlWarns(text string) bool {
	for _, w := range []string{"Use of uninitialized", "Useless use", "Argument ", "Odd number", "Name \"", "Subroutine ", "Deep recursion", "Scalar value", "Possible ", "Unquoted string", "\"my\" variable", "Statement unlikely", "Found = in", "isn't numeric", "print() on", "readline() on", "Negative repeat", "Wide character"} {
		if strings.HasPrefix(text, w) {
			return true
		}
	}
	return strings.Contains(text, "redefined") || strings.Contains(text, "isn't numeric") || strings.Contains(text, "deprecated")
}

// shellSentence: "run.sh: line 12: text", "./run.sh: 12: text" (dash).
func shellSentence(r *Reader, l *detect.Line, text string) bool {
	for _, program := range []string{"awk: ", "mawk: ", "gawk: ", "sed: "} {
		text = strings.TrimPrefix(text, program)
	}
	file, rest, ok := strings.Cut(text, ": ")
	if !ok || strings.ContainsAny(file, " \"'") {
		return false
	}
	line, named := strings.CutPrefix(rest, "line ")
	n, d := number(line)
	if d == 0 || !strings.HasPrefix(line[d:], ": ") || !isPath(file) || !named && ext(file) != "sh" {
		return false
	}
	r.problem(Problem{Place: Place{File: file, Line: n}, Severity: Error, Message: line[d+2:], Source: "sh"})
	return true
}

// configSentence: "nginx: [emerg] text in FILE:3", "php" has a matcher of its own.
func configSentence(r *Reader, l *detect.Line, text string) bool {
	if _, where, ok := strings.Cut(text, "parsing ["); ok { // HAProxy: [ALERT] (1) : config : parsing [FILE:2] : text
		if p, n := colonPlace(where); n > 0 && strings.HasPrefix(where[n:], "] : ") {
			sev := Error
			if l.Level == lines.Warn {
				sev = Warning
			}
			r.problem(Problem{Place: p, Severity: sev, Message: where[n+4:], Source: "config"})
			return true
		}
	}
	at := strings.LastIndex(text, " in ")
	if at < 0 || l.Level < lines.Warn {
		return false
	}
	p, n := colonPlace(text[at+4:])
	if n == 0 || trim(text[at+4+n:]) != "" || !strings.HasPrefix(p.File, "/") {
		return false
	}
	message := text[:at]
	if end := strings.Index(message, "] "); end > 0 && end < 20 {
		message = message[end+2:]
	}
	sev := Error
	if l.Level == lines.Warn {
		sev = Warning
	}
	r.problem(Problem{Place: p, Severity: sev, Message: message, Source: "config"})
	return true
}

// babelSentence: "SyntaxError: /p/a.js: Unexpected token (2:12)"; the column
// counts from 0.
func babelSentence(r *Reader, l *detect.Line, text string) bool {
	open := strings.LastIndexByte(text, '(')
	if open < 0 || !strings.HasSuffix(text, ")") {
		return false
	}
	line, d := number(text[open+1:])
	col, d2 := numberBehind(text[open+1+d:], ":")
	if d == 0 || d2 == 0 || open+2+d+d2 != len(text) {
		return false
	}
	typ, rest, ok := strings.Cut(text[:open], ": ")
	if strings.HasPrefix(text, "[error] ") { // prettier: "[error] a.ts: SyntaxError: text (3:5)"
		file, message, found := strings.Cut(text[len("[error] "):open], ": ")
		if !found || !isPath(file) {
			return false
		}
		r.problem(Problem{Place: Place{File: file, Line: line, Col: col, Unit: UTF16}, Severity: Error, Message: message, Source: "prettier"})
		return true
	}
	file, message, ok2 := strings.Cut(rest, ": ")
	if !ok || !ok2 || !isPath(file) || strings.Contains(typ, " ") && !strings.HasSuffix(typ, "Error") {
		return false
	}
	r.problem(Problem{Place: Place{File: file, Line: line, Col: col + 1, Unit: UTF16}, Severity: Error, Message: trim(message), Source: "babel"})
	return true
}

// compactSentence: eslint's compact format, "/p/a.js: line 1, col 7, Warning -
// text (rule)", and jshint's, which has no severity but in its code, (W033).
func compactSentence(r *Reader, l *detect.Line, text string) bool {
	file, rest, ok := strings.Cut(text, ": line ")
	if !ok {
		return false
	}
	line, d := number(rest)
	rest, ok2 := strings.CutPrefix(rest[d:], ", col ")
	col, d2 := number(rest)
	rest, ok3 := strings.CutPrefix(rest[d2:], ", ")
	if !ok2 || !ok3 || !isPath(file) {
		return false
	}
	p := Problem{Place: Place{File: file, Line: line, Col: col, Unit: UTF16}, Severity: Error, Source: "jshint"}
	p.Message, p.Code = ruleColumn(rest)
	if sev, n := severityWord(rest); n > 0 && strings.HasPrefix(rest[n:], " - ") {
		p.Severity, p.Source = sev, "eslint"
		p.Message, p.Code = ruleColumn(rest[n+3:])
	} else if len(p.Code) > 1 && codeLen(p.Code) == len(p.Code) {
		p.Severity = letterSeverity(p.Code)
	}
	r.problem(p)
	return true
}

// lessSentence: less's "NameError: text in /p/a.less on line 1, column 13:"; the
// column counts from 1.
func lessSentence(r *Reader, l *detect.Line, text string) bool {
	before, rest, ok := strings.Cut(text, " on line ")
	if !ok {
		return false
	}
	line, d := number(rest)
	rest, ok2 := strings.CutPrefix(rest[d:], ", column ")
	col, d2 := number(rest)
	at := strings.LastIndex(before, " in ")
	if !ok2 || d2 == 0 || at < 0 || !isPath(before[at+4:]) {
		return false
	}
	typ, message, ok := strings.Cut(before[:at], ": ")
	if !ok || strings.Contains(typ, " ") {
		typ, message = "", before[:at]
	}
	r.problem(Problem{Place: Place{File: before[at+4:], Line: line, Col: col, Unit: UTF16}, Severity: Error, Code: typ, Message: message, Source: "less"})
	return true
}

// atSentence: Maven's "text @ /p/pom.xml, line 1, column 124".
func atSentence(r *Reader, l *detect.Line, text string) bool {
	at := strings.LastIndex(text, " @ ")
	if at < 0 || l.Level < lines.Warn {
		return false
	}
	file, rest, ok := strings.Cut(text[at+3:], ", line ")
	line, d := number(rest)
	rest, ok2 := strings.CutPrefix(rest[d:], ", column ")
	col, d2 := number(rest)
	if !ok || !ok2 || d2 == 0 || d2 != len(rest) || !isPath(file) {
		return false
	}
	message := trim(text[:at])
	for strings.HasPrefix(message, "[") {
		_, message, _ = strings.Cut(message, "] ")
	}
	r.problem(Problem{Place: Place{File: file, Line: line, Col: col, Unit: UTF16}, Severity: Error, Message: trim(message), Source: "maven"})
	return true
}

// machineSentence: svelte-check's for programs, `1590 ERROR "a.svelte" 1:16 "text"`.
func machineSentence(r *Reader, l *detect.Line, text string) bool {
	_, d := number(text)
	if d == 0 {
		return false
	}
	for d < len(text) && isDigit(text[d]) {
		d++
	}
	word, rest, _ := strings.Cut(strings.TrimPrefix(text[d:], " "), ` "`)
	sev, n := severityWord(word)
	file, rest, ok := strings.Cut(rest, `" `)
	line, d2 := number(rest)
	col, d3 := numberBehind(rest[d2:], ":")
	if n == 0 || n != len(word) || !ok || d2 == 0 || d3 == 0 {
		return false
	}
	message := strings.ReplaceAll(strings.Trim(rest[d2+d3:], ` "`), `\n`, "\n")
	r.problem(Problem{Place: Place{File: file, Line: line, Col: col, Unit: UTF16}, Severity: sev, Message: message, Source: "svelte"})
	return true
}

// formatSentence: black's "error: cannot format a.py: Cannot parse: 1:3: text".
func formatSentence(r *Reader, l *detect.Line, text string) bool {
	rest, ok := strings.CutPrefix(text, "error: cannot format ")
	if !ok {
		return false
	}
	file, message, ok := strings.Cut(rest, ": ")
	if !ok {
		return false
	}
	p := Place{File: file, Unit: Runes}
	for part := range strings.SplitSeq(message, ": ") {
		if line, d := number(part); d > 0 {
			if col, d2 := numberBehind(part[d:], ":"); d2 > 0 {
				p.Line, p.Col = line, col+1
			}
		}
	}
	r.problem(Problem{Place: p, Severity: Error, Message: message, Source: "black"})
	return true
}

// terraformSentence: "│ Error: text" and later "│   on main.tf line 3, in ...:".
func terraformSentence(r *Reader, l *detect.Line, text string) bool {
	text = trim(strings.TrimPrefix(text, "│"))
	rest, ok := strings.CutPrefix(text, "on ")
	if !ok || r.ctx.sev.at == 0 || r.at-r.ctx.sev.at > 4 {
		return false
	}
	file, rest, ok := strings.Cut(rest, " line ")
	n, d := number(rest)
	if !ok || d == 0 || !isPath(file) {
		return false
	}
	r.problem(Problem{Place: Place{File: file, Line: n}, Severity: r.ctx.sev.severity, Message: r.ctx.sev.message, Source: "terraform", At: r.ctx.sev.at})
	r.ctx.sev = pendingHead{}
	return true
}

// cmakeSentence: "CMake Error at CMakeLists.txt:3 (add_executable):" and the
// indented message behind it.
func cmakeSentence(r *Reader, l *detect.Line, text string) bool {
	rest, ok := strings.CutPrefix(text, "CMake ")
	if !ok {
		return false
	}
	sev, n := severityWord(strings.TrimPrefix(rest, "Deprecation "))
	if n == 0 {
		return false
	}
	_, where, ok := strings.Cut(rest, " at ")
	p, n := colonPlace(where)
	if !ok || n == 0 {
		return false
	}
	r.begin(&cmakeBlock{Problem{Place: p, Severity: sev, Source: "cmake", At: r.at, ref: r.ref()}, 0})
	return true
}

// cmakeBlock is the message: indented lines, with blank ones around them.
type cmakeBlock struct {
	p Problem
	n int
}

func (b *cmakeBlock) level() lines.Level { return b.p.Severity.level() }

func (b *cmakeBlock) next(r *Reader, l *detect.Line) bool {
	b.n++
	width, s := indent(r.text)
	if b.n > maxTail || s != "" && width == 0 {
		return false
	}
	if s == "" {
		return b.p.Message == ""
	}
	b.p.Message = strings.TrimPrefix(b.p.Message+" "+s, " ")
	return true
}

func (b *cmakeBlock) close(r *Reader) { r.problem(b.p) }
