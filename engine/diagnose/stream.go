package diagnose

import (
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// Stream reads one stream of a process. Where a multiplexer has put names
// before the lines, each name has a Reader of its own, so that a stack of one
// program is whole though another writes between its lines.
type Stream struct {
	rules   *Rules
	readers []*Reader // the first is of the lines without a name, the others of each name, in the order they came
	before  bool      // the last line that shows something had a name
	begun   bool
	last    *Reader
}

// maxTags bounds the names of one stream; the lines of further ones are read
// together.
const maxTags = 64

// NewStream returns a Stream that looks for rules, too; nil for none.
func NewStream(rules *Rules) *Stream {
	return &Stream{rules: rules, readers: []*Reader{{Rules: rules}}}
}

// Restart forgets what is under way, as if the next line were the first; what was
// found, and not yet taken, stays, and later findings are told from earlier ones.
func (s *Stream) Restart() {
	for _, r := range s.readers {
		*r = Reader{Rules: r.Rules, tag: r.tag, refs: r.refs, found: r.found}
	}
	s.before, s.begun = false, false
}

// SetRules changes the user's matchers from the next line on.
func (s *Stream) SetRules(rules *Rules) {
	s.rules = rules
	for _, r := range s.readers {
		r.setRules(rules)
	}
}

// Line looks at the next line; see [Reader.Line].
func (s *Stream) Line(l *detect.Line, at uint64) lines.Level {
	if l.Tag == nil && !s.before && len(s.readers) == 1 {
		s.begun = s.begun || len(l.Text) > 0
		s.last = s.readers[0]
		return s.last.Line(l, at)
	}
	return s.tag(l, at)
}

// tag chooses the Reader. A name counts as a multiplexer's if the line before had one
// as well, if nothing came before, or if it has counted before or was announced: tools
// put their own name before single lines, "[vite] ...", between lines without.
func (s *Stream) tag(l *detect.Line, at uint64) lines.Level {
	r := s.readers[0]
	if l.Tag != nil && (s.before || !s.begun || l.Announced || s.named(l.Tag) != nil) && !isTool(string(l.Tag)) {
		r = s.reader(l.Tag)
	}
	if len(l.Full) > 0 {
		s.before, s.begun = l.Tag != nil, true
	}
	s.last = r
	return r.Line(l, at)
}

// named is the Reader of a name that has counted; nil if it has not.
func (s *Stream) named(tag []byte) *Reader {
	for _, r := range s.readers[1:] {
		if r.tag == string(tag) {
			return r
		}
	}
	return nil
}

func (s *Stream) reader(tag []byte) *Reader {
	if r := s.named(tag); r != nil {
		return r
	}
	if len(s.readers) > maxTags {
		return s.readers[0]
	}
	r := &Reader{Rules: s.rules, tag: string(tag)}
	s.readers = append(s.readers, r)
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
	return slices.ContainsFunc(s.readers, (*Reader).Open)
}

// Flush closes what is under way; see [Reader.Flush].
func (s *Stream) Flush() {
	for _, r := range s.readers {
		r.Flush()
	}
}

// Take calls yield with what was found since the last call, and with the name
// that it was found under, "" without a multiplexer.
func (s *Stream) Take(yield func(tag string, f Finding)) {
	for _, r := range s.readers {
		for _, f := range r.Take() {
			yield(r.tag, f)
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
