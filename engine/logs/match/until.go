package match

import (
	"io"
	"regexp"
	"unicode/utf8"
)

// ending is an expression for a search that may be ended.
type ending struct {
	*expression
	stop func() bool
}

func (e ending) next(buf []byte, from int) int { return e.nextUntil(e.stop, buf, from) }
func (e ending) match(line []byte) bool        { return e.matchUntil(e.stop, line) }

func (e ending) ranges(dst [][2]int, line []byte, most int) [][2]int {
	return e.rangesUntil(e.stop, dst, line, most)
}

func never() bool { return false }

// longLine is from where on Go's regexp is given a line rune by rune. It then
// never backtracks, which for short lines and small expressions it does, and which
// is faster; but an expression of two thousand steps can take 20 us for a byte.
const longLine = 4 << 10

// matchSlowly is re.Match that returns early, with anything, once stop reports
// true.
func matchSlowly(re *regexp.Regexp, line []byte, stop func() bool) bool {
	if len(line) < longLine {
		return re.Match(line)
	}
	return re.MatchReader(&endingRunes{line: line, stop: stop})
}

// findSlowly returns the first match that begins at from or later, as Go's regexp
// finds it; start is -1 if there is none, or if stop reported true. That can't begin
// within a text, but for `^` and `\b` only the rune before counts: the expression is
// looked for behind any rune, from that one on.
func (e *expression) findSlowly(stop func() bool, line []byte, from int) (start, end int, ok bool) {
	re, group, base := must(e.slow()), 0, 0
	if from > 0 {
		_, size := utf8.DecodeLastRune(line[:from])
		re, group, base = must(e.behind()), 1, from-size
	}
	loc := re.FindReaderSubmatchIndex(&endingRunes{line: line[base:], stop: stop})
	if loc == nil {
		return -1, -1, true
	}
	return base + loc[2*group], base + loc[2*group+1], true
}

// endingRunes reads a line until it ends, or is ended.
type endingRunes struct {
	line []byte
	n    int // runes read
	stop func() bool
}

// ReadRune implements [io.RuneReader].
func (e *endingRunes) ReadRune() (rune, int, error) {
	if e.n++; len(e.line) == 0 || e.n%1024 == 0 && e.stop() {
		return 0, 0, io.EOF
	}
	r, size := utf8.DecodeRune(e.line)
	e.line = e.line[size:]
	return r, size, nil
}
