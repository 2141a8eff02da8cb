package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// matchFrame opens a stack at its first "at" frame: JavaScript, Java and .NET
// have that in common. Its message is the last head, or else the line before.
func matchFrame(r *Reader, l *detect.Line) bool {
	text := r.text
	f, kind, ok := atFrame(text)
	if !ok {
		return false
	}
	if r.tests.frame(r, f) || r.fileFrame(f) {
		return true
	}
	h := r.ctx.head
	if h.at == 0 || r.at-max(h.at, h.until) > 12 {
		if h, ok = r.headBefore(); !ok {
			return false
		}
	}
	r.ctx.head, r.ctx.bare = head{}, barePos{}
	b := &atBlock{trace: r.began(kind, h), place: h.place}
	if h.at+1 < r.at {
		b.s.Message = r.linesSince(h)
	}
	b.frame(f)
	b.took(r)
	b.object(text)
	b.tell(r)
	r.begin(b)
	return true
}

// matchRequire takes what Node lists between the message and the frames of a
// module that is not there: who asked for it, however many they are.
//
//	Error: Cannot find module './nowhere'
//	Require stack:
//	- /p/test/load.test.js
func matchRequire(r *Reader, l *detect.Line) bool {
	if r.text != "Require stack:" || r.ctx.head.at == 0 || r.at-r.ctx.head.at > 2 {
		return false
	}
	r.begin(&requireBlock{})
	return true
}

type requireBlock struct{ n int }

func (b *requireBlock) level() lines.Level { return lines.Error }

func (b *requireBlock) next(r *Reader, l *detect.Line) bool {
	b.n++
	r.ctx.head.until = r.at
	return strings.HasPrefix(r.text, "- ") && b.n < maxBlock
}

func (b *requireBlock) close(*Reader) {}

// headBefore makes a head of the line before: errors may have any name.
func (r *Reader) headBefore() (h head, ok bool) {
	text, at := r.before.back(1)
	if trim(string(text)) == "Stack trace:" { // Astro: what is wrong stands above it
		if text, at = r.before.back(2); at > 0 && r.at-at == 2 && r.before.bad[(r.before.next-2+keep)%keep] {
			return head{message: trim(string(text)), at: at, first: at}, true
		}
	}
	s := trim(string(text))
	if at == 0 || r.at-at > 2 || r.at-at == 2 && !r.before.failed() || s == "" || strings.HasPrefix(s, "at ") || isDigit(s[0]) {
		return h, false
	}
	if !strings.Contains(s, ": ") && !r.before.failed() {
		return h, false
	}
	typ, message, found := strings.Cut(s, ": ")
	if !found || typ == "" || strings.ContainsAny(typ, " (){}") || strings.HasSuffix(typ, ".") || !isUpper(typ[strings.LastIndexByte(typ, '.')+1]) {
		typ, message = "", s
	}
	h = head{typ: typ, message: message, at: at, first: at}
	if b := r.ctx.bare; b.at > 0 && at-b.at <= 9 {
		h.first, h.place, h.fatal = b.at, b.Place, true
	}
	return h, true
}

// linesSince adds the lines between a head and its frames to the message.
func (r *Reader) linesSince(h head) string {
	message := h.message
	for n := keep; n > 0; n-- {
		if text, at := r.before.back(n); at > h.at && at < r.at {
			message += "\n" + string(text)
		}
	}
	return strings.TrimPrefix(message, "\n")
}

// atBlock is a stack of "at" frames with what comes between and behind them:
// causes, the properties of the error object in braces, Node's last line.
type atBlock struct {
	trace
	place Place // of the source excerpt above
	depth int   // of open braces
	ended bool  // an empty line came
}

func (b *atBlock) next(r *Reader, l *detect.Line) bool {
	text := r.text
	t := trim(text)
	if t == "" {
		b.n++
		b.ended = true
		return b.n < maxBlock
	}
	if b.logged(l) {
		return false
	}
	if b.ended {
		if strings.HasPrefix(t, "Node.js v") {
			b.ended = false
			return b.took(r)
		}
		if b.depth == 0 || b.n > maxBlock-50 {
			return false
		}
		b.ended = false
	}
	if f, _, ok := atFrame(text); ok {
		b.frame(f)
		b.object(text)
		return b.took(r)
	}
	return b.between(t) && b.took(r)
}

// between takes what is no frame, and reports whether it belongs here.
func (b *atBlock) between(t string) bool {
	for _, p := range []string{"Caused by: ", "Suppressed: ", "[cause]: ", "caused by: ", "---> "} {
		if rest, ok := strings.CutPrefix(t, p); ok {
			typ, message, _ := strings.Cut(rest, ": ")
			b.s.Causes = append(b.s.Causes, Cause{typ, clean(message)})
			b.object(t)
			return true
		}
	}
	switch {
	case b.depth > 0:
		b.object(t)
		return true
	case strings.HasPrefix(t, "... ") && (strings.HasSuffix(t, " more") || strings.Contains(t, "lines matching")),
		strings.HasPrefix(t, "Emitted 'error' event"),
		strings.HasPrefix(t, "--- End of "),
		t == "^", strings.HasPrefix(t, "at "):
		return true
	}
	return false
}

// object follows the braces of an error object's properties.
func (b *atBlock) object(t string) {
	t = trim(t)
	switch {
	case strings.HasSuffix(t, "{") || strings.HasSuffix(t, "[") && b.depth > 0:
		b.depth++
	case b.depth > 0 && (strings.HasPrefix(t, "}") || strings.HasPrefix(t, "]")):
		b.depth--
	}
}

func (b *atBlock) close(r *Reader) {
	if b.place.File != "" && (b.s.Type == "SyntaxError" || !topFrame(b.s.Frames).App) && inApp(b.place.File) {
		p := b.place
		p.Unit = UTF16
		b.s.Top = Frame{Place: p, App: true}
	}
	b.finish(r)
}

// atFrame reads one frame and tells whose it is.
//
//	 at run (/p/a/run.js:3:9)
//	 at async file:///p/x.mjs:5:21
//	 at shop.Boom.load(Boom.java:8)
//	 at java.base/java.lang.Integer.parseInt(Integer.java:668)
//	at App.Program.Main(String[] args) in /p/Program.cs:line 12
func atFrame(text string) (f Frame, kind string, ok bool) {
	width, s := indent(text)
	rest, ok := strings.CutPrefix(s, "at ")
	if !ok || width == 0 {
		return f, "", false
	}
	if fn, where, found := strings.Cut(rest, ") in "); found {
		file, line, ok := strings.Cut(where, ":line ")
		f.File, f.Func, f.Unit = file, fn+")", UTF16
		f.Line, _ = number(line)
		return f, "dotnet", ok
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "async "), "new ")
	rest = strings.TrimSuffix(trim(rest), " {")
	if at := strings.LastIndex(rest, ") "); at > 0 && strings.HasSuffix(rest, "]") {
		rest = rest[:at+1] // logback: ~[classes/:na]
	}
	if strings.HasSuffix(rest, ")") {
		// The last bracket that is open: folders may have brackets too, "(shop)".
		if open := placeBracket(rest); open >= 0 {
			return frameIn(trim(rest[:open]), rest[open+1:len(rest)-1])
		}
		return f, "", false
	}
	f.Place = jsPlace(rest)
	return f, "js", f.Line > 0 || strings.HasPrefix(rest, "Promise.") || rest == "<anonymous>"
}

// placeBracket is where the bracket around the place at the end of s opens.
func placeBracket(s string) int {
	depth := 0
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case ')':
			depth++
		case '(':
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// frameIn judges "func (place)".
func frameIn(fn, where string) (f Frame, kind string, ok bool) {
	f.Func = fn
	if file, line, found := strings.Cut(where, ":"); found && !strings.ContainsAny(file, `/\`) && isJVM(ext(file)) {
		n, d := number(line)
		if d > 0 && d == len(line) {
			f.Place = Place{File: file, Line: n, Unit: UTF16, Dirs: javaDirs(fn)}
			f.library = javaLibrary(fn)
			return f, "java", true
		}
	}
	switch where {
	case "Native Method", "Unknown Source", "<generated>":
		return f, "java", strings.Contains(fn, ".")
	case "<anonymous>", "native":
		return f, "js", true
	}
	f.Place = jsPlace(where)
	return f, "js", f.Line > 0 || strings.HasPrefix(where, "index ") || strings.HasPrefix(where, "<anonymous>")
}

func isJVM(e string) bool {
	switch e {
	case "java", "kt", "scala", "groovy", "clj":
		return true
	}
	return false
}

// javaDirs are the folders that a class's file may be in: its package, below
// the usual roots of source.
func javaDirs(fn string) []string {
	fn = fn[strings.LastIndexByte(fn, '/')+1:]
	parts := strings.Split(fn, ".")
	if len(parts) < 3 {
		return []string{"src/main/java", "src/test/java", "src/main/kotlin", "src"}
	}
	pkg := strings.Join(parts[:len(parts)-2], "/")
	var dirs []string
	for _, root := range []string{"", "src/main/java/", "src/test/java/", "src/main/kotlin/", "src/test/kotlin/", "src/main/scala/", "src/", "app/src/main/java/"} {
		dirs = append(dirs, root+pkg)
	}
	return dirs
}

// javaLibrary reports whether a method is of a library that everybody uses.
func javaLibrary(fn string) bool {
	fn = fn[strings.LastIndexByte(fn, '/')+1:]
	for _, p := range []string{"java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "scala.", "groovy.", "org.springframework.", "org.apache.", "org.junit.", "org.gradle.", "org.hibernate.", "org.codehaus.", "io.netty.", "reactor.", "com.zaxxer.", "org.eclipse.", "com.fasterxml.", "org.mockito.", "org.testng.", "org.assertj.", "clojure."} {
		if strings.HasPrefix(fn, p) {
			return true
		}
	}
	return false
}

// jsPlace reads "file:///p/a.mjs:5:21", "/p/a.js:3:9", "node:fs:448:20",
// "webpack:///src/a.js:1:2", "http://localhost:3000/src/a.js?t=1:3:4".
func jsPlace(s string) Place {
	rest, col := cutNumber(s)
	rest, line := cutNumber(rest)
	if line == 0 {
		rest, line, col = s, col, 0
		rest, _ = cutNumber(rest)
		if line == 0 {
			return Place{}
		}
	}
	rest = strings.TrimPrefix(rest, "file://")
	for _, p := range []string{"webpack:///", "webpack-internal:///"} {
		if inner, ok := strings.CutPrefix(rest, p); ok {
			if layer, path, ok := strings.Cut(inner, ")/"); ok && strings.HasPrefix(layer, "(") { // Next's (rsc), (ssr)
				inner = path
			}
			rest, _, _ = strings.Cut(strings.TrimPrefix(inner, "./"), "?")
		}
	}
	if _, path, ok := strings.Cut(rest, "://"); ok {
		_, path, _ = strings.Cut(path, "/")
		rest, _, _ = strings.Cut(path, "?")
	}
	return Place{File: rest, Line: line, Col: col, Unit: UTF16}
}

// cutNumber cuts ":12" off the end of s.
func cutNumber(s string) (rest string, n int) {
	at := strings.LastIndexByte(s, ':')
	if at < 0 {
		return s, 0
	}
	n, d := number(s[at+1:])
	if d == 0 || at+1+d != len(s) {
		return s, 0
	}
	return s[:at], n
}
