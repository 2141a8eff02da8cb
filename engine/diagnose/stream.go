package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// Stream reads one stream of a process. Where a multiplexer has put names
// before the lines, each name has a Reader of its own, so that a stack of one
// program is whole though another writes between its lines.
type Stream struct {
	rules  *Rules
	main   Reader
	tagged map[string]*Reader
	before bool // the last line that shows something had a name
	begun  bool
	last   *Reader
}

// maxTags bounds the names of one stream; the lines of further ones are read
// together.
const maxTags = 64

// NewStream returns a Stream that looks for rules, too; nil for none.
func NewStream(rules *Rules) *Stream {
	return &Stream{rules: rules, main: Reader{Rules: rules}}
}

// SetRules changes the user's matchers from the next line on.
func (s *Stream) SetRules(rules *Rules) {
	s.rules = rules
	s.main.setRules(rules)
	for _, r := range s.tagged {
		r.setRules(rules)
	}
}

// Line looks at the next line; see [Reader.Line].
func (s *Stream) Line(l *detect.Line, at uint64) lines.Level {
	if l.Tag == nil && !s.before && s.tagged == nil {
		s.begun = s.begun || len(l.Text) > 0
		s.last = &s.main
		return s.main.Line(l, at)
	}
	return s.tag(l, at)
}

// tag chooses the Reader. A name counts as a multiplexer's if the line before
// had one as well, or nothing came before: tools put their own name before
// single lines, "[vite] ...", between lines without.
func (s *Stream) tag(l *detect.Line, at uint64) lines.Level {
	r := &s.main
	if l.Tag != nil && (s.before || !s.begun) && !isTool(string(l.Tag)) {
		r = s.reader(string(l.Tag))
	}
	if len(l.Full) > 0 {
		s.before, s.begun = l.Tag != nil, true
	}
	s.last = r
	return r.Line(l, at)
}

func (s *Stream) reader(tag string) *Reader {
	if r := s.tagged[tag]; r != nil {
		return r
	}
	if len(s.tagged) >= maxTags {
		return &s.main
	}
	if s.tagged == nil {
		s.tagged = map[string]*Reader{}
	}
	r := &Reader{Rules: s.rules, tag: tag}
	s.tagged[tag] = r
	return r
}

// isTool: names that tools put before some of their own lines.
func isTool(tag string) bool {
	switch tag {
	case "vite", "hmr", "HMR", "webpack", "webpack-dev-server", "wds", "tsl", "nodemon", "next", "nuxt", "nitro", "astro", "tsx", "plugin", "watch", "eslint", "babel", "postcss", "rollup", "esbuild", "main", "http", "core", "doctest", "webpack-cli":
		return true
	}
	rest, ok := strings.CutPrefix(tag, "gw") // pytest's workers
	_, d := number(rest)
	return ok && d > 0 && d == len(rest)
}

// Open reports whether something is under way; see [Reader.Open].
func (s *Stream) Open() bool {
	if s.main.Open() {
		return true
	}
	for _, r := range s.tagged {
		if r.Open() {
			return true
		}
	}
	return false
}

// Flush closes what is under way; see [Reader.Flush].
func (s *Stream) Flush() {
	s.main.Flush()
	for _, r := range s.tagged {
		r.Flush()
	}
}

// Take calls yield with what was found since the last call, and with the name
// that it was found under, "" without a multiplexer.
func (s *Stream) Take(yield func(tag string, f Finding)) {
	for _, f := range s.main.Take() {
		yield("", f)
	}
	for tag, r := range s.tagged {
		for _, f := range r.Take() {
			yield(tag, f)
		}
	}
}

// Why names the matcher that took the last line, "" if none did.
func (s *Stream) Why() string {
	if s.last == nil {
		return ""
	}
	return s.last.Why()
}
