package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchTcl: the message, "    while executing", and whose command was called by
// which, the innermost first. A line counts from the beginning of its procedure; the
// file's own, which counts from the file's, comes last.
//
//	no price for plum
//	    while executing
//	"error "no price for plum""
//	    (procedure "price" line 2)
//	    invoked from within
//	"price plum"
//	    (file "shop.tcl" line 5)
func matchTcl(r *Reader, l *detect.Line) bool {
	if r.text != "    while executing" {
		return false
	}
	message, at := r.before.back(1)
	if at+1 != r.at {
		return false
	}
	return r.start(&stepBlock{trace: r.began("tcl", head{message: string(message), at: at, fatal: true}), step: stepTcl})
}

// What stepTcl waits for.
const (
	tclCommand = iota // the line that a command begins in
	tclMore           // more of it
	tclLabel          // who called it, or where that is
	tclEnded          // nothing: the file was the last
)

func stepTcl(b *stepBlock, r *Reader, text string) bool {
	width, s := indent(text)
	switch {
	case b.state == tclCommand && strings.HasPrefix(text, `"`) || b.state == tclMore:
		if b.state = tclMore; len(text) > 1 && strings.HasSuffix(text, `"`) {
			b.state = tclLabel
		}
		return true
	case b.state != tclLabel || width != 4:
		return false
	case s == "invoked from within" || s == "while executing":
		b.state = tclCommand
		return true
	}
	s, ok := strings.CutPrefix(s, "(")
	kind, rest, _ := strings.Cut(s, ` "`)
	name, line, placed := strings.Cut(rest, `" line `)
	if n, d := number(line); placed && d > 0 {
		f := Frame{Func: name}
		if kind == "file" {
			f = Frame{Place: Place{File: name, Line: n}}
			b.state = tclEnded
		}
		b.frame(f)
	}
	return ok // also ("after" script), which has no line
}
