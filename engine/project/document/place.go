package document

import (
	"bytes"
	"unicode/utf8"
)

// places turns offsets into places. It goes on from the offset before, so that a
// file is read once when it is asked in ascending order.
type places struct {
	data   []byte
	offset int
	last   Place
}

func newPlaces(data []byte) *places { return &places{data: data, last: Place{1, 1}} }

// of gives the place of the byte at offset, which may be the end of data.
func (p *places) of(offset int) Place {
	offset = min(max(offset, 0), len(p.data))
	if offset < p.offset {
		p.offset, p.last = 0, Place{1, 1}
	}
	passed := p.data[p.offset:offset]
	if i := bytes.LastIndexByte(passed, '\n'); i >= 0 {
		p.last = Place{p.last.Line + bytes.Count(passed, []byte("\n")), 1 + utf8.RuneCount(passed[i+1:])}
	} else {
		p.last.Column += utf8.RuneCount(passed)
	}
	p.offset = offset
	return p.last
}
