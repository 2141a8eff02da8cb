package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// matchColon reads the most common form of all: a place, a colon, a message.
//
//	src/main.c:7:15: warning: unused variable ‘p’ [-Wunused-variable]
//	src/cart.ts:2:1 - error TS6133: 'missing' is declared
//	api/api.go:5:2: "strings" imported and not used
//	a.py:3:1: E302 expected 2 blank lines
//	shop/Cart.java:14: error: ';' expected
//
// Without a column the text must name a severity or a rule: loggers print
// "main.go:23: starting" too.
func matchColon(r *Reader, l *detect.Line) bool {
	text := r.text
	width, s := indent(text)
	s, marked := strings.CutPrefix(s, "⨯ ") // next
	s, prefix := programPrefix(s)
	if rest, second := programPrefix(s); isProgram(prefix) && second != "" { // ninja: error: build.ninja:4: text
		if _, n := severityWord(second); n == len(second) {
			s, prefix = rest, second
		}
	}
	p, n := colonPlace(s)
	if n == 0 || s[0] == '[' {
		return r.bracketed(s) || r.signed(s)
	}
	behind := s[n:]
	if trim(behind) == "" || width > 0 && behind[0] == '\t' {
		return r.placedError(p, prefix) || r.belowHead(p, width) || r.belowSign(p, width) || r.belowLocation(p) || (width == 0 || marked) && r.bare(p)
	}
	if fileText(behind, p.Col > 0) {
		return false
	}
	if strings.HasPrefix(behind, ":in ") || strings.HasPrefix(p.File, "node:") || behind[0] != ':' && behind[0] != ' ' {
		return false
	}
	v := readVerdict(behind, p.File)
	v.prefixed(prefix)
	if rule, ruler, _ := strings.Cut(v.message, "━━━"); ruler != "" { // biome: what is wrong comes below
		r.place(&p, &v)
		if v.code == "" {
			v.code = trim(rule)
		}
		r.ctx.sev = pendingHead{severity: Error, code: v.code, at: r.at, from: "biome", place: p}
		return true
	}
	if assertion, ok := assertionBehind(behind); ok {
		v.severity, v.message, v.said = Error, assertion, true
	} else if prefix != "" && width == 0 && v.severity == Information || ownPlace(&p, &v, prefix) {
		return false
	}
	if v.message == "" {
		if !v.said {
			return false
		}
	} else if !v.said && !quietForm(&p, &v, behind, width, prefix) {
		if width == 0 && prefix == "" && p.Col == 0 && behind[0] == ':' {
			r.mayBeShown(p, v)
		}
		return false
	}
	r.place(&p, &v)
	problem := Problem{Place: p, Severity: v.severity, Code: v.code, Message: v.message, Source: v.source}
	r.tailed(problem)
	return true
}

// bracketed takes a place in brackets before a rule: loggers print places so, too, but
// no rules.
//
//	[/p/cart/main.go:17] - G204 (CWE-78): Subprocess launched with a potential tainted input     gosec
func (r *Reader) bracketed(s string) bool {
	where, rest, ok := strings.Cut(strings.TrimPrefix(s, "["), "] - ")
	p, n := colonPlace(where)
	if !ok || s[0] != '[' || n == 0 || n != len(where) || codeLen(rest) == 0 {
		return false
	}
	v := readVerdict(rest, p.File)
	r.place(&p, &v)
	r.problem(Problem{Place: p, Severity: v.severity, Code: v.code, Message: v.message, Source: v.source})
	return true
}

// signed takes a place behind a sign: "❌ package.json:1:185 Cannot find script".
func (r *Reader) signed(s string) bool {
	sev, rest, ok := signHead(s)
	p, n := colonPlace(rest)
	if !ok || n == 0 || p.Col == 0 || n+1 >= len(rest) || rest[n] != ' ' && rest[n] != ':' || !isLetter(trim(rest[n+1:] + "0")[0]) {
		return false
	}
	v := readVerdict(rest[n:], p.File)
	if !v.said {
		v.severity = sev
	}
	r.place(&p, &v)
	r.tailed(Problem{Place: p, Severity: v.severity, Code: v.code, Message: v.message, Source: v.source})
	return true
}

// fileText reports whether what stands behind a place is a line of the file itself, as
// grep shows it, and not what a tool says of it: tools put one blank before that.
func fileText(behind string, column bool) bool {
	said, ok := strings.CutPrefix(behind, ":")
	return ok && (strings.HasPrefix(said, "  ") || !column && said != "" && said[0] != ' ' && said[0] != '\t')
}

// ownPlace reports whether a place is rather that of the line of the program which
// logs: behind a level, and the name alone of a file that programs are written in.
//
//	[WARN] cart.go:12: memory is low
func ownPlace(p *Place, v *verdict, prefix string) bool {
	_, n := severityWord(prefix)
	return n > 0 && n == len(prefix) && p.Col == 0 && v.code == "" && !strings.ContainsAny(p.File, `/\\`) && !isData(p.File) && !isLittle(p.File) && ext(p.File) != ""
}

// quietForm reports whether a line that names neither severity nor rule is a
// problem all the same: its place has a column, or it is in a file that no program
// would log as its own place. Standard's lines are indented and end with a rule in
// brackets, luacheck's are indented by four, cspell's have a dash.
func quietForm(p *Place, v *verdict, behind string, width int, prefix string) bool {
	switch {
	case width == 0 && p.Col == 0 && (isData(p.File) || isLittle(p.File)) && (prefix == "" || isProgram(prefix)):
		return strings.HasPrefix(behind, ": ") && strings.IndexByte("*-#|>`/", behind[2]) < 0 // no line of Markdown
	case prefix == "" && width == 4 && p.Col > 0 && ext(p.File) == "lua":
		v.severity = Warning
		return strings.HasPrefix(behind, ": ")
	case prefix != "" || p.Col == 0:
		return false
	case strings.HasPrefix(behind, " - "):
		return width == 0
	case behind[0] == ' ' && width == 0 && (isData(p.File) || isLittle(p.File)):
		return len(behind) > 2 && isUpper(behind[1])
	case behind[0] != ':':
		return false
	case width == 2 && strings.HasSuffix(v.message, ")"):
		if rest, ok := strings.CutSuffix(v.message, " (warning)"); ok {
			v.message, v.severity = rest, Warning
		}
		open := strings.LastIndex(v.message, " (")
		if open <= 0 || !isRule(v.message[open+2:len(v.message)-1]) {
			return false
		}
		if rule := v.message[open+2 : len(v.message)-1]; rule != "null" {
			v.code = rule
		}
		v.message = v.message[:open]
		return true
	}
	return width == 0
}

// isProgram: the name of a program as it stands before what it says of a file,
// "luac: ". A logger's prefix before its own place looks the same, but that place
// is in a file of Go's or C's.
func isProgram(s string) bool {
	for i := range len(s) {
		if c := s[i]; isUpper(c) || !isWord(c) && c != '-' && c != '.' && c != '+' {
			return false
		}
	}
	return s != "" && isLetter(s[0])
}

// prefixed takes in what stands before the place: "[error] ", sbt's; "e: ",
// Kotlin's; "CssSyntaxError: ".
func (v *verdict) prefixed(prefix string) {
	if strings.HasSuffix(prefix, "Error") {
		v.said = true
	}
	if sev, ok := userSeverity(prefix); ok && !v.said {
		v.severity, v.said = sev, true
	}
	word, code, _ := strings.Cut(strings.TrimPrefix(prefix, "%"), "-") // Verilator: %Warning-WIDTH
	if sev, n := severityWord(word); n > 0 && n == len(word) && prefix[0] == '%' && !v.said {
		v.severity, v.said, v.code = sev, true, code
	}
}

// programPrefix cuts the name of a program that speaks of a file: "ld: ",
// "lua: ", "[error] ", "ERROR: ", ".segv: ".
func programPrefix(s string) (rest, prefix string) {
	at := strings.Index(s, ": ")
	if open := strings.Index(s, "] "); strings.HasPrefix(s, "[") && open > 0 && open < 12 {
		if _, n := severityWord(s[1:]); n == open-1 {
			return strings.TrimLeft(s[open+2:], " "), s[1:open]
		}
	}
	if name, behind, ok := strings.Cut(s, ":"); ok && at > len(name) && isProgram(name) && !isPath(name) && name != "node" && name != "file" {
		if _, n := colonPlace(behind); n > 0 && !isDrive(s) { // m4:a.m4:1: ERROR: text
			return behind, name
		}
	}
	if at <= 0 || at > 60 || strings.ContainsAny(s[:at], " \"'`(") || strings.Contains(s[:at], ":") {
		return s, ""
	}
	return s[at+2:], s[:at]
}

// assertionBehind: ": main: Assertion `x' failed."
func assertionBehind(s string) (string, bool) {
	at := strings.Index(s, "Assertion `")
	if at < 0 {
		return "", false
	}
	return s[at:], true
}

// place fills in what the tool leaves out: its name, its unit, its folder.
func (r *Reader) place(p *Place, v *verdict) {
	source, unit := sourceOf(p.File)
	if v.source == "" {
		v.source = source
	}
	if strings.HasPrefix(v.code, "TS") || strings.HasPrefix(v.code, "ts") {
		v.source = "tsc"
	}
	p.Unit = unit
	if v.zero {
		p.Col++
	}
	if source != "go" {
		return
	}
	if r.at-r.ctx.pkgAt > maxTail { // something else has been printed since
		r.ctx.pkg = ""
	}
	if r.ctx.pkg != "" {
		r.ctx.pkgAt = r.at
		p.Dirs = packageDirs(strings.Trim(r.ctx.pkg, "[]"))
	}
	if !v.said && (r.ctx.pkg == "" || r.ctx.vet) && !goCompileError(v) {
		v.severity = Warning
	}
}
