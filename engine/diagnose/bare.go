package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

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
	if source, _ := sourceOf(p.File); source == ext(p.File) {
		return
	}
	r.ctx.shown = shown{Problem{Place: p, Severity: v.severity, Message: v.message, At: r.at}, r.at}
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
	message, code := h.message, h.code
	if link, rest, ok := strings.Cut(message, "  "); ok && strings.Contains(link, "://") {
		message, code = trim(rest), link[strings.LastIndexAny(link, "/#")+1:]
	}
	r.problem(Problem{Place: p, Severity: h.severity, Code: code, Message: message, At: h.at})
	return true
}

// placedError takes an error whose message is its place; what is wrong comes below, or
// never: "ParseError: src/a.styl:6:1".
func (r *Reader) placedError(p Place, typ string) bool {
	if !strings.HasSuffix(typ, "Error") || p.Col == 0 {
		return false
	}
	r.setHead(head{typ: typ, at: r.at})
	r.problem(Problem{Place: p, Severity: Error, Code: typ, Message: typ})
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
	r.problem(Problem{Place: p, Severity: h.severity, Code: h.code, Message: h.message, At: h.at})
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
	r.problem(Problem{Place: p, Severity: Error, Message: string(text), At: from})
	return true
}

// bareMessage: a line that was only a place, and then what is wrong there.
//
//	./app/page.tsx:3:5                              next
//	Type error: Property 'x' does not exist
//
//	/p/src/App.svelte:3:5                           svelte-check
//	Error: Type 'string' is not assignable (ts)
func (r *Reader) bareMessage(t string) bool {
	b := r.ctx.bare
	if rest, ok := strings.CutPrefix(t, "ERROR: "); ok && strings.Contains(b.File, "ockerfile") && r.at-b.at <= 30 {
		r.problem(Problem{Place: b.Place, Severity: Error, Message: rest, Source: "docker", At: b.at})
		r.raise(lines.Error)
		r.ctx.bare = barePos{}
		return true
	}
	if b.at == 0 || r.at-b.at != 1 || b.Col == 0 {
		return false
	}
	for _, head := range []struct {
		text string
		sev  Severity
	}{
		{"Type error: ", Error},
		{"Syntax error: ", Error},
		{"Error: ", Error},
		{"Warn: ", Warning},
		{"Warning: ", Warning},
		{"Hint: ", Hint},
		{"Module not found: ", Error},
		{"Parsing ", Error},
		{"× ", Error},
		{"⚠ ", Warning},
	} {
		rest, ok := strings.CutPrefix(t, head.text)
		if !ok {
			continue
		}
		if strings.HasPrefix(head.text, "Module") || head.text == "Parsing " {
			rest = t
		}
		v := verdict{message: rest}
		v.ruleBehind("x.svelte")
		r.ctx.bare = barePos{}
		r.problem(Problem{Place: b.Place, Severity: head.sev, Code: v.code, Message: v.message, At: b.at})
		r.raise(head.sev.level())
		return true
	}
	return false
}
