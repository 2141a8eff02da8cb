package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

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
