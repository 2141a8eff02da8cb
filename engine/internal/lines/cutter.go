package lines

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// Cutter cuts the bytes of one stream into records. Where it cuts depends only
// on the bytes, never on how they were chunked; the exception is [Cutter.Quiet],
// which its caller's clock asks for.
type Cutter struct {
	Max int // bytes of a line without its newline; a longer one is kept in parts

	open bool // the last record was a part: its line has yet to end
}

// Cut appends the ends of the records that are complete in b to cuts and says
// how many bytes they cover. The caller keeps b[used:], at most Max bytes, in
// front of what it reads next.
func (c *Cutter) Cut(b []byte, cuts []Cut) (_ []Cut, used int) {
	for cuts, used = c.blocks(b, cuts); ; {
		length := bytes.IndexByte(b[used:], '\n')
		ended := length >= 0
		if !ended {
			length = len(b) - used
		}
		for length > c.Max {
			n := runeCut(b[used:], c.Max)
			used += n
			length -= n
			cuts = append(cuts, Cut{End: uint32(used), Partial: true})
			c.open = true
		}
		if !ended {
			return cuts, used
		}
		used += length + 1
		cuts = append(cuts, Cut{End: uint32(used)})
		c.open = false
	}
}

// blocks is Cut for a beginning of b, block by block, up to a line that is too long or
// a rest that is short.
func (c *Cutter) blocks(b []byte, cuts []Cut) (_ []Cut, used int) {
	for at := 0; at+block <= len(b) && newlines != nil; at += block {
		n := len(cuts)
		cuts = slices.Grow(cuts, block)[:n+block]
		cuts = cuts[:n+newlines(&cuts[n], &b[at], block, at)]
		for i := n; i < len(cuts); i++ {
			if int(cuts[i].End)-used > c.Max+1 {
				return cuts[:i], used
			}
			used = int(cuts[i].End)
			c.open = false
		}
	}
	return cuts, used
}

// block is how many bytes are looked through at once. There may be as many lines.
const block = 512

// Quiet publishes tail, the bytes that Cut left, as a part: its writer waits,
// perhaps at a prompt. A character that is still incomplete is held back.
func (c *Cutter) Quiet(tail []byte, cuts []Cut) (_ []Cut, used int) {
	used = wholeRunes(tail)
	if used == 0 {
		return cuts, 0
	}
	c.open = true
	return append(cuts, Cut{End: uint32(used), Partial: true}), used
}

// End closes the stream: what is left becomes the last record. After a part it
// may be empty, so that a line always ends with a record that is not partial.
func (c *Cutter) End(tail []byte, cuts []Cut) []Cut {
	if len(tail) > 0 || c.open {
		cuts = append(cuts, Cut{End: uint32(len(tail))})
	}
	c.open = false
	return cuts
}

// runeCut returns the last place at or before at where b, which is longer than
// at, can be cut without tearing a UTF-8 sequence; at itself if b is not UTF-8.
func runeCut(b []byte, at int) int {
	for i := at; i > 0 && i > at-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			return i
		}
	}
	return at
}

// wholeRunes returns how much of b ends with a complete UTF-8 sequence.
func wholeRunes(b []byte) int {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if utf8.FullRune(b[i:]) {
				return len(b)
			}
			return i
		}
	}
	return len(b)
}
