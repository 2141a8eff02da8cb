package detect

import (
	"bytes"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/control"
)

var blank = []byte{' '}

// strip returns what a person sees of a raw record: no line end, no control
// sequences, and of a line that was drawn over only the last state that shows
// something. It notes links, progress and a cleared screen in s.line. Without
// sequences the result is raw's own bytes.
//
// The log room's AppendText is no other truth about sequences, whose ends both have
// from control, but has another end: it makes valid text for people, with colours if
// they like, and keeps what was above a cleared screen. This one keeps bytes as they
// are, reads what is said to the terminal, and runs on every line.
func (s *Scanner) strip(raw []byte) []byte {
	raw = trimEnd(raw)
	first := bytes.IndexByte(raw, control.ESC)
	cr := bytes.IndexByte(raw, '\r')
	if first < 0 && cr < 0 {
		return raw
	}
	p := painter{text: s.text[:0]}
	for i := 0; i < len(raw); {
		run := plainLen(raw[i:])
		p.add(raw[i : i+run])
		if i += run; i == len(raw) {
			break
		}
		n := control.Len(raw[i:])
		s.sequence(&p, raw[i:i+n])
		i += n
	}
	s.text = p.text
	return p.finish()
}

func trimEnd(raw []byte) []byte {
	if n := len(raw); n > 0 && raw[n-1] == '\n' {
		raw = raw[:n-1]
	}
	for n := len(raw); n > 0 && raw[n-1] == '\r'; n-- {
		raw = raw[:n-1]
	}
	return raw
}

// plainLen is how many bytes of b come before a sequence.
func plainLen(b []byte) int {
	for i, c := range b {
		if c == control.ESC || c == '\r' {
			return i
		}
	}
	return len(b)
}

// painter holds the states that a line went through, one behind the other.
type painter struct {
	text             []byte
	start            int // of the present state
	visible          bool
	done             bool // the cursor has left for the next line: what follows is not this one's
	lastFrom, lastTo int  // of the state before that showed something
}

func (p *painter) add(b []byte) {
	if p.done {
		return
	}
	for i := 0; i < len(b) && !p.visible; i++ {
		p.visible = b[i] > ' '
	}
	p.text = append(p.text, b...)
}

func (p *painter) redraw() {
	if p.done {
		return
	}
	if p.visible {
		p.lastFrom, p.lastTo = p.start, len(p.text)
	}
	p.start, p.visible = len(p.text), false
}

func (p *painter) finish() []byte {
	if p.visible || p.lastTo == 0 {
		return p.text[p.start:]
	}
	return p.text[p.lastFrom:p.lastTo]
}

// sequence takes in one control sequence.
func (s *Scanner) sequence(p *painter, seq []byte) {
	if len(seq) < 3 {
		if seq[0] == '\r' {
			p.redraw()
		}
		s.line.Clear = s.line.Clear || string(seq) == "\x1bc"
		return
	}
	switch seq[1] {
	case ']':
		s.command(seq[2:])
	case '[':
		s.cursor(p, seq[2:len(seq)-1], seq[len(seq)-1])
	}
}

// cursor takes in a CSI sequence: its parameters and its final byte.
func (s *Scanner) cursor(p *painter, params []byte, final byte) {
	switch {
	case final == 'G' && (len(params) == 0 || string(params) == "0" || string(params) == "1"),
		final == 'K' && string(params) == "2":
		p.redraw()
	case final == 'J' && (string(params) == "2" || string(params) == "3"),
		final == 'H' && (len(params) == 0 || string(params) == "1;1"):
		s.line.Clear = true
		p.redraw()
	case final == 'C':
		p.add(blank)
	case final == 'E': // Playwright's list goes on to the next test before it ends the line
		p.done = p.done || p.visible
	}
}

// command takes in what follows "ESC ]", its end included: a link's target
// ("8;params;URI") or progress ("9;4;state;percent").
func (s *Scanner) command(b []byte) {
	b = bytes.TrimRight(b, "\x07\x1b\\")
	switch {
	case bytes.HasPrefix(b, []byte("8;")):
		if at := bytes.IndexByte(b[2:], ';'); at >= 0 && at+3 < len(b) {
			s.line.Links = append(s.line.Links, string(b[at+3:]))
		}
	case bytes.HasPrefix(b, []byte("9;4;")):
		b = b[4:]
		state, n := leadingInt(b)
		if n == 0 || state > 4 {
			return
		}
		percent := 0
		if n < len(b) && b[n] == ';' {
			percent, _ = leadingInt(b[n+1:])
		}
		s.line.Progress = Progress{Told: true, State: uint8(state), Percent: uint8(min(percent, 100))}
	}
}

// leadingInt reads the digits that b begins with, and says how many there are.
// More than nine are too many to be a number here.
func leadingInt(b []byte) (value, digits int) {
	for digits < len(b) && digits < 9 && isDigit(b[digits]) {
		value = 10*value + int(b[digits]-'0')
		digits++
	}
	return value, digits
}
