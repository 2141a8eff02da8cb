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
