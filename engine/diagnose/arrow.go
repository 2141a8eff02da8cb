package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// pendingHead is a line that says what is wrong; where follows.
type pendingHead struct {
	severity Severity
	code     string
	message  string
	at       uint64
	from     string // the tool, where the head tells; its place has a form of its own
	place    Place  // where it is, if that was printed first
	signed   bool   // a sign said how serious it is, not a word
}

// maxArrow is how many lines may be between what is wrong and where.
const maxArrow = 12

// maxGutter is how many bytes may be before an arrow: numbers of lines, a bar.
const maxGutter = 6

// arrows are the signs before a place.
var arrows = []struct{ open, end string }{
	{"--> ", ""},               // rustc, oxlint, ruff, ty
	{"╭─[", "]"},               // miette: swc, oxlint, next, deno lint
	{"╭▶ ", ""},                // older miette
	{",-[", "]"},               // the same without Unicode
	{"┌─ ", ""},                // codespan: typst, gleam, move
	{"└─ ", ""},                // elixir
	{"╰─▶ ", ""},               // ariadne, for the other kind of label
	{"┌─[", "]"},               // ariadne
	{"╭─ ", ""},                // sass's own files
	{"┌── ", " ──"},            // purescript's and others
	{"==> ", ""},               // crystal
	{">>> referenced by ", ""}, // lld, which has the path in brackets behind it
	{"at ", "\n"},              // deno; a stack's frames are another's
}

// matchArrow reads what is wrong in one line and where in one of the next:
//
//	error[E0308]: mismatched types
//	  --> src/broken.rs:16:18
//
//	  × Unexpected token `p`. Expected jsx identifier
//	   ╭─[/p/app/about/page.tsx:1:1]
//
//	    error: undefined function foo/0
//	    └─ lib/a.ex:3:5: A.fun/1
func matchArrow(r *Reader, l *detect.Line) bool {
	text := trim(r.text)
	if r.arrowPlace(text) {
		return true
	}
	if h, ok := arrowHead(text); ok {
		if b := r.ctx.sev; b.from == "biome" && r.at-b.at <= 3 {
			r.ctx.sev = pendingHead{}
			r.problem(Problem{Place: b.place, Severity: h.severity, Code: b.code, Message: h.message, Source: "js", At: b.at})
			return true
		}
		h.at = r.at
		r.ctx.sev = h
		r.why = "says what is wrong"
		// The place tells whether this is one; the line's own level stands.
	}
	return false
}

// arrowHead reads "error[E0308]: text", "  × text", "⚠ rule: text".
func arrowHead(text string) (h pendingHead, ok bool) {
	t := trim(strings.TrimPrefix(text, "│"))
	if _, n := severityWord(t); n == 0 {
		if rest, program := programPrefix(t); isProgram(program) { // ld.lld: error: text
			t = rest
		}
	}
	if sev, rest, signed := signHead(t); signed {
		h.severity, h.message, h.signed = sev, rest, true
		if code, message, ok := strings.Cut(rest, ": "); ok && strings.HasSuffix(code, ")") && !strings.Contains(code, " ") {
			h.code, h.message = code, message // oxlint: eslint(no-debugger): text
		}
		return h, rest != ""
	}
	if kind, rest, ok := strings.Cut(t, " "); ok && isShouted(kind) { // sass: DEPRECATION WARNING [rule]: text
		if _, n := severityWord(rest); n > 0 && isShouted(rest[:n]) {
			t = rest
		}
	}
	if n := codeLen(t); n > 0 && strings.HasPrefix(t[n:], " [") { // deno: TS2366 [ERROR]: text
		word, message, ok := strings.Cut(t[n+2:], "]: ")
		sev, w := severityWord(word)
		return pendingHead{severity: sev, code: t[:n], message: message}, ok && w == len(word) && w > 0
	}
	sev, n := severityWord(t)
	if n == 0 || n == len(t) {
		return h, false
	}
	rest := strings.TrimPrefix(t[n:], " ")
	if strings.HasPrefix(rest, "[") {
		if end := strings.IndexByte(rest, ']'); end > 0 {
			h.code, rest = rest[1:end], rest[end+1:]
		}
	} else if c := codeLen(rest); c > 0 && t[n] == ' ' { // AssemblyScript: ERROR TS2365: text
		h.code, rest = rest[:c], rest[c:]
	}
	if !strings.HasPrefix(rest, ": ") {
		return h, false
	}
	h.severity, h.message = sev, trim(rest[2:])
	return h, true
}

// isShouted: a word in capitals.
func isShouted(s string) bool {
	for i := range len(s) {
		if !isUpper(s[i]) {
			return false
		}
	}
	return len(s) > 1
}

// signs stand for severities.
var signs = []struct {
	text     string
	severity Severity
}{
	{"×", Error}, {"✖", Error}, {"✘", Error}, {"⚠", Warning}, {"☞", Information}, {"ℹ", Information}, {"✗", Error}, {"❌", Error},
}

// letterSigns are those that tools print where the terminal has no Unicode. A row's
// place may be behind a sign, but no letter.
var letterSigns = []struct {
	text     string
	severity Severity
}{
	{"x ", Error}, {"! ", Warning},
}

func signHead(t string) (Severity, string, bool) {
	for _, s := range signs {
		if rest, ok := strings.CutPrefix(t, s.text); ok && strings.HasPrefix(rest, " ") {
			return s.severity, trim(rest), true
		}
	}
	for _, s := range letterSigns {
		if rest, ok := strings.CutPrefix(t, s.text); ok {
			return s.severity, trim(rest), true
		}
	}
	return 0, "", false
}

// arrowPlace emits the pending problem if the line is its place. Ruff's full
// format has the rule before: "F401 [*] `os` imported but unused".
func (r *Reader) arrowPlace(text string) bool {
	if r.ctx.sev.at > 0 && r.at-r.ctx.sev.at <= 2 && strings.HasPrefix(r.text, " ") { // elixir before 1.15 has no arrow
		if p, n := colonPlace(text); n > 0 && strings.HasPrefix(ext(p.File), "ex") {
			return r.arrowProblem(p, false)
		}
	}
	for _, a := range arrows {
		at := strings.Index(text[:min(len(text), maxGutter+len(a.open))], a.open)
		if at < 0 {
			continue
		}
		s := strings.TrimPrefix(trim(text[at+len(a.open):]), "in ")
		p, n := colonPlace(s)
		if n == 0 { // AssemblyScript: └─ in a.ts(2,10)
			p, n = parenPlace(s)
		}
		if inner, ok := between(s, " (", ")"); ok && n > 0 {
			if in, m := colonPlace(inner); m == len(inner) && m > 0 {
				p = in
			}
		}
		if n == 0 || a.end == "\n" && n != len(s) {
			continue
		}
		return r.arrowProblem(p, a.end == "]")
	}
	return false
}

// arrowProblem emits the problem at p. framed says that p heads a frame around the
// source, which nothing but what is wrong in it has: the line above is the message,
// also if it does not say how serious it is.
func (r *Reader) arrowProblem(p Place, framed bool) bool {
	h := r.ctx.sev
	if h.at == 0 || r.at-h.at > maxArrow {
		var ok bool
		if h, ok = r.ruffHead(); !ok {
			text, at := r.before.back(1)
			if !framed || at+1 != r.at {
				return false
			}
			h = pendingHead{severity: Error, message: trim(string(text)), at: at}
		}
	}
	r.ctx.sev = pendingHead{}
	if h.severity > Warning && ext(p.File) == "rs" {
		return true // a note's place: it explains the error before
	}
	r.problem(Problem{Place: p, Severity: h.severity, Code: h.code, Message: h.message, At: h.at})
	r.begin(&gutterBlock{severity: h.severity})
	return true
}

// ruffHead finds a rule and its text in the line before.
func (r *Reader) ruffHead() (h pendingHead, ok bool) {
	before, at := r.before.back(1)
	if at == 0 || r.at-at > 1 {
		return h, false
	}
	s := trim(string(before))
	n := codeLen(s)
	if n == 0 {
		return h, false
	}
	rest := trim(strings.TrimPrefix(strings.TrimLeft(s[n:], ": "), "[*]"))
	return pendingHead{severity: letterSeverity(s[:n]), code: s[:n], message: rest, at: at}, true
}

// gutterBlock is the excerpt of source below a place. Its lines say nothing.
type gutterBlock struct {
	severity Severity
	n        int
}

func (b *gutterBlock) level() lines.Level { return lines.Trace }

func (b *gutterBlock) next(r *Reader, l *detect.Line) bool {
	b.n++
	s := trim(r.text)
	if s == "" || b.n > 40 {
		return false
	}
	if isGutter(s) {
		return true
	}
	for _, sign := range []string{"·", "╰", "│", "`--", "= ", "...", "┆", "┌", "└", ":", "~"} {
		if strings.HasPrefix(s, sign) {
			return true
		}
	}
	return false
}

func (b *gutterBlock) close(*Reader) {}
