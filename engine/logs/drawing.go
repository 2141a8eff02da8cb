package logs

import (
	"github.com/brummer-rpc/brummer-rpc/engine/internal/control"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// drawing follows the line of a stream that has come in parts and has yet to end:
// what of it replaces what it showed before, as a progress bar does with a CR. It
// looks at nothing but such lines.
type drawing struct {
	open bool // the last record was a part
	over bool // what shows next is drawn over what the line showed so far
}

// mark sets the bit of those staged records that are drawn over the parts before
// them.
func (d *drawing) mark(table []uint32, data []byte, cuts []lines.Cut, from uint32) {
	at := uint32(0)
	for i, c := range cuts {
		end := c.End - from
		if d.record(data[at:end], c.Partial) {
			table[i] |= redrawBit
		}
		at = end
	}
}

// record takes the line's next record and reports whether its text, which
// [AppendText] makes, stands in the place of the parts before it. As there, a
// state that shows nothing replaces nothing: a bar that is wiped stays.
func (d *drawing) record(raw []byte, partial bool) bool {
	if !d.open && !partial {
		return false
	}
	replaces := d.paint(raw) && d.open
	d.open = partial
	d.over = d.over && partial
	return replaces
}

// paint reports whether something that shows was drawn over something else.
func (d *drawing) paint(raw []byte) (replaces bool) {
	for len(raw) > 0 {
		n := nextControl(raw, true)
		if d.over && shows(raw[:n]) {
			replaces, d.over = true, false
		}
		if raw = raw[n:]; len(raw) == 0 {
			break
		}
		seq := raw[:control.Len(raw)]
		d.over = d.over || redraws(seq)
		raw = raw[len(seq):]
	}
	return replaces
}
