package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchSanitizer: AddressSanitizer and its kin, and valgrind.
//
//	==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1
//	    #0 0x4f in main /p/a.c:5:3
//	==7== Invalid write of size 4
//	==7==    at 0x109: main (a.c:5)
func matchSanitizer(r *Reader, l *detect.Line) bool {
	s := r.text
	if _, rest, ok := strings.Cut(s, "Sanitizer: "); ok && (strings.HasPrefix(s, "==") || strings.HasPrefix(s, "WARNING: ")) {
		typ, _, _ := strings.Cut(rest, " on address")
		typ, _, _ = strings.Cut(typ, " (pid=")
		b := &stepBlock{trace: r.began("sanitizer", head{typ: typ, message: rest, at: r.at, fatal: true}), step: stepSanitizer}
		return r.start(b)
	}
	for _, begin := range []string{"Program received signal ", "Program terminated with signal "} {
		if signal, ok := strings.CutPrefix(s, begin); ok {
			typ, _, _ := strings.Cut(signal, ",")
			return r.start(&stepBlock{trace: r.began("sanitizer", head{typ: typ, message: signal, at: r.at, fatal: true}), step: stepGdb})
		}
	}
	rest, ok := strings.CutPrefix(s, "==")
	_, d := number(rest)
	message, ok2 := strings.CutPrefix(rest[d:], "== ")
	if !ok || !ok2 || d == 0 {
		return false
	}
	for _, m := range []string{"Invalid ", "Conditional jump", "Use of uninit", "Syscall param", "Source and destination overlap", "Mismatched free", "Process terminating"} {
		if strings.HasPrefix(message, m) {
			b := &stepBlock{trace: r.began("sanitizer", head{typ: "valgrind", message: message, at: r.at}), step: stepValgrind}
			return r.start(b)
		}
	}
	return false
}

// stepGdb reads the frames that gdb prints of a signal:
//
//	Program received signal SIGABRT, Aborted.
//	#6  0x00005555555551fc in main (argc=2) at c/leak.c:5
func stepGdb(b *stepBlock, r *Reader, text string) bool {
	if _, d := number(strings.TrimPrefix(text, "#")); text == "" || text[0] != '#' || d == 0 {
		return len(b.s.Frames) == 0 && b.n < 6
	}
	at := strings.LastIndex(text, " at ")
	if at < 0 {
		return true // a library without sources
	}
	if p, n := colonPlace(text[at+4:]); n > 0 {
		fn, _, _ := strings.Cut(text[:at], " (")
		b.frame(Frame{Place: p, Func: fn[strings.LastIndexByte(fn, ' ')+1:]})
	}
	return true
}

func stepSanitizer(b *stepBlock, r *Reader, text string) bool {
	if b.state == 1 {
		return strings.Contains(text, "ABORTING") || strings.HasPrefix(text, "=====")
	}
	_, s := indent(text)
	switch {
	case strings.HasPrefix(s, "SUMMARY: "):
		b.state = 1
	case strings.HasPrefix(s, "#"):
		_, fn, _ := strings.Cut(s, " in ")
		if at := strings.LastIndexByte(fn, ' '); at > 0 {
			if p, n := colonPlace(fn[at+1:]); n > 0 {
				p.Unit = Bytes
				b.frame(Frame{Place: p, Func: fn[:at], library: strings.HasPrefix(fn, "__interceptor") || strings.HasPrefix(fn, "__asan")})
			}
		} else if _, where, ok := strings.Cut(s, " "); ok { // ThreadSanitizer: #0 main a.c:5
			if at := strings.LastIndexByte(where, ' '); at > 0 {
				if p, n := colonPlace(where[at+1:]); n > 0 {
					b.frame(Frame{Place: p, Func: where[:at]})
				}
			}
		}
	}
	return true
}

func stepValgrind(b *stepBlock, r *Reader, text string) bool {
	rest, ok := strings.CutPrefix(text, "==")
	_, d := number(rest)
	s := trim(strings.TrimPrefix(rest[d:], "=="))
	if !ok || s == "" {
		return false
	}
	if strings.HasPrefix(s, "at ") || strings.HasPrefix(s, "by ") {
		if open := strings.LastIndexByte(s, '('); open > 0 && strings.HasSuffix(s, ")") {
			if p, n := colonPlace(s[open+1 : len(s)-1]); n > 0 {
				_, fn, _ := strings.Cut(s[:open], ": ")
				b.frame(Frame{Place: p, Func: trim(fn)})
			}
		}
	}
	return true
}
