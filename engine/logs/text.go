package logs

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/control"
)

// AppendText appends what a person sees of a raw record: valid UTF-8 without
// its line end, without terminal control sequences, and of a line that was
// drawn over (a progress bar) only the last state. keepSGR leaves colour
// sequences in. Other control characters, NUL included, stay.
func AppendText(dst, raw []byte, keepSGR bool) []byte {
	raw = trimEnd(raw)
	if !controls(raw) {
		return appendValid(dst, raw)
	}
	return appendPainted(dst, raw, keepSGR)
}

// appendPainted is AppendText of a record without its end that has control
// sequences.
func appendPainted(dst, raw []byte, keepSGR bool) []byte {
	p := painter{dst: dst, begin: len(dst), start: len(dst)}
	redrawn := bytes.IndexByte(raw, '\r') >= 0
	for len(raw) > 0 {
		n := nextControl(raw, redrawn)
		p.text(raw[:n])
		if raw = raw[n:]; len(raw) == 0 {
			break
		}
		seq := raw[:control.Len(raw)]
		raw = raw[len(seq):]
		switch {
		case redraws(seq):
			p.redraw()
		case keepSGR && isSGR(seq):
			p.dst = append(p.dst, seq...)
		}
	}
	return p.finish()
}

// nextControl returns where the next ESC is, or with redrawn the next CR if that
// is nearer, or the end.
func nextControl(raw []byte, redrawn bool) int {
	n := bytes.IndexByte(raw, control.ESC)
	if n < 0 {
		n = len(raw)
	}
	if redrawn {
		if cr := bytes.IndexByte(raw[:n], '\r'); cr >= 0 {
			return cr
		}
	}
	return n
}

// controls reports whether data has a byte that AppendText looks at. It takes
// about 2 us for 64 KiB.
func controls(data []byte) bool {
	return bytes.IndexByte(data, control.ESC) >= 0 || bytes.IndexByte(data, '\r') >= 0
}

// isOdd reports whether a record can't be searched where it lies, among others:
// its text is more than its bytes without a newline, or it has no newline to
// divide it from the next one. Bytes that are no UTF-8 don't make it odd: to a
// pattern each of them is a U+FFFD, as it is in the text.
func isOdd(raw []byte) bool { return controls(raw) || !bytes.HasSuffix(raw, []byte("\n")) }

// trimEnd cuts the newline and the carriage returns before it.
func trimEnd(raw []byte) []byte {
	raw = bytes.TrimSuffix(raw, []byte("\n"))
	return bytes.TrimRight(raw, "\r")
}

type span struct{ from, to int }

// painter keeps the states that a line went through, one behind the other, and
// in the end the last one that shows something.
type painter struct {
	dst     []byte
	begin   int  // of the record's text in dst
	start   int  // of the present state in dst
	visible bool // whether it shows anything
	last    span // the state before that did
}

func (p *painter) text(b []byte) {
	p.visible = p.visible || shows(b)
	p.dst = appendValid(p.dst, b)
}

// shows reports whether b is more than white space. Nearly always its first byte
// tells.
func shows(b []byte) bool {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	if len(b) > 0 && b[0] > ' ' && b[0] < utf8.RuneSelf {
		return true
	}
	return len(bytes.TrimLeftFunc(b, unicode.IsSpace)) > 0
}

func (p *painter) redraw() {
	if p.visible {
		p.last = span{p.start, len(p.dst)}
	}
	p.start, p.visible = len(p.dst), false
}

func (p *painter) finish() []byte {
	if p.visible || p.last == (span{}) {
		p.last = span{p.start, len(p.dst)}
	}
	n := copy(p.dst[p.begin:], p.dst[p.last.from:p.last.to])
	return p.dst[:p.begin+n]
}

// redraws reports whether what follows seq is drawn over the line so far.
func redraws(seq []byte) bool {
	switch string(seq) {
	case "\r", "\x1b[2K", "\x1b[G", "\x1b[1G":
		return true
	}
	return false
}

func isSGR(seq []byte) bool {
	return len(seq) > 2 && seq[1] == '[' && seq[len(seq)-1] == 'm'
}

// Colour moves ranges from a record's plain text to its text with colours, in
// place; they ascend. A range begins behind the colours that stand before its
// first character, and ends before those that follow its last.
func Colour(coloured []byte, ranges [][2]int) {
	at, skipped := 0, 0 // in coloured; how much of that are colours
	sequences := func(upTo int) {
		for at < len(coloured) && coloured[at] == control.ESC && at-skipped <= upTo {
			n := control.Len(coloured[at:])
			at += n
			skipped += n
		}
	}
	seek := func(plain int) {
		for sequences(plain - 1); at-skipped < plain; sequences(plain - 1) {
			next := bytes.IndexByte(coloured[at:], control.ESC)
			if left := plain - (at - skipped); next < 0 || next > left {
				next = left
			}
			at += next
		}
	}
	for i, r := range ranges {
		seek(r[0])
		if r[0] < r[1] {
			sequences(r[0])
		}
		ranges[i][0] = at
		seek(r[1])
		ranges[i][1] = at
	}
}

// appendValid appends b with U+FFFD for each byte that is no UTF-8.
func appendValid(dst, b []byte) []byte {
	if utf8.Valid(b) {
		return append(dst, b...)
	}
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		dst = utf8.AppendRune(dst, r)
		b = b[n:]
	}
	return dst
}
