package logs

import (
	"bytes"
	"context"
	"sort"

	"github.com/brummer-rpc/brummer-rpc/engine/logs/match"
)

// checkEvery is how much text is looked at between two looks at the context.
const checkEvery = 64 << 10

// scanner looks for a pattern in the lines of segments. One goroutine at a time
// may use it.
type scanner struct {
	ctx     context.Context
	matcher *Matcher           // what is looked for
	pattern *match.Pattern     // the same, that gives up when ctx ends
	torn    func() *match.Torn // the same for lines that are odd; nil if there is no such way

	text []byte   // of lines that are odd
	ends []uint32 // where they end in it
}

func (s *scanner) lookFor(m *Matcher) {
	if s.matcher != m {
		s.matcher, s.pattern, s.torn = m, m.Until(func() bool { return s.ctx.Err() != nil }), m.torn
	}
}

// scan adds those of the lines [lo, hi) that have the pattern to the piece's
// hits. They are looked at many at a time, where they lie; odd ones have their
// text made first. The error is the context's.
func (s *scanner) scan(p *piece, lo, hi int) error {
	p.scanned += hi - lo
	for lo < hi {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		end := p.view.chunkEnd(lo, hi)
		for lo < end {
			odd := p.nextOdd(lo, end)
			s.inPlace(p, lo, odd)
			lo = min(end, odd+oddAtOnce)
			s.odd(p, odd, lo)
		}
	}
	return s.ctx.Err() // if it has ended, hits may be missing
}

// oddAtOnce is how many lines are taken for odd from one that is: making a text
// costs less than starting anew.
const oddAtOnce = 64

// chunkEnd returns the line behind lo where checkEvery bytes have passed, or hi.
func (v view) chunkEnd(lo, hi int) int {
	limit := v.start(lo) + checkEvery
	if lineEnd(v.lines[hi-1]) <= limit {
		return hi
	}
	return lo + 1 + sort.Search(hi-lo-1, func(i int) bool { return lineEnd(v.lines[lo+1+i]) > limit })
}

// nextOdd returns the first odd line in [lo, hi), or hi.
func (p *piece) nextOdd(lo, hi int) int {
	switch {
	case p.index != nil:
		return min(hi, p.index.odd.next(lo))
	case p.segment.odd.Load() == 0:
		return hi
	}
	for lo < hi && !lineOdd(p.view.lines[lo]) {
		lo++
	}
	return lo
}

// inPlace looks through lines [lo, hi), none of which is odd: each ends with a
// newline, and has no other.
func (s *scanner) inPlace(p *piece, lo, hi int) {
	if lo >= hi {
		return
	}
	v, base := p.view, p.view.start(lo)
	text := v.data[base:lineEnd(v.lines[hi-1])] // what is before must not count as the word before
	for from := 0; from < len(text); lo++ {
		at := s.pattern.Next(text, from)
		if at < 0 {
			return
		}
		lo = lineAt(v.lines, base+at, lo)
		p.hits.add(lo)
		from = lineEnd(v.lines[lo]) - base
	}
}

// odd looks through lines [lo, hi), of which some are odd.
func (s *scanner) odd(p *piece, lo, hi int) {
	if lo >= hi {
		return
	}
	if torn := s.torn(); torn != nil {
		s.suspects(torn, p, lo, hi)
	} else {
		s.made(p, lo, hi)
	}
}

// suspects looks through lines where they lie for those that may have the pattern in
// their text, and makes only the texts of these.
func (s *scanner) suspects(torn *match.Torn, p *piece, lo, hi int) {
	v, base := p.view, p.view.start(lo)
	torn.Each(v.data[base:lineEnd(v.lines[hi-1])], func(at int) (next int) {
		if lo = lineAt(v.lines, base+at, lo); s.match(v.raw(lo), lineOdd(v.lines[lo])) {
			p.hits.add(lo)
		}
		return lineEnd(v.lines[lo]) - base
	})
}

// made looks through the texts of lines [lo, hi).
func (s *scanner) made(p *piece, lo, hi int) {
	s.text, s.ends = s.text[:0], s.ends[:0]
	for i := lo; i < hi; i++ {
		s.text = appendSearchable(s.text, p.view.raw(i), lineOdd(p.view.lines[i]))
		s.ends = append(s.ends, uint32(len(s.text)))
	}
	for i, from := 0, 0; from < len(s.text); i++ {
		at := s.pattern.Next(s.text, from)
		if at < 0 {
			return
		}
		i = lineAt(s.ends, at, i)
		p.hits.add(lo + i)
		from = int(s.ends[i])
	}
}

// appendSearchable appends a record so that a pattern is found in it where it is
// in its text. Bytes that are no UTF-8 may stay what they are, unless leaving out
// a sequence could make some of them.
func appendSearchable(dst, raw []byte, odd bool) []byte {
	if !odd {
		return append(dst, raw...)
	}
	raw = trimEnd(raw)
	if !controls(raw) {
		return append(append(dst, raw...), '\n')
	}
	return append(appendPainted(dst, raw, false), '\n')
}

// each is scan for the lines of a set within some.
func (s *scanner) each(p *piece, of *lineSet, within span) error {
	size := 0
	for i := of.next(within.from); i < within.to && i < of.of; i = of.next(i + 1) {
		raw := p.view.raw(i)
		if size += len(raw); size > checkEvery {
			size = 0
			if err := s.ctx.Err(); err != nil {
				return err
			}
		}
		p.scanned++
		if s.match(raw, lineOdd(p.view.lines[i])) {
			p.hits.add(i)
		}
	}
	return s.ctx.Err()
}

func (s *scanner) match(raw []byte, odd bool) bool {
	if odd {
		s.text = AppendText(s.text[:0], raw, false)
		return s.pattern.Match(s.text)
	}
	return s.pattern.Match(bytes.TrimSuffix(raw, []byte("\n")))
}
