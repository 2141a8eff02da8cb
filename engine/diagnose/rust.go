package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchRustPanic: since 1.73 the message is in the next line.
//
//	thread 'main' (5524) panicked at src/boom.rs:2:22:
//	need a number: ParseIntError { kind: InvalidDigit }
//
//	thread 'main' panicked at 'need a number', src/boom.rs:2:22
func matchRustPanic(r *Reader, l *detect.Line) bool {
	text := r.text
	rest, ok := strings.CutPrefix(text, "thread '")
	if !ok {
		return false
	}
	name, rest, ok2 := strings.Cut(rest, "'")
	_, where, ok3 := strings.Cut(rest, "panicked at ")
	if !ok2 || !ok3 {
		return false
	}
	message := ""
	if strings.HasPrefix(where, "'") {
		if at := strings.LastIndex(where, "', "); at > 0 {
			message, where = where[1:at], where[at+3:]
		}
	}
	p, n := colonPlace(where)
	if n == 0 {
		return false
	}
	p.Unit = Runes
	b := &stepBlock{trace: r.began("rust-panic", head{typ: "panic", message: message, at: r.at, fatal: name == "main"}), step: stepRust}
	b.s.Top = Frame{Place: p, App: inApp(p.File)}
	if !b.s.Top.App {
		b.s.Top = Frame{}
	}
	r.tests.panicked(r, name, p)
	return r.start(b)
}

// stepRust reads the message, then "stack backtrace:" with a function and a
// place in turn, to the note at its end.
func stepRust(b *stepBlock, r *Reader, text string) bool {
	const message, backtrace, ended = 0, 1, 2
	_, s := indent(text)
	switch {
	case b.state == ended:
		return false
	case strings.HasPrefix(s, "note: "):
		b.state = ended
		return true
	case s == "stack backtrace:":
		b.state = backtrace
		return true
	case b.state == message:
		if s == "" || b.n > 12 {
			return false
		}
		b.s.Message = strings.TrimPrefix(b.s.Message+"\n"+strings.TrimRight(text, " "), "\n")
		return true
	}
	if where, ok := strings.CutPrefix(s, "at "); ok {
		if p, n := colonPlace(where); n > 0 {
			p.Unit = Runes
			b.frame(Frame{Place: p, Func: b.fn})
			if b.s.Top.Line == p.Line && strings.HasSuffix(p.File, strings.TrimPrefix(b.s.Top.File, "./")) && b.s.Top.Func == "" {
				b.s.Top.Func = b.fn
			}
		}
		return true
	}
	_, d := number(s)
	if d > 0 && strings.HasPrefix(s[d:], ": ") {
		b.fn = trim(s[d+2:])
		return true
	}
	return false
}
