package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

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
