package diagnose

import (
	"maps"
	"slices"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// Reader finds what the lines of one stream mean. One goroutine at a time uses
// it. The zero value is usable.
type Reader struct {
	Rules *Rules // the user's matchers; nil for none

	at     uint64       // the present line
	line   *detect.Line // what is known of it
	text   string       // and its text
	open   block        // what spans lines and is under way; nil without
	found  []Finding
	why    string // the matcher that took the present line; for people
	lift   lines.Level
	logged lines.Level // of the logger's line above, as long as indented lines follow
	refs   uint64
	tag    string // the name that a multiplexer puts before its lines

	before recent // what came just before, for what turns out to need it
	ctx    context
	tests  testRun
	user   userState
	nested map[string]*Reader // by go test's package, or for a stack in a string
}

// block is something that spans lines.
type block interface {
	// next is given the line behind those taken so far, and reports whether it
	// belongs to the block. A block that refuses a line is closed, and the line
	// is looked at anew.
	next(r *Reader, l *detect.Line) bool
	// close emits what the block was. The reader has already forgotten it.
	close(r *Reader)
	// level is what its lines are if they don't say.
	level() lines.Level
}

// maxBlock is how many lines a block may have: the longest stacks that are read
// by anyone are shorter, and what never ends must not swallow the rest.
const maxBlock = 400

// matcher is one way to read a line that belongs to no block.
type matcher struct {
	name    string
	classes detect.Class // asked if the line has one of these
	match   func(r *Reader, l *detect.Line) bool
}

// matchers are asked in this order; the first that takes the line has it. It is
// filled in init because matchers open blocks that use the reader.
var matchers []matcher

func init() {
	matchers = []matcher{
		{"json", detect.Structured, matchJSON},
		{"report", detect.Structured | detect.Mark, matchDocument},
		{"workflow command", detect.Severe | detect.Location, matchWorkflow},
		{"go panic", detect.Severe, matchGoPanic},
		{"go race", detect.Severe, matchGoRace},
		{"go frames", detect.Location, matchGoFrames},
		{"place aside", detect.Severe | detect.Location, matchAside},
		{"python", detect.Severe | detect.Location, matchPython},
		{"rust panic", detect.Severe | detect.Location, matchRustPanic},
		{"sanitizer", detect.Severe | detect.Mark, matchSanitizer},
		{"php", detect.Severe | detect.Location, matchPHP},
		{"ruby", detect.Severe | detect.Location, matchRuby},
		{"elixir", detect.Severe | detect.Mark, matchElixir},
		{"tcl", detect.Severe, matchTcl},
		{"lua", detect.Location | detect.Severe, matchLua},
		{"directory", detect.Location, matchDirectory},
		{"tests", detect.Mark | detect.Result | detect.Severe | detect.Location, matchTests},
		{"build", detect.Result | detect.Severe | detect.Mark | detect.Screen, matchBuild},
		{"caret", detect.Mark, matchCaret},
		{"require stack", detect.Severe, matchRequire},
		{"frame", detect.Location | detect.Severe, matchFrame},
		{"bundler", detect.Severe | detect.Location | detect.Mark, matchBundler},
		{"arrow", detect.Mark | detect.Severe | detect.Location, matchArrow},
		{"excerpt", detect.Mark, matchExcerpt},
		{"table", detect.Structured, matchTable},
		{"lint report", detect.Mark | detect.Location, matchReport},
		{"lint block", detect.Location | detect.Severe | detect.Mark, matchLint},
		{"go package", detect.Mark, matchGoPackage},
		{"file(line,col)", detect.Location, matchParen},
		{"file:line:col", detect.Location, matchColon},
		{"sentence", detect.Location | detect.Severe, matchSentence},
		{"head", detect.Severe | detect.Location, matchHead},
	}
}

// Line looks at the next line; at numbers it, ascending: what is found names
// lines by it. It returns how serious the line is, given what it belongs to.
// Findings are collected until [Reader.Take].
func (r *Reader) Line(l *detect.Line, at uint64) lines.Level {
	r.at, r.line = at, l
	r.lift = r.inherited(l)
	r.why = ""
	if l.Class&^detect.Keyed == 0 && r.open == nil && r.ctx.py == nil && !r.user.open() && (r.Rules == nil || !r.Rules.greedy) {
		r.tests.outline.line(l, at, r.before.blank)
		r.before.push(l, at)
		return max(l.Level, r.lift)
	}
	r.text = string(l.Text)
	if l.Class&detect.Screen != 0 {
		r.screen(l)
	}
	r.take(l)
	if r.Rules != nil {
		r.user.line(r, l)
	}
	r.tests.outline.line(l, at, r.before.blank)
	r.before.push(l, at)
	if !l.Said && r.lift > l.Level {
		return r.lift
	}
	return l.Level
}

// inherited is the least that a line can be by the logger's line that it belongs
// to: a message over several lines, or fields below it, are indented.
//
//	[23:51:40.279] ERROR (31772): request failed
//	    err: {
func (r *Reader) inherited(l *detect.Line) lines.Level {
	switch {
	case l.Timed:
		r.logged = lines.Trace
		if l.Said {
			r.logged = l.Level
		}
	case r.logged > lines.Trace && (len(l.Text) == 0 || l.Text[0] > ' '):
		r.logged = lines.Trace
	case r.logged >= lines.Warn && !l.Said:
		return r.logged
	}
	return lines.Trace
}

// take gives the line to the open block or to the matchers.
func (r *Reader) take(l *detect.Line) {
	if b := r.open; b != nil {
		if b.next(r, l) {
			r.raise(b.level())
			if r.why == "" {
				r.why = "continues"
			}
			return
		}
		if r.open == b {
			r.shut()
		}
	}
	if b := r.ctx.py; b != nil && r.at-b.s.Last > maxNotes {
		r.finishPython()
	}
	for i := range matchers {
		if m := &matchers[i]; m.classes&l.Class != 0 && m.match(r, l) {
			if r.why == "" {
				r.why = m.name
			}
			return
		}
	}
}

// Open reports whether a block is under way: the next lines must be given, and
// [Reader.Flush] called if none come.
func (r *Reader) Open() bool {
	if r.open != nil || r.ctx.py != nil || r.user.open() {
		return true
	}
	for _, in := range r.nested {
		if in.Open() {
			return true
		}
	}
	return false
}

// Flush closes what is under way: the stream has ended, or been quiet for long.
func (r *Reader) Flush() {
	r.shut()
	r.finishPython()
	r.user.flush(r)
	for _, key := range slices.Sorted(maps.Keys(r.nested)) {
		r.nested[key].Flush()
		r.adopt(r.nested[key])
	}
}

// shut closes the open block: it has refused a line.
func (r *Reader) shut() {
	if b := r.open; b != nil {
		r.open = nil
		b.close(r)
	}
}

// Take returns what was found since the last call. The slice is good until the
// next call of Line.
func (r *Reader) Take() []Finding {
	f := r.found
	r.found = r.found[:0]
	return f
}

// Why names the matcher that took the last line, "" if none did.
func (r *Reader) Why() string { return r.why }

// begin makes b the open block.
func (r *Reader) begin(b block) {
	r.open = b
	r.raise(b.level())
}

// raise makes the present line at least as serious as level, unless it says
// itself how serious it is.
func (r *Reader) raise(level lines.Level) { r.lift = max(r.lift, level) }

// ref numbers what may be found again with more known of it.
func (r *Reader) ref() uint64 {
	r.refs++
	return r.refs
}

// problem emits p. Without a file or a severity it is none: matchers read their
// forms leniently, and a line may have the form and nothing in it. Where the form does
// not tell the tool, the file's language does.
func (r *Reader) problem(p Problem) {
	if p.File == "" || p.Severity == 0 {
		return
	}
	p.fromLanguage()
	p.Message = clean(p.Message)
	if p.ref == 0 {
		p.ref = r.ref()
	}
	if p.At == 0 {
		p.At = r.at
	}
	if p.Dirs == nil {
		p.Dirs = r.ctx.dirs
	}
	r.ctx.source = p.Source
	r.found = append(r.found, Finding{Problem: &p})
	if p.At == r.at {
		r.raise(p.Severity.level())
	}
}

// fromLanguage names the tool of a problem by its file, and what it counts in a
// column, if nothing has.
func (p *Problem) fromLanguage() {
	if p.Source == "" {
		p.Source, p.Unit = sourceOf(p.File)
	}
}

func (r *Reader) build(b Build) {
	b.At = r.at
	r.found = append(r.found, Finding{Build: &b})
}

// part says that a package, suite or target of a build has ended; name may be "".
func (r *Reader) part(tool, name string, ok bool) {
	r.build(Build{Tool: tool, Phase: Part, OK: ok, Errors: -1, Warnings: -1, Percent: -1, Name: name})
}

// clear says that what was found before, but for crashes, no longer holds.
func (r *Reader) clear() { r.found = append(r.found, Finding{Clear: &Clear{At: r.at}}) }

// screen: a tool that clears the screen shows a new state.
func (r *Reader) screen(l *detect.Line) {
	if l.Clear {
		r.Flush()
		r.clear()
	}
	if p := l.Progress; p.Told {
		b := Build{Tool: "terminal", Phase: Progress, Errors: -1, Warnings: -1, Percent: int(p.Percent), OK: p.State != 2}
		if p.State == 0 || p.State == 3 {
			b.Percent = -1
		}
		r.build(b)
	}
}
