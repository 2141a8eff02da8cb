package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// tailed emits a problem whose message may go on, or whose column a caret tells,
// in the next lines.
func (r *Reader) tailed(p Problem) {
	r.raise(p.Severity.level())
	p.fromLanguage()
	p.At, p.ref = r.at, r.ref()
	r.begin(&tailBlock{p: p})
}

// tailBlock is a problem whose next lines explain it:
//
//	src/prices.ts(18,12): error TS2416: Property 'area' ...
//	  Type '() => string' is not assignable to type '() => number'.
//
//	shop/Cart.java:14: error: ';' expected
//	        return sum
//	                  ^
type tailBlock struct {
	p       Problem
	n       int
	excerpt bool // the source is being shown: no more of the message comes
}

// maxTail is how many lines of explanation are taken.
const maxTail = 12

func (b *tailBlock) level() lines.Level { return lines.Trace }

func (b *tailBlock) next(r *Reader, l *detect.Line) bool {
	b.n++
	text := r.text
	width, s := indent(text)
	if s == "" || width == 0 || b.n > maxTail {
		return false
	}
	if col := caretColumn(text); col > 0 {
		if b.p.Col == 0 {
			b.p.Col, b.p.Unit = col, Display
		}
		return true
	}
	if isGutter(s) {
		b.excerpt = true
		return true
	}
	if _, n := colonPlace(s); n > 0 || strings.HasPrefix(s, "at ") || strings.HasPrefix(s, "--> ") {
		return false
	}
	if b.p.Col == 0 && b.p.Source == "java" {
		return true // the source; its caret follows
	}
	switch {
	case b.p.Message == "", b.p.Source == "tsc" && !b.excerpt, b.p.Source == "go" && b.p.Code == "", b.p.Source == "hs":
		b.p.Message = strings.TrimPrefix(b.p.Message+"\n"+strings.TrimRight(text, " "), "\n")
	case l.Said:
		return false
	}
	return true
}

func (b *tailBlock) close(r *Reader) { r.problem(b.p) }

// isGutter: "7 |     char *p", "|   ^~", "12 │ x".
func isGutter(s string) bool {
	_, d := number(s)
	s = strings.TrimLeft(s[d:], " ")
	return strings.HasPrefix(s, "|") || strings.HasPrefix(s, "│")
}
