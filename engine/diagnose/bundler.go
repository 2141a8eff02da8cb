package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// matchBundler reads what bundlers print: a head that says what is wrong, and a
// place in one of the next lines. They count columns from 0.
func matchBundler(r *Reader, l *detect.Line) bool {
	t := trim(r.text)
	switch {
	case r.esbuildHead(t), r.webpackHead(t), r.viteHead(t), r.rollupHead(t), r.parcelHead(t), r.terserHead(t):
		return true
	}
	return r.bundlerPlace(t) || r.bareMessage(t)
}

// esbuildHead: "✘ [ERROR] Could not resolve "./x" [plugin y]".
func (r *Reader) esbuildHead(t string) bool {
	for _, head := range []struct {
		text string
		sev  Severity
	}{{"✘ [ERROR] ", Error}, {"X [ERROR] ", Error}, {"▲ [WARNING] ", Warning}, {"! [WARNING] ", Warning}} {
		if rest, ok := strings.CutPrefix(t, head.text); ok {
			rest, _, _ = strings.Cut(rest, " [plugin ")
			v := verdict{message: rest}
			v.ruleBehind("")
			if n := codeLen(v.message); n > 0 && strings.HasPrefix(v.message[n:], ": ") {
				v.code, v.message = v.message[:n], v.message[n+2:]
			}
			r.ctx.sev = pendingHead{severity: head.sev, code: v.code, message: v.message, at: r.at, from: "esbuild"}
			r.raise(head.sev.level())
			return true
		}
	}
	return false
}

// parcelHead: "@parcel/transformer-js: Expression expected"; the place is a line
// of its own below.
func (r *Reader) parcelHead(t string) bool {
	rest, ok := strings.CutPrefix(t, "@parcel/")
	if !ok {
		return false
	}
	name, message, ok := strings.Cut(rest, ": ")
	if !ok || strings.Contains(name, " ") {
		return false
	}
	r.ctx.sev = pendingHead{severity: Error, message: message, at: r.at, from: "parcel"}
	r.raise(lines.Error)
	return true
}

// terserHead: "Parse error at src/sum.js:2,12", then an excerpt, then what is
// wrong; the column counts from 0.
func (r *Reader) terserHead(t string) bool {
	if h := r.ctx.sev; h.from == "terser" && r.at-h.at <= 5 {
		message, ok := strings.CutPrefix(t, "ERROR: ")
		if !ok { // uglify has the error's own name
			_, message, ok = errorHead(t)
		}
		if ok {
			r.problem(Problem{Place: h.place, Severity: Error, Message: message, Source: "terser", At: h.at})
			r.ctx.sev = pendingHead{}
			r.ctx.head = head{}
			return true
		}
	}
	where, ok := strings.CutPrefix(t, "Parse error at ")
	if !ok {
		return false
	}
	p, n := colonPlace(where)
	col, d := numberBehind(where[n:], ",")
	if n == 0 || d == 0 {
		return false
	}
	p.Col, p.Unit = col+1, UTF16
	r.ctx.sev = pendingHead{severity: Error, at: r.at, from: "terser", place: p}
	r.raise(lines.Error)
	return true
}

// viteHead: "[vite] Internal server error: text", "error during build:".
func (r *Reader) viteHead(t string) bool {
	for _, head := range []string{"Internal server error: ", "Pre-transform error: ", "(client) Pre-transform error: ", "(ssr) Pre-transform error: ", "Error when evaluating SSR module "} {
		if rest, ok := strings.CutPrefix(t, head); ok {
			r.ctx.sev = pendingHead{severity: Error, message: rest, at: r.at, from: "vite"}
			r.raise(lines.Error)
			return true
		}
	}
	if strings.HasPrefix(t, "error during build") {
		r.rollupFails("vite", t)
		r.ctx.head = head{}
		return true
	}
	return false
}

// rollupHead: "[!] RollupError: text", "[!] (plugin terser) SyntaxError: text". Others
// begin their lines so, too, but not what follows.
func (r *Reader) rollupHead(t string) bool {
	rest, ok := strings.CutPrefix(t, "[!] ")
	if _, behind, plugin := strings.Cut(rest, ") "); plugin && strings.HasPrefix(rest, "(plugin ") {
		rest = behind
	}
	_, _, named := errorHead(rest)
	if !ok || !named {
		return false
	}
	message := r.rollupFails("rollup", t)
	r.setHead(head{typ: "Error", message: message, at: r.at})
	r.rollupPlace(message)
	return true
}

// rollupFails ends a build whose error has begun, and returns its message so far.
func (r *Reader) rollupFails(tool, t string) (message string) {
	_, message, _ = strings.Cut(t, "Error: ")
	r.ctx.sev = pendingHead{severity: Error, message: message, at: r.at, from: "rollup"}
	r.buildMark(tool, Ended, false, "")
	return message
}

// bundlerPlace: the place of a pending head.
//
//	    src/app.ts:6:6:                       esbuild
//	  File: /p/src/lost.js:1:25               vite
//	src/bad.js (2:19): Expression expected    rollup
//	  src/a.scss 3:5  root stylesheet         sass
func (r *Reader) bundlerPlace(t string) bool {
	h := r.ctx.sev
	if h.at == 0 || r.at-h.at > maxArrow {
		return false
	}
	switch h.from {
	case "esbuild":
		p, n := colonPlace(t)
		if n == 0 || t[n:] != ":" {
			return false
		}
		p.Col++
		return r.bundled(p, h.message, "esbuild", Bytes)
	case "parcel":
		if p, n := colonPlace(t); n > 0 && n == len(t) {
			return r.bundled(p, h.message, "parcel", UTF16)
		}
	case "vite", "rollup":
		if rest, ok := strings.CutPrefix(strings.ToLower(t), "file: "); ok && len(rest) < len(t) {
			if p, n := colonPlace(t[len("file: "):]); n > 0 && h.message != "" {
				p.Col++
				return r.bundled(p, h.message, "vite", UTF16)
			}
		}
		return r.rollupPlace(t)
	case "":
		file, rest, ok := strings.Cut(t, " ")
		line, d := number(rest)
		col, d2 := numberBehind(rest[min(d, len(rest)):], ":")
		if ok && d > 0 && d2 > 0 && isPath(file) && (strings.HasSuffix(t, "stylesheet") || strings.Contains(rest[d+d2:], "  ")) {
			return r.bundled(Place{File: file, Line: line, Col: col}, h.message, "sass", UTF16)
		}
	}
	return false
}

// rollupPlace: "src/bad.js (2:19): text", and "... from "/p/src/lost.js"." which
// has no line.
func (r *Reader) rollupPlace(t string) bool {
	file, rest, ok := strings.Cut(t, " (")
	line, d := number(rest)
	col, d2 := numberBehind(rest[min(d, len(rest)):], ":")
	if ok && d > 0 && d2 > 0 && isPath(file) {
		_, message, _ := strings.Cut(rest, "): ")
		if message == "" {
			message = r.ctx.sev.message
		}
		return r.bundled(Place{File: file, Line: line, Col: col + 1}, message, "vite", UTF16)
	}
	for _, what := range []string{"Rollup failed to resolve import ", "failed to resolve import ", "Could not resolve "} {
		at := strings.Index(t, what)
		if at < 0 {
			continue
		}
		_, rest, _ := strings.Cut(t[at:], " from ")
		if file, ok := between(rest, `"`, `"`); ok && isPath(file) {
			return r.bundled(Place{File: file}, t[at:], "vite", UTF16)
		}
	}
	return false
}

func (r *Reader) bundled(p Place, message, source string, unit Unit) bool {
	h := r.ctx.sev
	p.Unit = unit
	r.problem(Problem{Place: p, Severity: h.severity, Code: h.code, Message: message, Source: source, At: h.at})
	r.ctx.sev = pendingHead{}
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
		source, unit := sourceOf(b.File)
		p := b.Place
		p.Unit = unit
		r.ctx.bare = barePos{}
		r.problem(Problem{Place: p, Severity: head.sev, Code: v.code, Message: v.message, Source: source, At: b.at})
		r.raise(head.sev.level())
		return true
	}
	return false
}

// webpackHead opens the block of one error:
//
//	ERROR in ./src/index.ts 2:0-30
//	Module not found: Error: Can't resolve './gone' in '/p/src'
func (r *Reader) webpackHead(t string) bool {
	sev, rest := Error, ""
	var ok bool
	if rest, ok = strings.CutPrefix(t, "ERROR in "); !ok {
		if rest, ok = strings.CutPrefix(t, "WARNING in "); !ok {
			return false
		}
		sev = Warning
	}
	if strings.HasPrefix(rest, "[eslint]") {
		return true
	}
	b := &webpackBlock{p: Problem{Severity: sev, Source: "webpack", At: r.at, ref: r.ref()}}
	b.place(rest)
	r.begin(b)
	return true
}

// webpackBlock is one error of webpack, to the next empty line. The place is
// printed up to three times; the loader's own, in brackets, counts from 1.
type webpackBlock struct {
	p     Problem
	exact bool // the place is the loader's own
	n     int
}

func (b *webpackBlock) level() lines.Level { return b.p.Severity.level() }

func (b *webpackBlock) next(r *Reader, l *detect.Line) bool {
	t := trim(r.text)
	b.n++
	if t == "" || b.n > 60 || strings.HasPrefix(t, "webpack ") {
		return false
	}
	at := strings.Index(t, "ERROR in ")
	if at < 0 {
		at = strings.Index(t, "WARNING in ")
	}
	if at == 0 {
		return false
	}
	if at > 0 {
		t = t[at:]
		_, t, _ = strings.Cut(t, " in ")
	}
	if b.place(t) || b.rspack(t) || b.p.Message != "" || strings.HasPrefix(t, "@ ") {
		return true
	}
	b.message(t)
	return true
}

// rspack reads its frame: "╭─[2:12]" counts columns from 0, and the message has a
// sign before it.
func (b *webpackBlock) rspack(t string) bool {
	if _, where, ok := strings.Cut(t, "╭─["); ok && !b.exact {
		line, d := number(where)
		if col, d2 := numberBehind(where[d:], ":"); d > 0 && d2 > 0 {
			b.p.Line, b.p.Col, b.p.Unit, b.exact = line, col+1, UTF16, true
			return true
		}
	}
	if _, rest, ok := strings.Cut(t, "× "); ok {
		if b.p.Message == "" || strings.HasSuffix(b.p.Message, ":") {
			b.p.Message = rest
		}
		return true
	}
	return false
}

// message takes the first line of text: "TS2322: text", "SyntaxError: /p/a.js:
// text (3:5)", "Module build failed (from ./node_modules/x):" is none yet.
func (b *webpackBlock) message(t string) {
	if strings.HasPrefix(t, "Module build failed") && strings.HasSuffix(t, ":") {
		return
	}
	if n := codeLen(t); n > 0 && strings.HasPrefix(t[n:], ": ") {
		b.p.Code, t = t[:n], t[n+2:]
	}
	b.p.Message = t
	if open := strings.LastIndex(t, "("); open > 0 && strings.HasSuffix(t, ")") && !b.exact {
		line, d := number(t[open+1:])
		if col, d2 := numberBehind(t[open+1+d:], ":"); d > 0 && d2 > 0 && open+2+d+d2 == len(t) {
			b.p.Line, b.p.Col = line, col+1
		}
	}
}

// place reads "./src/index.ts 2:0-30", "src/App.tsx:3:5", "/p/src/log.ts(2,21)",
// "/p/src/log.ts"; false if it is none.
func (b *webpackBlock) place(s string) bool {
	if b.exact {
		return false
	}
	if p, n := parenPlace(s); n == len(s) && n > 0 {
		p.Unit = UTF16
		b.p.Place, b.exact = p, true
		return true
	}
	if p, n := colonPlace(s); n > 0 && trim(s[n:]) == "" {
		p.Unit = UTF16
		b.p.Place, b.exact = p, true
		return true
	}
	file, rest, _ := strings.Cut(s, " ")
	if !isPath(file) || strings.ContainsAny(file, "'\"(") {
		return false
	}
	line, d := number(rest)
	col, d2 := numberBehind(rest[min(d, len(rest)):], ":")
	switch {
	case d > 0 && d2 > 0:
		b.p.Place = Place{File: file, Line: line, Col: col + 1, Unit: UTF16}
		return true
	case rest == "" && b.p.File == "":
		b.p.File = file
		return true
	}
	return rest == ""
}

func (b *webpackBlock) close(r *Reader) {
	if b.p.File == "" || b.p.Message == "" {
		return
	}
	r.problem(b.p)
}
