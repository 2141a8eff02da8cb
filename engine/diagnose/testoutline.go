package diagnose

import (
	"bytes"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// outline is what may be the cases of a runner that prints them as an outline, the
// ones that passed without any sign: RSpec's documentation, Hspec.
//
//	Cart
//	  adds
//	  is wrong (FAILED - 1)
//	  when empty
//	    is fine
//
//	4 examples, 1 failure
//
// Nothing tells such lines from others until the runner counts them: they are told
// if they are as many as it says, and else let go. A heading stands alone behind an
// empty line, and lines that are not indented follow no heading.
type outline struct {
	rows []outlineRow
	text []byte // of the rows, one behind the other
	done bool   // the details begin: no more rows
}

type outlineRow struct {
	width, from, to int
	at              uint64
}

// Bounds: longer outlines are let go.
const (
	maxOutline    = 1000
	maxOutlineRow = 160
)

// line takes the next line; blank says that an empty one stood before it.
func (o *outline) line(l *detect.Line, at uint64, blank bool) {
	if len(o.rows) == 0 && !blank || o.done {
		return
	}
	o.add(l.Text, at, blank)
}

func (o *outline) add(text []byte, at uint64, blank bool) {
	s := bytes.TrimLeft(text, " ")
	width := len(text) - len(s)
	s = bytes.TrimRight(s, " ")
	if len(s) == 0 || s[0] == '#' || s[0] == '(' { // a comment, or how long it took
		return
	}
	ends := s[len(s)-1] == ':' || bytes.HasPrefix(s, []byte("Finished in ")) || bytes.HasPrefix(s, []byte("Pending:"))
	switch {
	case width == 0 && ends:
		o.done = len(o.rows) > 0
		return
	case width == 0 && !blank, len(o.rows) == maxOutline, len(s) > maxOutlineRow:
		o.forget()
		return
	}
	from := len(o.text)
	o.text = append(o.text, s...)
	o.rows = append(o.rows, outlineRow{width, from, len(o.text), at})
}

func (o *outline) forget() { o.rows, o.text, o.done = o.rows[:0], o.text[:0], false }

func (o *outline) name(row outlineRow) string { return string(o.text[row.from:row.to]) }

// has reports whether a row of the outline is the case with this name.
func (o *outline) has(name string) bool {
	for i, row := range o.rows {
		if strings.HasSuffix(name, o.name(row)) || strings.Contains(o.name(row), name[strings.LastIndexByte(name, ' ')+1:]) {
			if o.outlineCase(o.rows[:i], row).Name == name {
				return true
			}
		}
	}
	return false
}

// tell emits the cases if they are as many as the runner counts, and forgets the
// outline. Those that have failed have been told with more.
func (o *outline) tell(r *Reader, total int) {
	defer o.forget()
	rows, t := o.rows, &r.tests
	if total == 0 || len(rows) <= total || t.framework != "" && t.framework != "ticks" && t.framework != "rspec" {
		return
	}
	var cases []Test
	for i, row := range rows {
		next := 0
		if i+1 < len(rows) {
			next = rows[i+1].width
		}
		if row.width > 0 && next <= row.width {
			cases = append(cases, o.outlineCase(rows[:i], row))
		}
	}
	if len(cases) != total {
		return
	}
	t.held = nil // the same, one by one
	for _, c := range cases {
		if old := t.seen[c.Name]; old.Status != c.Status {
			t.emit(r, c)
		}
	}
}

// outlineCase is the case of a row below those before it.
func (o *outline) outlineCase(before []outlineRow, row outlineRow) Test {
	c := Test{Name: o.name(row), Status: Passed, At: row.at}
	if v, ok := verdictOf(c.Name, false); ok {
		c.Name, c.Status, c.DurationMs = v.Name, v.Status, v.DurationMs
	}
	c.Name, _ = cutDuration(c.Name)
	for width, i := row.width, len(before)-1; i >= 0 && width > 0; i-- {
		if before[i].width < width {
			width = before[i].width
			c.Name = o.name(before[i]) + " " + c.Name
		}
	}
	return c
}
