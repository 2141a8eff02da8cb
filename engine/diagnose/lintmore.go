package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// matchReport opens the reports that say once where and then what, each in a form
// of its own:
//
//	In run.sh line 4:                                          shellcheck
//	  if [ $x == 3 ]; then
//	       ^-- SC2154 (warning): x is referenced but not assigned.
//
//	>> Issue: [B307:blacklist] Use of possibly insecure function.   bandit
//	   Location: shop.py:16:8
//
//	FILE: /p/run.php                                           phpcs
//	 3 | ERROR | [x] Opening brace should be on a new line
//
//	== shop.rb ==                                              rubocop, simple
//	W:  4:  5: Lint/UselessAssignment: Useless assignment
func matchReport(r *Reader, l *detect.Line) bool {
	s := r.text
	if rest, ok := strings.CutPrefix(s, "In "); ok {
		return r.shellcheck(rest)
	}
	if rest, ok := strings.CutPrefix(trim(s), ">> Issue: "); ok {
		r.begin(banditIssue(r, rest))
		return true
	}
	if file, ok := strings.CutPrefix(s, "FILE: "); ok && isPath(trim(file)) {
		r.begin(&lintBlock{file: trim(file), row: phpcsRow, source: "phpcs", loose: true})
		return true
	}
	if file, ok := strings.CutSuffix(strings.TrimPrefix(s, "== "), " =="); ok && isPath(file) && !strings.Contains(file, " ") {
		r.begin(&lintBlock{file: file, row: rubocopRow, source: "rubocop"})
		return true
	}
	return false
}

// shellcheck: s is what follows "In ".
func (r *Reader) shellcheck(s string) bool {
	file, rest, ok := strings.Cut(s, " line ")
	n, d := number(rest)
	if !ok || file == "" || n == 0 || rest[d:] != ":" || strings.ContainsAny(file, "\"'(") {
		return false
	}
	r.begin(&shellcheckBlock{place: Place{File: file, Line: n, Unit: Runes}})
	return true
}

// shellcheckBlock is the findings in one line of a script, each below a caret.
type shellcheckBlock struct {
	place Place
	n     int
}

func (b *shellcheckBlock) level() lines.Level { return lines.Trace }

func (b *shellcheckBlock) next(r *Reader, l *detect.Line) bool {
	text := r.text
	b.n++
	if isBlank(l.Text) || b.n > 60 {
		return false
	}
	at := strings.IndexByte(text, '^')
	if at < 0 || trim(text[:at]) != "" {
		return true
	}
	code, rest, ok := strings.Cut(strings.TrimLeft(text[at:], "^- "), " (")
	word, message, ok2 := strings.Cut(rest, "): ")
	sev, n := severityWord(word)
	if !ok || !ok2 || n == 0 || n != len(word) || codeLen(code) == 0 {
		return true
	}
	p := Problem{Place: b.place, Severity: sev, Code: code, Message: message, Source: "shellcheck"}
	p.Col = at + 1
	r.problem(p)
	return true
}

func (b *shellcheckBlock) close(*Reader) {}

// banditBlock is one issue of bandit's.
type banditBlock struct {
	p Problem
	n int
}

func banditIssue(r *Reader, s string) *banditBlock {
	b := &banditBlock{p: Problem{Severity: Warning, Source: "bandit", At: r.at, ref: r.ref(), Message: s}}
	if code, message, ok := strings.Cut(strings.TrimPrefix(s, "["), "] "); ok && s[0] == '[' {
		b.p.Code, _, _ = strings.Cut(code, ":")
		b.p.Message = message
	}
	return b
}

func (b *banditBlock) level() lines.Level { return b.p.Severity.level() }

func (b *banditBlock) next(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	b.n++
	if b.n > 12 || b.p.File != "" {
		return false
	}
	switch {
	case strings.HasPrefix(s, "Severity: High"):
		b.p.Severity = Error
	case strings.HasPrefix(s, "Severity: Low"):
		b.p.Severity = Information
	}
	if where, ok := strings.CutPrefix(s, "Location: "); ok {
		b.p.Place, _ = colonPlace(where)
		if b.p.Col > 0 || strings.HasSuffix(where, ":0") {
			b.p.Col++ // it counts columns from 0
		}
	}
	return true
}

func (b *banditBlock) close(r *Reader) {
	if b.p.File != "" {
		r.problem(b.p)
	}
}

// phpcsRow reads " 3 | ERROR | [x] text"; a row without a number goes on.
func phpcsRow(text string) (p Problem, ok bool) {
	parts := strings.SplitN(text, "|", 3)
	if len(parts) != 3 {
		return p, false
	}
	n, d := number(trim(parts[0]))
	sev, w := severityWord(trim(parts[1]))
	message := trim(parts[2])
	for _, mark := range []string{"[x] ", "[ ] "} {
		message = strings.TrimPrefix(message, mark)
	}
	return Problem{Place: Place{Line: n, Unit: Bytes}, Severity: sev, Message: message}, d > 0 && w > 0
}

// rubocopRow reads "W:  4:  5: [Correctable] Lint/UselessAssignment: text".
func rubocopRow(text string) (p Problem, ok bool) {
	parts := strings.SplitN(text, ":", 4)
	if len(parts) != 4 || len(parts[0]) != 1 || strings.IndexByte("CRWEFI", parts[0][0]) < 0 {
		return p, false
	}
	line, d := number(trim(parts[1]))
	col, d2 := number(trim(parts[2]))
	p = Problem{Place: Place{Line: line, Col: col, Unit: Bytes}, Severity: letterSeverity(parts[0])}
	p.Message = withoutMarks(trim(parts[3]))
	if cop, rest, ok := strings.Cut(p.Message, ": "); ok && strings.Contains(cop, "/") && !strings.Contains(cop, " ") {
		p.Code, p.Message = cop, rest
	}
	return p, d > 0 && d2 > 0
}
