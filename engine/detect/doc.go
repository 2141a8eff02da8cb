// Package detect says what can be seen in one line of output: its text without
// terminal codes, whose it is, how serious it is, and which kinds of fact it
// may hold. It is not for what spans lines (diagnose), does no I/O and never
// asks the clock.
//
//	raw record -> Record (parts of a line put together)
//	           -> unwrap (Docker's JSON)
//	           -> strip  (no escapes, the last state of a line that was drawn over)
//	           -> peel   (time stamps, the [name] of a multiplexer)
//	           -> Literals.classes (one pass: the classes of fact)
//	           -> level
//
// A class tells diagnose which matchers to ask; a line without any is shown to none.
// url.go and fields.go read what a line holds, when somebody asks.
//
// It runs on every line of every process, so a line in which nothing is found
// costs a few passes over its bytes and no allocation.
package detect

import (
	"bytes"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// Class is a set of kinds of fact that a line may hold. A class says that a
// matcher should look, not that there is something.
type Class uint16

// The classes.
const (
	Location   Class = 1 << iota // a place: file:12, (12,5), line 12
	Severe                       // a word of trouble: error, warning, panic
	Mark                         // begins with a sign that tools put before results: ✓ ● --- | >
	Result                       // a word of tests or builds: passed, compiled
	Address                      // holds ://, or a link of OSC 8
	Structured                   // a key of JSON that tools use: "Action", "reason", "stack"
	Screen                       // clears the screen, or tells of progress
	Keyed                        // a key of logfmt for the level; no matcher looks at it
	User                         // a literal of one of the user's matchers
)

var classNames = []string{"location", "severe", "mark", "result", "address", "structured", "screen", "keyed", "user"}

// Names lists the classes of the set.
func (c Class) Names() (names []string) {
	for i, name := range classNames {
		if c&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// Line is what is known of one line. Its slices are good until the Scanner's
// next call.
type Line struct {
	Full  []byte // what a person sees of the line
	Text  []byte // Full without time stamps and tag
	Tag   []byte // the name that a multiplexer put before it; nil without one
	Class Class

	Announced bool // Tag is a runner's of workspaces for certain, not what a tool puts before single lines

	Level lines.Level
	Said  bool // the line itself says its level; else Level is what is assumed
	Timed bool // it begins with a time stamp: a logger's

	Clear    bool     // the screen was cleared before it
	Links    []string // targets of terminal hyperlinks in it
	Progress Progress
	Users    []uint16 // which of the user's literals it holds, by number; see [Literals]
}

// Progress is what a program tells the terminal's task bar (OSC 9;4).
type Progress struct {
	Told    bool
	State   uint8 // 0 none, 1 running, 2 error, 3 without a percentage, 4 paused
	Percent uint8
}

// Scanner looks at the records of one stream. One goroutine at a time uses it.
type Scanner struct {
	Literals *Literals // what to look for; nil means the built-in ones

	line  Line
	names announced
	inner []byte // scratch of unwrap
	text  []byte // scratch of strip
	parts []byte // a line that has come in parts so far
	split bool   // parts belongs to a line that goes on
}

// maxParts bounds what is kept of a line that comes in parts; of a longer line
// only its beginning is looked at.
const maxParts = 64 << 10

// Record looks at the next record. whole reports whether it ended a line: the
// line is then the whole one, parts before included, so that what is found
// does not depend on how it was chunked. Of a part only the level counts.
func (s *Scanner) Record(raw []byte, partial bool) (line *Line, whole bool) {
	if !partial && !s.split {
		return s.Scan(raw), true
	}
	if !s.split {
		s.parts = s.parts[:0]
	}
	s.parts = append(s.parts, raw[:min(len(raw), maxParts-len(s.parts))]...)
	s.split = partial
	return s.Scan(s.parts), !partial
}

// Scan looks at one whole line.
func (s *Scanner) Scan(raw []byte) *Line {
	l := &s.line
	*l = Line{Links: l.Links[:0], Users: l.Users[:0]}
	l.Full = s.strip(s.unwrap(raw))
	given := l.peel(&s.names)
	s.classify(l)
	l.Level, l.Said = levelOf(l.Text, l.Class, given)
	return l
}

func (s *Scanner) classify(l *Line) {
	set := s.Literals
	if set == nil {
		set = builtin
	}
	l.Class, l.Users = set.classes(l.Text, l.Users)
	l.Class |= headClass(l.Text) | tailClass(l.Text)
	if len(l.Links) > 0 {
		l.Class |= Address
	}
	if l.Clear || l.Progress.Told {
		l.Class |= Screen
	}
}

// heads are first bytes that tools put before results. The bytes from 0xe2 on
// begin the signs: arrows, ticks, crosses, box drawings.
var heads = func() (t [256]Class) {
	for _, c := range "-=_#>|+*^~[!%" {
		t[c] = Mark
	}
	for _, c := range []byte{0xe2, 0xef, 0xc2, 0xc3, 0xf0} {
		t[c] = Mark
	}
	return t
}()

// tailClass looks at how a line ends: with OK, which is a verdict, with dots, which
// tell that something is being done, with how long it took, or with what a watcher
// says of a file.
func tailClass(text []byte) Class {
	n := len(text)
	if n < 4 {
		return 0
	}
	switch text[n-1] {
	case 'K', 'k':
		if text[n-2]|0x20 == 'o' && !isLetter(text[n-3]) {
			return Result
		}
	case '.':
		if text[n-2] == '.' && text[n-3] == '.' {
			return Result
		}
	case 0xa6: // …
		if text[n-2] == 0x80 && text[n-3] == 0xe2 {
			return Result
		}
	case 'd':
		if bytes.HasSuffix(text, []byte(" has changed")) {
			return Result
		}
	case 's': // done in 3 ms, in 0.18s
		if text[n-2] == 'm' || isDigit(text[n-2]) || text[n-2] == 'd' {
			return doneClass(text)
		}
	case ')':
		return doneClass(text)
	}
	return 0
}

// doneClass: "Done in 235ms", "created out/r.js in 7ms", "Wrote 1 file in 0.18
// seconds (v3.1.8)": a verb first, and in the end how long it took.
func doneClass(text []byte) Class {
	if text[0] == '[' { // whose it is
		text = text[bytes.IndexByte(text, ']')+1:]
	}
	for len(text) > 4 && !isLetter(text[0]) {
		text = text[1:]
	}
	if len(text) < 4 {
		return 0
	}
	switch string([]byte{text[0] | 0x20, text[1] | 0x20, text[2] | 0x20, text[3] | 0x20}) {
	case "buil", "rebu", "comp", "reco", "bund", "crea", "gene", "rege", "wrot", "done", "tran", "emit":
	default:
		return 0
	}
	i := bytes.LastIndex(text, []byte(" in "))
	if i > 0 && i+4 < len(text) && isDigit(text[i+4]) {
		return Result
	}
	return 0
}

// headClass looks at how a line begins. A number counts if it numbers a list,
// "1) ", or is a place, "2:5  error"; an E if it stands apart, as pytest has it.
func headClass(text []byte) Class {
	for i, c := range text {
		switch {
		case c == ' ' || c == '\t':
			continue
		case isDigit(c):
			if _, n := leadingInt(text[i:]); i+n < len(text) && (text[i+n] == ')' || text[i+n] == ':') {
				return Mark
			}
			return 0
		case c == 'E' && i+2 < len(text) && text[i+1] == ' ' && text[i+2] == ' ':
			return Mark
		case (c == 'x' || c == 'X') && i+1 < len(text) && text[i+1] == ' ': // a cross without Unicode
			return Mark
		case c == 'I' && bytes.HasPrefix(text[i:], []byte("In ")) && text[len(text)-1] == ':': // shellcheck
			return Mark
		case c == 'F' && bytes.HasPrefix(text[i:], []byte("FILE: ")): // phpcs
			return Mark
		case c == '{' && len(text) == 1: // a document may begin
			return Mark
		case c == '<' && i+1 < len(text) && (text[i+1] == 't' || text[i+1] == 'c' || text[i+1] == '?'): // <testsuite, <checkstyle
			return Mark
		}
		return heads[c]
	}
	return 0
}
