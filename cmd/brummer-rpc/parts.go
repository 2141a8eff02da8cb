package main

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// parts are those of one line that stand at the end of the terminal, each with a row
// of its own, or more if it is wide. Nothing else has been printed since.
type parts struct {
	process, stream string
	rows            int // 0: there are none
}

// part notes that a part has been printed. In a pipe or a file nothing is drawn over:
// there every part is a line.
func (l *linePrinter) part(line *wire.Line, printed []byte) {
	columns := columnsOf(l.p.stdout)
	if columns == 0 {
		return
	}
	l.parts.process, l.parts.stream = line.Process, line.Stream
	l.parts.rows += 1 + max(0, cells(printed)-1)/columns
}

// goesOn makes room for a line that stands in the place of parts at the end of the
// terminal: they go. It reports whether the line is nothing but the end of what is
// there, so that there is nothing to print.
func (l *linePrinter) goesOn(line *wire.Line, text []byte) (nothing bool) {
	before := l.parts
	if before.rows == 0 {
		return false
	}
	same := line.Process == before.process && line.Stream == before.stream
	if !same || line.Redraw || !line.Partial {
		l.parts = parts{}
	}
	if same && line.Redraw {
		l.buf = fmt.Appendf(l.buf, "\x1b[%dA\r\x1b[J", before.rows)
	}
	return same && len(text) == 0
}

// cells is about how many places of a terminal a printed line takes: colours take
// none, and what is two places wide counts as one.
func cells(printed []byte) (n int) {
	for text := bytes.TrimSuffix(printed, []byte("\n")); len(text) > 0; {
		if text[0] == '\x1b' {
			end := bytes.IndexByte(text, 'm')
			text = text[1+max(0, end):]
			continue
		}
		_, size := utf8.DecodeRune(text)
		text = text[size:]
		n++
	}
	return n
}
