package diagnose

import (
	"bytes"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// stepBlock is a stack that is read line by line by a function of its language.
type stepBlock struct {
	trace
	step  func(b *stepBlock, r *Reader, text string) bool
	state int    // step's own
	fn    string // the function of the next place
	quiet bool   // more than blank lines must follow before it is told
}

func (b *stepBlock) next(r *Reader, l *detect.Line) bool {
	if b.n >= maxBlock || b.logged(l) && b.s.Kind != "go-race" { // other goroutines log while it is reported
		return false
	}
	last := b.s.Last
	if !b.step(b, r, r.text) {
		return false
	}
	b.took(r)
	if isBlank(l.Text) {
		b.s.Last = last // an empty line belongs to it only if something follows
	}
	return true
}

func (b *stepBlock) close(r *Reader) {
	if b.quiet && len(b.s.Frames) == 0 {
		return
	}
	b.finish(r)
}

// start opens the block at the present line.
func (r *Reader) start(b *stepBlock) bool {
	b.took(r)
	if !b.quiet {
		b.tell(r)
	}
	r.begin(b)
	return true
}

// matchGoPanic: "panic: ...", "fatal error: ...", "[signal ...", goroutines.
func matchGoPanic(r *Reader, l *detect.Line) bool {
	text := r.text
	for _, h := range []struct{ text, kind, typ string }{
		{"panic: ", "go-panic", "panic"}, {"fatal error: ", "go-fatal", "fatal error"}, {"SIGQUIT: quit", "go-fatal", "SIGQUIT"}, {"unexpected fault address", "go-fatal", "fault"},
	} {
		rest, ok := strings.CutPrefix(text, h.text)
		if !ok {
			continue
		}
		message := strings.TrimSuffix(rest, " [recovered]")
		if strings.HasPrefix(message, "runtime error: ") {
			h.typ = "runtime error"
		}
		return r.start(&stepBlock{trace: r.began(h.kind, head{typ: h.typ, message: message, at: r.at, fatal: true}), step: stepGo})
	}
	if rest, ok := strings.CutPrefix(text, "http: panic serving "); ok { // net/http goes on
		_, message, _ := strings.Cut(rest, ": ")
		return r.start(&stepBlock{trace: r.began("go-panic", head{typ: "panic", message: message, at: r.at}), step: stepGo})
	}
	if strings.HasSuffix(text, " panic recovered:") {
		return r.start(&stepBlock{trace: r.began("go-panic", head{typ: "panic", at: r.at}), step: stepRecovered})
	}
	return false
}

// stepRecovered reads what Gin tells of a panic that it has recovered from: the
// request, the message, and frames.
//
//	no price
//	/p/serve.go:12 (0xae5a04)
//		main.func1.1: r.GET("/p", ...
func stepRecovered(b *stepBlock, r *Reader, text string) bool {
	width, s := indent(text)
	p, n := colonPlace(s)
	switch {
	case n > 0 && width == 0 && strings.HasPrefix(s[n:], " (0x"):
		p.Unit = Bytes
		b.frame(Frame{Place: p})
	case len(b.s.Frames) == 0 && s != "":
		b.s.Message = s // the last line before the frames
	case width == 0 && s != "":
		return false
	}
	return true
}

// stepGo reads a goroutine's trace:
//
//	goroutine 1 [running]:
//	main.depth(...)
//		/p/main.go:15 +0x1a0
//	created by main.main in goroutine 1
func stepGo(b *stepBlock, r *Reader, text string) bool {
	const (
		head = iota // the message, which may have several lines
		gap         // an empty line came: goroutines follow, or nothing does
		body        // the goroutine that crashed
		others
	)
	width, s := indent(text)
	if strings.HasPrefix(s, "panic: ") {
		b.s.Causes = append(b.s.Causes, Cause{"panic", clean(s[len("panic: "):])})
		return true
	}
	switch {
	case s == "":
		b.state = max(b.state, gap)
		return true
	case strings.HasPrefix(s, "[signal ") || strings.HasPrefix(s, "created by ") || strings.HasPrefix(s, "...additional frames"):
		return true
	case strings.HasPrefix(s, "runtime stack:"): // of the thread, not of a goroutine
		b.state = max(b.state, gap)
		return true
	case strings.HasPrefix(s, "goroutine ") && strings.HasSuffix(s, ":"):
		if b.state++; b.state <= body {
			b.state = body
		}
		return true
	case b.state == head:
		// The message of a panic with several lines; a place, another tool's line or
		// a logger's is none.
		if _, n := colonPlace(s); n > 0 || r.line.Said || b.n > maxTail {
			return false
		}
		if strings.HasPrefix(s, "[") || strings.HasPrefix(s, "exit status ") {
			return strings.HasPrefix(s, "[")
		}
		b.s.Message += "\n" + s
		return true
	case width > 0:
		p, n := colonPlace(s)
		if n == 0 {
			return strings.HasPrefix(s, "goroutine running on other thread")
		}
		p.Unit = Bytes
		if b.state == body {
			b.frame(Frame{Place: p, Func: b.fn, library: strings.HasPrefix(b.fn, "runtime.") || strings.HasPrefix(b.fn, "testing.") || strings.HasPrefix(b.fn, "panic")})
		}
		return true
	case strings.HasSuffix(s, ")") && strings.Contains(s, "(") && strings.Contains(s, "."), strings.HasPrefix(s, "panic("):
		b.fn = goFunc(s)
		return true
	}
	return false
}

// goFunc cuts the arguments off: "main.(*T).Run(0xc0, 0x1)".
func goFunc(s string) string {
	if open := strings.LastIndexByte(s, '('); open > 0 {
		return s[:open]
	}
	return s
}

// matchGoFrames opens the stack that a logger like zap prints below its line: it
// has neither a head nor the arguments of the functions.
//
//	2026-11-27T02:59:39.141Z	ERROR	loggers/main.go:17	payment failed
//	main.main
//		/p/cmd/loggers/main.go:17
func matchGoFrames(r *Reader, l *detect.Line) bool {
	f, ok := goFrame(r.text)
	fn, at := r.before.back(1)
	line, from := r.before.back(2)
	if !ok || at+1 != r.at || from+2 != r.at || !r.before.bad[(r.before.next-2+keep)%keep] || !isGoFunc(string(fn)) {
		return false
	}
	f.Func = string(fn)
	b := r.beginGoFrames(string(line[bytes.LastIndexByte(line, '\t')+1:]), from)
	b.frame(f)
	b.took(r)
	b.tell(r)
	return true
}

func (r *Reader) beginGoFrames(message string, at uint64) *stepBlock {
	b := &stepBlock{trace: r.began("go-error", head{message: message, at: at, first: at}), step: stepGoFrames}
	r.begin(b)
	return b
}

func stepGoFrames(b *stepBlock, r *Reader, text string) bool {
	if f, ok := goFrame(text); ok {
		f.Func = b.fn
		f.library = strings.HasPrefix(b.fn, "runtime.")
		b.frame(f)
		return true
	}
	b.fn = text
	return isGoFunc(text)
}

// goFrame: a tab and a place in a Go file.
func goFrame(text string) (f Frame, ok bool) {
	s, ok := strings.CutPrefix(text, "\t")
	if !ok {
		return f, false
	}
	p, n := colonPlace(s)
	p.Unit = Bytes
	return Frame{Place: p}, n > 0 && n == len(s) && ext(p.File) == "go"
}

// isGoFunc: "main.main", "example.com/shop/cart.(*Cart).Add".
func isGoFunc(s string) bool {
	return s != "" && isLetter(s[0]) && strings.Contains(s, ".") && !strings.ContainsAny(s, " \t:=,")
}

// matchGoRace: the race detector's report, to its closing fence.
func matchGoRace(r *Reader, l *detect.Line) bool {
	if r.text != "WARNING: DATA RACE" {
		return false
	}
	b := &stepBlock{trace: r.began("go-race", head{typ: "DATA RACE", message: "DATA RACE", at: r.at}), step: stepRace}
	b.s.Warning = true
	return r.start(b)
}

func stepRace(b *stepBlock, r *Reader, text string) bool {
	if b.state == 1 {
		return false
	}
	width, s := indent(text)
	switch {
	case strings.HasPrefix(s, "=========="):
		b.state = 1
	case width >= 6:
		if p, n := colonPlace(s); n > 0 {
			p.Unit = Bytes
			b.frame(Frame{Place: p, Func: b.fn})
		}
	case width > 0:
		b.fn = goFunc(s)
	}
	return true
}
