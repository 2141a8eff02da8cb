package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// webpackHead opens the block of one error:
//
//	ERROR in ./src/index.ts 2:0-30
//	Module not found: Error: Can't resolve './gone' in '/p/src'
func (r *Reader) webpackHead(t string) bool {
	sev, rest := Error, ""
	var ok bool
	if rest, ok = strings.CutPrefix(t, "ERROR in "); !ok {
		if rest, ok = strings.CutPrefix(t, "WARNING in "); !ok {
			return false
		}
		sev = Warning
	}
	if strings.HasPrefix(rest, "[eslint]") {
		return true
	}
	b := &webpackBlock{p: Problem{Severity: sev, Source: "webpack", At: r.at, ref: r.ref()}, timed: r.line.Timed}
	if !b.place(rest) && strings.Contains(rest, ": ") { // Flask: "ERROR in app: Exception on /"
		return false
	}
	r.begin(b)
	return true
}

// webpackBlock is one error of webpack, to the next empty line. The place is
// printed up to three times; the loader's own, in brackets, counts from 1.
type webpackBlock struct {
	p     Problem
	exact bool // the place is the loader's own
	timed bool // it began in a line with a time stamp, as all do behind foreman
	n     int
}

func (b *webpackBlock) level() lines.Level { return b.p.Severity.level() }

func (b *webpackBlock) next(r *Reader, l *detect.Line) bool {
	t := trim(r.text)
	b.n++
	if t == "" || l.Timed && !b.timed || b.n > 60 || strings.HasPrefix(t, "webpack ") {
		return false
	}
	at := strings.Index(t, "ERROR in ")
	if at < 0 {
		at = strings.Index(t, "WARNING in ")
	}
	if at == 0 {
		return false
	}
	if at > 0 {
		t = t[at:]
		_, t, _ = strings.Cut(t, " in ")
	}
	if b.place(t) || b.rspack(t) || b.p.Message != "" || strings.HasPrefix(t, "@ ") {
		return true
	}
	b.message(t)
	return true
}

// rspack reads its frame: "╭─[2:12]" counts columns from 0, and the message has a
// sign before it.
func (b *webpackBlock) rspack(t string) bool {
	if _, where, ok := strings.Cut(t, "╭─["); ok && !b.exact {
		line, d := number(where)
		if col, d2 := numberBehind(where[d:], ":"); d > 0 && d2 > 0 {
			b.p.Line, b.p.Col, b.p.Unit, b.exact = line, col+1, UTF16, true
			return true
		}
	}
	if _, rest, ok := strings.Cut(t, "× "); ok {
		if b.p.Message == "" || strings.HasSuffix(b.p.Message, ":") {
			b.p.Message = rest
		}
		return true
	}
	return false
}

// message takes the first line of text: "TS2322: text", "SyntaxError: /p/a.js:
// text (3:5)", "Module build failed (from ./node_modules/x):" is none yet.
func (b *webpackBlock) message(t string) {
	if strings.HasPrefix(t, "Module build failed") && strings.HasSuffix(t, ":") {
		return
	}
	if n := codeLen(t); n > 0 && strings.HasPrefix(t[n:], ": ") {
		b.p.Code, t = t[:n], t[n+2:]
	}
	b.p.Message = t
	if open := strings.LastIndex(t, "("); open > 0 && strings.HasSuffix(t, ")") && !b.exact {
		line, d := number(t[open+1:])
		if col, d2 := numberBehind(t[open+1+d:], ":"); d > 0 && d2 > 0 && open+2+d+d2 == len(t) {
			b.p.Line, b.p.Col = line, col+1
		}
	}
}

// place reads "./src/index.ts 2:0-30", "src/App.tsx:3:5", "/p/src/log.ts(2,21)",
// "/p/src/log.ts"; false if it is none.
func (b *webpackBlock) place(s string) bool {
	if b.exact {
		return false
	}
	if p, n := parenPlace(s); n == len(s) && n > 0 {
		p.Unit = UTF16
		b.p.Place, b.exact = p, true
		return true
	}
	if p, n := colonPlace(s); n > 0 && trim(s[n:]) == "" {
		p.Unit = UTF16
		b.p.Place, b.exact = p, true
		return true
	}
	file, rest, _ := strings.Cut(s, " ")
	if !isPath(file) || strings.ContainsAny(file, "'\"(") {
		return false
	}
	line, d := number(rest)
	col, d2 := numberBehind(rest[min(d, len(rest)):], ":")
	switch {
	case d > 0 && d2 > 0:
		b.p.Place = Place{File: file, Line: line, Col: col + 1, Unit: UTF16}
		return true
	case rest == "" && b.p.File == "":
		b.p.File = file
		return true
	}
	return rest == ""
}

func (b *webpackBlock) close(r *Reader) {
	if b.p.File == "" || b.p.Message == "" {
		return
	}
	r.problem(b.p)
}
