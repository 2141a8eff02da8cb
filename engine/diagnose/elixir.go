package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchElixir: "** (RuntimeError) text" and indented frames.
func matchElixir(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	rest, ok := strings.CutPrefix(s, "** (")
	if !ok {
		return false
	}
	typ, message, ok2 := strings.Cut(rest, ") ")
	if !ok2 || strings.Contains(typ, " ") || r.tests.section != "" {
		return false
	}
	if p, n := colonPlace(message); n > 0 && strings.HasSuffix(typ, "Error") { // ** (SyntaxError) a.ex:3:5: text
		v := readVerdict(message[n:], p.File)
		r.place(&p, &v)
		r.problem(Problem{Place: p, Severity: Error, Code: typ, Message: v.message, Source: "elixir"})
		return true
	}
	return r.start(&stepBlock{trace: r.began("elixir", head{typ: typ, message: message, at: r.at, fatal: true}), step: stepElixir, quiet: true})
}

func stepElixir(b *stepBlock, r *Reader, text string) bool {
	width, s := indent(text)
	if s == "" && b.n < 8 && len(b.s.Frames) == 0 { // the message has paragraphs
		return true
	}
	if width == 0 {
		return false
	}
	library := strings.HasPrefix(s, "(")
	if library {
		_, s, _ = strings.Cut(s, ") ")
	}
	if p, n := colonPlace(s); n > 0 {
		b.frame(Frame{Place: p, Func: strings.TrimPrefix(s[n:], ": "), library: library})
		return true
	}
	if len(b.s.Frames) == 0 && b.n < 8 {
		b.s.Message += "\n" + s
		return true
	}
	return library
}
