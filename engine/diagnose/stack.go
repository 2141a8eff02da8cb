package diagnose

import (
	"hash/fnv"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// maxFrames is how many frames of a stack are kept: deep recursion repeats.
const maxFrames = 64

// trace is what the blocks of all languages have in common: the stack so far,
// whether it was told, and how many lines it has.
type trace struct {
	s     Stack
	n     int
	told  bool
	timed bool   // it began in a line with a time stamp
	test  string // whose details are being printed
}

// began returns a trace whose head is h.
func (r *Reader) began(kind string, h head) trace {
	t := trace{s: Stack{Kind: kind, Type: h.typ, Message: clean(h.message), First: h.first, Last: r.at, Fatal: h.fatal, ref: r.ref()}, timed: r.line.Timed, test: r.tests.section}
	if t.s.First == 0 {
		t.s.First = h.at
	}
	return t
}

func (t *trace) level() lines.Level {
	if t.s.Warning {
		return lines.Warn
	}
	return lines.Error
}

// logged reports whether a line is a logger's and no part of the trace: it has a time
// stamp, and the trace has none.
func (t *trace) logged(l *detect.Line) bool { return l.Timed && !t.timed }

// took counts a line that belongs to the trace.
func (t *trace) took(r *Reader) bool {
	t.n++
	t.s.Last = r.at
	return t.n < maxBlock
}

func (t *trace) frame(f Frame) {
	f.App = inApp(f.File) && !f.library
	if len(t.s.Frames) < maxFrames {
		t.s.Frames = append(t.s.Frames, f)
	}
}

// tell emits the stack as it is so far, once: a client sees a crash at once.
func (t *trace) tell(r *Reader) {
	if t.told {
		return
	}
	t.told = true
	s := t.s
	r.found = append(r.found, Finding{Stack: &s})
}

// finish emits the whole stack, and the problem at its top frame.
func (t *trace) finish(r *Reader) {
	s := t.s
	if s.Top.File == "" {
		s.Top = topFrame(s.Frames)
	}
	s.Message = clean(s.Message)
	s.Fingerprint = fingerprint(&s)
	s.Final = true
	r.found = append(r.found, Finding{Stack: &s})
	if s.Top.File == "" || s.Top.Line == 0 || !s.Top.App {
		return
	}
	r.tests.placeOf(r, t.test, s.Top.Place)
	p := Problem{Place: s.Top.Place, Severity: Error, Message: s.title(), Source: s.Kind, At: s.First, Sticky: true, Fingerprint: s.Fingerprint, ref: s.ref}
	if s.Warning {
		p.Severity = Warning
	}
	for _, f := range s.Frames {
		if f.App && f.Line > 0 && len(p.Related) < 10 {
			p.Related = append(p.Related, Related{f.Place, f.Func})
		}
	}
	p.Message = clean(p.Message)
	r.found = append(r.found, Finding{Problem: &p})
}

// title is "TypeError: x is not a function", or what there is of it.
func (s *Stack) title() string {
	switch {
	case s.Type == "" || strings.HasPrefix(s.Message, s.Type):
		return s.Message
	case s.Message == "":
		return s.Type
	}
	return s.Type + ": " + s.Message
}

// topFrame is the first frame of the workspace's own code, else the first with
// a place.
func topFrame(frames []Frame) Frame {
	for _, f := range frames {
		if f.App && f.Line > 0 {
			return f
		}
	}
	for _, f := range frames {
		if f.Line > 0 {
			return f
		}
	}
	return Frame{}
}

// foreign are parts of paths of what the workspace did not write.
var foreign = []string{
	"node_modules/", "node:", "/.pnpm/", "/.yarn/", "webpack/bootstrap", "webpack-internal:",
	"[eval]", "site-packages/", "dist-packages/", "/lib/python", "<frozen ", "<string>",
	"/rustc/", "/.cargo/registry/", "/.rustup/",
	"/go/pkg/mod/", "/usr/local/go/", "/usr/lib/go", "/golang.org/toolchain@", "/src/runtime/", "_testmain.go",
	"/gems/", "/usr/lib/", "/.rbenv/", "/.asdf/", "/vendor/", "/usr/include/", "../sysdeps/", "./nptl/", "./stdlib/", "./assert/", "/build/glibc", "../csu/", "libc_start",
	"/deps/", "(stdlib",
}

// inApp reports whether a path is the workspace's own code, as far as its name
// tells.
func inApp(path string) bool {
	if path == "" || path == "<anonymous>" || path == "native" || strings.HasPrefix(path, "internal/") {
		return false
	}
	for _, f := range foreign {
		if strings.Contains(path, f) {
			return false
		}
	}
	return true
}

// fingerprint is equal for stacks of the same fault: kind, type, the function
// and file of the top frame, and the message without what varies: numbers,
// quoted text, paths. The idea is Sentry's, which groups by the frames of the
// application; a line number is left out, because an edit above moves it.
func fingerprint(s *Stack) uint64 {
	h := fnv.New64a()
	first, _, _ := strings.Cut(s.Message, "\n")
	for _, part := range []string{s.Kind, s.Type, s.Top.Func, s.Top.File, normalise(first)} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// normalise blanks numbers, hexadecimal, quoted text and paths.
func normalise(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case isDigit(c):
			for i < len(s) && isWord(s[i]) {
				i++
			}
			b.WriteByte('#')
			continue
		case c == '"' || c == '\'' || c == '`':
			if end := strings.IndexByte(s[i+1:], c); end >= 0 {
				b.WriteByte('"')
				i += end + 2
				continue
			}
		case c == '/' && i+1 < len(s) && isWord(s[i+1]):
			for i < len(s) && s[i] > ' ' && s[i] != ':' && s[i] != ')' {
				i++
			}
			b.WriteByte('/')
			continue
		}
		b.WriteByte(c)
		i++
	}
	return b.String()
}

// matchHead remembers a line that begins an error, "TypeError: x is no y", for
// the frames that may follow.
func matchHead(r *Reader, l *detect.Line) bool {
	typ, message, ok := errorHead(trim(r.text))
	if !ok {
		return false
	}
	r.setHead(head{typ: typ, message: message, at: r.at})
	r.why = "begins an error"
	return true
}

// setHead joins a head with the source excerpt above it.
func (r *Reader) setHead(h head) {
	h.first = h.at
	if b := r.ctx.bare; b.at > 0 && h.at-b.at <= 9 {
		h.first, h.place, h.fatal = b.at, b.Place, true
	}
	if at := r.excerptAbove(); at > 0 && h.first == h.at {
		h.first = at
	}
	r.ctx.head = h
}

// excerptAbove is the line that the numbered source above the present line begins
// in, 0 without one: what Bun shows before it says what is wrong.
//
//	2 |   return cart.items.length;
//	             ^
//	TypeError: null is not an object
func (r *Reader) excerptAbove() (first uint64) {
	if text, at := r.before.back(1); at+1 != r.at || caretColumn(string(text)) == 0 {
		return 0
	}
	for n := 2; n <= keep; n++ {
		text, at := r.before.back(n)
		if at+uint64(n) != r.at || !isGutter(string(text)) {
			break
		}
		first = at
	}
	return first
}

// errorHead reads "[Uncaught ]TypeError[ [CODE]]: text", "Exception in thread
// "main" x.y.ZException: text", "Caused by: ...".
func errorHead(t string) (typ, message string, ok bool) {
	t = strings.TrimPrefix(t, "error: ") // deno
	for _, p := range []string{"Uncaught (in promise) ", "Uncaught ", "Unhandled exception. ", "Unhandled rejection ", "[Error: "} {
		t = strings.TrimPrefix(t, p)
	}
	if rest, found := strings.CutPrefix(t, "Exception in thread "); found {
		if _, rest, found = strings.Cut(rest, `" `); found {
			t = rest
		}
	}
	n := 0
	for n < len(t) && (isWord(t[n]) || t[n] == '.' || t[n] == '$' || t[n] == ':' && n+1 < len(t) && t[n+1] == ':' || t[n] == ':' && n > 0 && t[n-1] == ':' || t[n] == '\\' || t[n] == '/') {
		n++
	}
	typ = t[:n]
	rest := t[n:]
	if strings.HasPrefix(rest, " [") {
		if end := strings.IndexByte(rest, ']'); end > 0 {
			rest = rest[end+1:]
		}
	}
	base := typ[strings.LastIndexAny(typ, `.:\/`)+1:]
	named := strings.HasSuffix(base, "Error") || strings.HasSuffix(base, "Exception") || strings.HasSuffix(base, "Throwable")
	if !named || base == "" || !isUpper(base[0]) || rest != "" && rest[0] != ':' && rest != " {" {
		return "", "", false
	}
	return typ, trim(strings.TrimPrefix(rest, ":")), true
}
