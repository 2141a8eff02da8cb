package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchRuby opens a Ruby error at its head, or at the first frame below one:
//
//	app.rb:3:in 'Shop#load': undefined method 'x' for nil (NoMethodError)
//		from app.rb:9:in '<main>'
func matchRuby(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	s = strings.TrimPrefix(s, "from ")
	f, rest, ok := rubyFrame(s)
	if !ok {
		return false
	}
	if message, ok := strings.CutPrefix(rest, ": "); ok {
		typ := ""
		if open := strings.LastIndex(message, " ("); open > 0 && strings.HasSuffix(message, ")") {
			message, typ = message[:open], message[open+2:len(message)-1]
		}
		b := &stepBlock{trace: r.began("ruby", head{typ: typ, message: message, at: r.at, fatal: true}), step: stepRuby}
		b.frame(f)
		return r.start(b)
	}
	h, ok := r.railsHead()
	if !ok || r.tests.section != "" {
		return false
	}
	b := &stepBlock{trace: r.began("ruby", h), step: stepRuby}
	b.frame(f)
	return r.start(b)
}

// railsHead finds "NoMethodError (undefined method 'x' for nil):" above.
func (r *Reader) railsHead() (h head, ok bool) {
	if h = r.ctx.head; h.at > 0 && r.at-h.at <= 6 {
		r.ctx.head = head{}
		return h, true
	}
	if text, at := r.before.back(2); at > 0 && r.at-at == 2 && string(text) == "rake aborted!" {
		message, _ := r.before.back(1)
		return head{message: string(message), at: at, first: at, fatal: true}, true
	}
	for n := 1; n <= 3; n++ {
		text, at := r.before.back(n)
		typ, message, ok := strings.Cut(trim(string(text)), " (")
		if ok && at > 0 && r.at-at <= 5 && strings.HasSuffix(message, "):") && !strings.Contains(typ, " ") && isUpper(typ[0]) {
			return head{typ: typ, message: strings.TrimSuffix(message, "):"), at: at, first: at}, true
		}
	}
	return h, false
}

func stepRuby(b *stepBlock, r *Reader, text string) bool {
	width, s := indent(text)
	f, _, ok := rubyFrame(strings.TrimPrefix(s, "from "))
	if ok {
		b.frame(f)
		return true
	}
	// error_highlight's excerpt comes between the head and the frames.
	return len(b.s.Frames) < 2 && b.n < 8 && (s == "" || width > 0 || caretColumn(text) > 0) || strings.HasPrefix(s, "... ") && width > 0
}

// rubyFrame reads "app.rb:3:in 'load'", and what is behind it.
func rubyFrame(s string) (f Frame, rest string, ok bool) {
	p, n := colonPlace(s)
	fn, found := strings.CutPrefix(s[n:], ":in ")
	if n == 0 || !found || len(fn) < 3 || fn[0] != '\'' && fn[0] != '`' {
		return f, "", false
	}
	end := strings.IndexByte(fn[1:], '\'')
	if end < 0 {
		return f, "", false
	}
	p.Unit = Bytes
	return Frame{Place: p, Func: fn[1 : end+1]}, fn[end+2:], true
}

// matchPHP: an uncaught exception with its trace, or one line that says it all.
//
//	PHP Fatal error:  Uncaught Exception: text in /p/a.php:3
//	Stack trace:
//	#0 /p/a.php(9): load()
//	  thrown in /p/a.php on line 3
//
//	PHP Warning:  Undefined variable $x in /p/a.php on line 12
func matchPHP(r *Reader, l *detect.Line) bool {
	text := trim(r.text)
	rest := strings.TrimPrefix(text, "PHP ")
	sev, message, ok := phpKind(rest)
	if !ok {
		return false
	}
	if what, ok := strings.CutPrefix(message, "Uncaught "); ok {
		typ, message, _ := strings.Cut(what, ": ")
		b := &stepBlock{trace: r.began("php", head{typ: typ, message: message, at: r.at, fatal: true}), step: stepPHP}
		if at := strings.LastIndex(message, " in "); at >= 0 {
			if p, n := colonPlace(message[at+4:]); n > 0 {
				b.s.Message, p.Unit = message[:at], Bytes
				b.frame(Frame{Place: p})
			}
		}
		return r.start(b)
	}
	at := strings.LastIndex(message, " in ")
	file, line, ok := strings.Cut(message[max(at, 0):], " on line ")
	n, d := number(line)
	if at < 0 || !ok || d == 0 {
		return false
	}
	file = strings.TrimPrefix(file, " in ")
	r.problem(Problem{Place: Place{File: file, Line: n, Unit: Bytes}, Severity: sev, Message: message[:at], Source: "php"})
	return true
}

func phpKind(s string) (Severity, string, bool) {
	for _, k := range []struct {
		text string
		sev  Severity
	}{{"Fatal error: ", Error}, {"Parse error: ", Error}, {"Recoverable fatal error: ", Error}, {"Warning: ", Warning}, {"Deprecated: ", Warning}, {"Notice: ", Warning}, {"Strict Standards: ", Warning}} {
		if rest, ok := strings.CutPrefix(s, k.text); ok {
			return k.sev, trim(rest), true
		}
	}
	return 0, "", false
}

func stepPHP(b *stepBlock, r *Reader, text string) bool {
	_, s := indent(text)
	if b.state == 1 {
		return false
	}
	switch {
	case strings.HasPrefix(s, "thrown in "):
		b.state = 1
	case s == "Stack trace:":
	case strings.HasPrefix(s, "Next "): // the error that came of the one before
		typ, message, _ := strings.Cut(strings.TrimPrefix(s, "Next "), ": ")
		b.s.Causes = append(b.s.Causes, Cause{b.s.Type, b.s.Message})
		b.s.Type, b.s.Message = typ, message
		if at := strings.LastIndex(message, " in "); at >= 0 {
			b.s.Message = message[:at]
			if p, n := colonPlace(message[at+4:]); n > 0 { // where it was thrown, though its own frames may be none
				p.Unit = Bytes
				b.s.Top = Frame{Place: p, App: inApp(p.File)}
			}
		}
	case s == "" && b.n < maxBlock:
		return true // PHP puts an empty line before what came of it
	case strings.HasPrefix(s, "#"):
		_, d := number(s[1:])
		if p, n := parenPlace(trim(s[1+d:])); n > 0 {
			p.Unit = Bytes
			b.frame(Frame{Place: p, Func: strings.TrimPrefix(trim(s[1+d:])[n:], ": ")})
		}
	default:
		return false
	}
	return true
}

// matchElixir: "** (RuntimeError) text" and indented frames.
func matchElixir(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	rest, ok := strings.CutPrefix(s, "** (")
	typ, message, ok2 := strings.Cut(rest, ") ")
	if !ok || !ok2 || strings.Contains(typ, " ") || r.tests.section != "" {
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

// matchLua: "lua: app.lua:3: text", then "stack traceback:".
func matchLua(r *Reader, l *detect.Line) bool {
	s := r.text
	if !strings.HasPrefix(s, "lua") {
		return false
	}
	for _, p := range []string{"lua: ", "luajit: ", "lua5.1: ", "lua5.3: ", "lua5.4: "} {
		rest, ok := strings.CutPrefix(s, p)
		place, n := colonPlace(rest)
		if !ok || n == 0 {
			continue
		}
		message := strings.TrimPrefix(rest[n:], ": ")
		b := &stepBlock{trace: r.began("lua", head{message: message, at: r.at, fatal: true}), step: stepLua}
		b.frame(Frame{Place: place})
		return r.start(b)
	}
	return false
}

func stepLua(b *stepBlock, r *Reader, text string) bool {
	width, s := indent(text)
	if s == "stack traceback:" {
		return true
	}
	if width == 0 {
		return false
	}
	if p, n := colonPlace(s); n > 0 {
		b.frame(Frame{Place: p, Func: strings.TrimPrefix(s[n:], ": in ")})
	}
	return true
}

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
		} else if name, where, ok := strings.Cut(s, " "); ok { // ThreadSanitizer: #0 main a.c:5
			_ = name
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
