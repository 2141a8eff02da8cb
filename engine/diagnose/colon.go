package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
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
	} else if prefix != "" && width == 0 && v.severity == Information {
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

// matchGoPackage takes the line that names the package of what the go command says
// next: "# example.com/shop/api", and go vet's "# [example.com/shop/api]".
func matchGoPackage(r *Reader, l *detect.Line) bool {
	rest, ok := strings.CutPrefix(r.text, "# ")
	pkg, _, _ := strings.Cut(trim(rest), " ")
	if !ok || !strings.ContainsAny(pkg, "./[") && pkg != "command-line-arguments" || strings.HasSuffix(pkg, ".") {
		return false
	}
	r.ctx.pkg, r.ctx.vet = trim(rest), strings.HasPrefix(rest, "[")
	return true
}

// fileText reports whether what stands behind a place is a line of the file itself, as
// grep shows it, and not what a tool says of it: tools put one blank before that.
func fileText(behind string, column bool) bool {
	said, ok := strings.CutPrefix(behind, ":")
	return ok && (strings.HasPrefix(said, "  ") || !column && said != "" && said[0] != ' ' && said[0] != '\t')
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

// isData reports whether a file is data or a grammar: what is said of a line of
// it is said by a tool that reads it.
func isData(path string) bool {
	switch ext(path) {
	case "yml", "yaml", "json", "json5", "jsonc", "toml", "xml", "xsd", "svg", "html", "htm", "css", "scss", "md", "markdown", "rst", "tex", "csv", "ini", "conf", "cfg", "tf", "proto", "graphql", "sql", "l", "y", "ll", "yy", "po", "desktop", "service":
		return true
	}
	return false
}

// isLittle reports whether a file is in a language whose programs do not log their
// own place: what is said of a line of it is said by what reads or runs it.
func isLittle(path string) bool {
	switch ext(path) {
	case "lua", "m4", "awk", "sed", "s", "asm", "nasm", "scm", "lisp", "el", "pl", "pm", "tcl", "mk", "mak", "cmake", "nix", "jsonnet", "libsonnet", "cue", "rego", "hcl", "bzl", "elm", "dot", "gv", "gp", "pod", "roff", "feature", "thrift", "capnp", "fbs", "asn1", "sv", "vhd", "vhdl":
		return true
	}
	return false
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

// shown is a line with a place, no column and no severity, which may be a
// problem: an excerpt of source and a caret below show that it is.
//
//	bad.rb:4: class definition in method body
//	class X
//	^~~~~~~
type shown struct {
	p  Problem
	at uint64
}

func (r *Reader) mayBeShown(p Place, v verdict) {
	source, unit := sourceOf(p.File)
	if source == ext(p.File) {
		return
	}
	p.Unit = unit
	r.ctx.shown = shown{Problem{Place: p, Severity: v.severity, Message: v.message, Source: source, At: r.at}, r.at}
}

// matchCaret takes the caret. The line's own column is left out: the caret shows
// where a statement begins, not what is wrong.
func matchCaret(r *Reader, l *detect.Line) bool {
	if s := r.ctx.shown; s.at > 0 && r.at-s.at == 2 && caretColumn(r.text) > 0 {
		r.ctx.shown = shown{}
		r.problem(s.p)
		return true
	}
	return false
}

// assertionBehind: ": main: Assertion `x' failed."
func assertionBehind(s string) (string, bool) {
	at := strings.Index(s, "Assertion `")
	if at < 0 {
		return "", false
	}
	return s[at:], true
}

// bare remembers a line that is a place and nothing else: it may begin the
// source excerpt of a crash, or a check's finding.
func (r *Reader) bare(p Place) bool {
	r.ctx.bare = barePos{p, r.at}
	r.why = "a place"
	return true
}

// belowSign takes the place below a line that says by a sign that something is
// wrong:
//
//	⚠  https://revive.run/r#exported  exported function Total should have comment
//	cart/cart.go:5:1
func (r *Reader) belowSign(p Place, width int) bool {
	h := r.ctx.sev
	if h.at == 0 || r.at != h.at+1 || !h.signed || p.Col == 0 || width > 4 {
		return false
	}
	r.ctx.sev = pendingHead{}
	source, unit := sourceOf(p.File)
	p.Unit = unit
	message, code := h.message, h.code
	if link, rest, ok := strings.Cut(message, "  "); ok && strings.Contains(link, "://") {
		message, code = trim(rest), link[strings.LastIndexAny(link, "/#")+1:]
	}
	r.problem(Problem{Place: p, Severity: h.severity, Code: code, Message: message, Source: source, At: h.at})
	return true
}

// placedError takes an error whose message is its place; what is wrong comes below, or
// never: "ParseError: src/a.styl:6:1".
func (r *Reader) placedError(p Place, typ string) bool {
	if !strings.HasSuffix(typ, "Error") || p.Col == 0 {
		return false
	}
	r.setHead(head{typ: typ, at: r.at})
	source, unit := sourceOf(p.File)
	p.Unit = unit
	r.problem(Problem{Place: p, Severity: Error, Code: typ, Message: typ, Source: source})
	return true
}

// belowHead takes the first place below a line that says what is wrong, and, of what
// reads data, below one that ends in a colon:
//
//	RUNTIME ERROR: Field does not exist: missing
//		a.jsonnet:3:6-15	object <anonymous>
//
//	d: reference "missing" not found:
//	    ./a.cue:6:4
func (r *Reader) belowHead(p Place, width int) bool {
	text, at := r.before.back(1)
	message, colon := strings.CutSuffix(trim(string(text)), ":")
	h := r.ctx.sev
	if p.Col == 0 || width == 0 || at+1 != r.at || !isData(p.File) && !isLittle(p.File) {
		return false
	}
	if h.at != at {
		if !colon || !strings.Contains(message, " ") {
			return false
		}
		h = pendingHead{severity: Error, message: message, at: at}
	}
	r.ctx.sev = pendingHead{}
	source, unit := sourceOf(p.File)
	p.Unit = unit
	r.problem(Problem{Place: p, Severity: h.severity, Code: h.code, Message: h.message, Source: source, At: h.at})
	return true
}

// belowLocation takes the place below the word:
//
//	Expected ":" but found "$$render"
//	  Location:
//	    /p/src/pages/bad.astro:27:7
func (r *Reader) belowLocation(p Place) bool {
	word, at := r.before.back(1)
	text, from := r.before.back(2)
	if trim(string(word)) != "Location:" || at+1 != r.at || from+2 != r.at || p.Col == 0 {
		return false
	}
	source, unit := sourceOf(p.File)
	p.Unit = unit
	r.problem(Problem{Place: p, Severity: Error, Message: string(text), Source: source, At: from})
	return true
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
	if r.ctx.pkg != "" {
		p.Dirs = packageDirs(strings.Trim(r.ctx.pkg, "[]"))
	}
	if !v.said && (r.ctx.pkg == "" || r.ctx.vet) && !goCompileError(v) {
		v.severity = Warning
	}
}

// goCompileError reports whether a message is the compiler's. It heads what it
// says with the package's name; go vet and linters need not. But the go command
// itself complains about packages without.
func goCompileError(v *verdict) bool {
	for _, p := range []string{"undefined: ", "syntax error", "expected ", "package ", "no required module", "cannot ", "could not import", "import cycle", "found packages", "missing return", "declared and not used", "too many ", "not enough "} {
		if strings.HasPrefix(v.message, p) {
			return true
		}
	}
	return v.code == "typecheck" || strings.HasSuffix(v.message, " imported and not used")
}

// packageDirs are the folders that a package of this import path may be in,
// seen from the module's root: the path without its first, first two, ... parts.
func packageDirs(pkg string) (dirs []string) {
	pkg, _, _ = strings.Cut(pkg, " ")
	for rest := pkg; rest != ""; {
		_, rest, _ = strings.Cut(rest, "/")
		if rest != "" {
			dirs = append(dirs, rest)
		}
	}
	return dirs
}

// tailed emits a problem whose message may go on, or whose column a caret tells,
// in the next lines.
func (r *Reader) tailed(p Problem) {
	r.raise(p.Severity.level())
	p.At, p.ref = r.at, r.ref()
	r.begin(&tailBlock{p: p})
}

// tailBlock is a problem whose next lines explain it:
//
//	src/prices.ts(18,12): error TS2416: Property 'area' ...
//	  Type '() => string' is not assignable to type '() => number'.
//
//	shop/Cart.java:14: error: ';' expected
//	        return sum
//	                  ^
type tailBlock struct {
	p       Problem
	n       int
	excerpt bool // the source is being shown: no more of the message comes
}

// maxTail is how many lines of explanation are taken.
const maxTail = 12

func (b *tailBlock) level() lines.Level { return lines.Trace }

func (b *tailBlock) next(r *Reader, l *detect.Line) bool {
	b.n++
	text := r.text
	width, s := indent(text)
	if s == "" || width == 0 || b.n > maxTail {
		return false
	}
	if col := caretColumn(text); col > 0 {
		if b.p.Col == 0 {
			b.p.Col, b.p.Unit = col, Display
		}
		return true
	}
	if isGutter(s) {
		b.excerpt = true
		return true
	}
	if _, n := colonPlace(s); n > 0 || strings.HasPrefix(s, "at ") || strings.HasPrefix(s, "--> ") {
		return false
	}
	if b.p.Col == 0 && b.p.Source == "java" {
		return true // the source; its caret follows
	}
	switch {
	case b.p.Message == "", b.p.Source == "tsc" && !b.excerpt, b.p.Source == "go" && b.p.Code == "", b.p.Source == "hs":
		b.p.Message = strings.TrimPrefix(b.p.Message+"\n"+strings.TrimRight(text, " "), "\n")
	case l.Said:
		return false
	}
	return true
}

func (b *tailBlock) close(r *Reader) { r.problem(b.p) }

// isGutter: "7 |     char *p", "|   ^~", "12 │ x".
func isGutter(s string) bool {
	_, d := number(s)
	s = strings.TrimLeft(s[d:], " ")
	return strings.HasPrefix(s, "|") || strings.HasPrefix(s, "│")
}
