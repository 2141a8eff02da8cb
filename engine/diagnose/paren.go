package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchParen reads the form of Microsoft's tools and a few others:
//
//	src/cart.ts(2,1): error TS6133: 'missing' is declared
//	Program.cs(5,20): error CS1002: ; expected [/p/app.csproj]
//	main.cpp(12): warning C4101: 'x': unreferenced local variable
//	[ERROR] /p/src/main/java/A.java:[12,5] cannot find symbol
func matchParen(r *Reader, l *detect.Line) bool {
	_, s := indent(r.text)
	prefixed := false
	if rest, prefix := programPrefix(s); prefix != "" && strings.HasPrefix(s, "[") {
		s, prefixed = rest, true
		if r.maven(s, prefix) {
			return true
		}
	}
	p, n := parenPlace(s)
	if n == 0 || n >= len(s) || s[n] != ':' && s[n] != ' ' {
		return false
	}
	v := readVerdict(s[n:], p.File)
	if !v.said && !prefixed || v.message == "" {
		return false
	}
	r.place(&p, &v)
	p.Unit = UTF16
	r.tailed(Problem{Place: p, Severity: v.severity, Code: v.code, Message: v.message, Source: v.source})
	return true
}

// maven: the compiler plugin's place, "/p/A.java:[12,5] text".
func (r *Reader) maven(s, prefix string) bool {
	at := strings.Index(s, ":[")
	if at <= 0 || !isPath(s[:at]) {
		return false
	}
	p := Place{File: s[:at], Unit: UTF16}
	var d int
	p.Line, d = number(s[at+2:])
	i := at + 2 + d
	if p.Col, d = numberBehind(s[i:], ","); d > 0 {
		i += d
	}
	if i >= len(s) || s[i] != ']' || p.Line == 0 {
		return false
	}
	sev, _ := severityWord(prefix)
	r.tailed(Problem{Place: p, Severity: sev, Message: strings.TrimPrefix(trim(s[i+1:]), "error: "), Source: "java"})
	return true
}
