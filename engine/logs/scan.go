package logs

import (
	"context"
	"sort"
)

// checkEvery is how much text is looked at between two looks at the context.
const checkEvery = 64 << 10

// scanner looks for a pattern in the lines of segments. One goroutine at a time
// may use it.
type scanner struct {
	ctx     context.Context
	pattern *Matcher
	text    []byte
}

// scan adds those of the lines [lo, hi) that have the pattern to the piece's
// hits. Most lines are looked at where they lie, many at a time; an odd one has
// its text made first. The error is the context's.
func (s *scanner) scan(p *piece, lo, hi int) error {
	p.scanned += hi - lo
	v := p.view
	for lo < hi {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		end := v.chunkEnd(lo, hi)
		for lo < end {
			plain := end
			if s.pattern.ByLine() {
				plain = lo
			} else if p.segment.odd.Load() > 0 {
				plain = p.nextOdd(lo, end)
			}
			s.plain(p, lo, plain)
			for lo = plain; lo < end && (s.pattern.ByLine() || lineOdd(v.lines[lo])); lo++ {
				s.text = AppendText(s.text[:0], v.raw(lo), false)
				if s.pattern.Match(s.text) {
					p.hits.add(lo)
				}
			}
		}
	}
	p.hits = p.hits.sealed()
	return nil
}

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
	if p.index != nil {
		return min(hi, p.index.odd.next(lo))
	}
	for lo < hi && !lineOdd(p.view.lines[lo]) {
		lo++
	}
	return lo
}

// plain looks through lines [lo, hi), none of which is odd.
func (s *scanner) plain(p *piece, lo, hi int) {
	if lo >= hi {
		return
	}
	v := p.view
	text := v.data[:lineEnd(v.lines[hi-1])]
	for from := v.start(lo); lo < hi; {
		at := s.pattern.Next(text, from)
		if at < 0 {
			return
		}
		lo = v.lineAt(at, lo)
		// A part has no newline, so what begins in it may end in the next one.
		if s.pattern.Exact() && !linePartial(v.lines[lo]) || s.pattern.Match(trimEnd(v.raw(lo))) {
			p.hits.add(lo)
		}
		from = lineEnd(v.lines[lo])
		lo++
	}
}

// each is scan for the lines of a set within some.
func (s *scanner) each(p *piece, of *lineSet, within span) error {
	bytes := 0
	for i := of.next(within.lo); i < within.hi && i < of.of; i = of.next(i + 1) {
		raw := p.view.raw(i)
		if bytes += len(raw); bytes > checkEvery {
			bytes = 0
			if err := s.ctx.Err(); err != nil {
				return err
			}
		}
		p.scanned++
		if s.match(raw, lineOdd(p.view.lines[i])) {
			p.hits.add(i)
		}
	}
	p.hits = p.hits.sealed()
	return nil
}

func (s *scanner) match(raw []byte, odd bool) bool {
	if odd || s.pattern.ByLine() {
		s.text = AppendText(s.text[:0], raw, false)
		return s.pattern.Match(s.text)
	}
	return s.pattern.Match(trimEnd(raw))
}
