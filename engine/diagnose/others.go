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
	if !strings.Contains(s, ":in ") {
		return f, "", false
	}
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
	if at := strings.Index(text, "PHP "); !ok && at > 0 && strings.Contains(text[at:], ":  ") { // behind what the script had printed
		if _, n := colonPlace(text); n == 0 { // grep shows such lines of others' files
			sev, message, ok = phpKind(text[at+len("PHP "):])
		}
	}
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
	case s == "": // PHP puts one before what came of it
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

// matchLua: "lua: app.lua:3: text", or luajit and lua5.4, then "stack traceback:".
func matchLua(r *Reader, l *detect.Line) bool {
	program, rest, ok := strings.Cut(r.text, ": ")
	version, isLua := strings.CutPrefix(program, "lua")
	place, n := colonPlace(rest)
	if !ok || !isLua || version != "jit" && strings.Trim(version, "5.1234") != "" || n == 0 {
		return false
	}
	message := strings.TrimPrefix(rest[n:], ": ")
	b := &stepBlock{trace: r.began("lua", head{message: message, at: r.at, fatal: true}), step: stepLua}
	b.frame(Frame{Place: place})
	return r.start(b)
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
