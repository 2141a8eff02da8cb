package logs

import (
	"context"
	"slices"
	"unicode/utf8"
)

// Search asks for the records whose text matches a pattern.
type Search struct {
	Pattern Pattern
	Filter  Filter
	Oldest  bool   // oldest first; else newest first
	Limit   int    // hits
	Cursor  uint64 // continue behind this number: above it with Oldest, else below it; 0: from the end
	Context int    // records of the same process before and after each hit
	Count   bool   // go through everything to fill Total
	Bytes   int    // raw bytes of hits and context after which the answer ends
}

// Hit is a record that matches.
type Hit struct {
	Record
	Ranges        [][2]int // where in the plain text, in bytes
	Before, After []Record
}

// Found answers a [Search].
type Found struct {
	Hits    []Hit
	Total   int    // all matches, wherever the search began, if they were asked for
	More    bool   // there are more in that direction
	Next    uint64 // the Cursor that goes on
	Scanned int    // records whose text was looked at
	Cached  int    // segments whose matches were known from an earlier search
}

// Search looks through the records of a filter and stops as soon as it has
// enough. The error is a [*PatternError] or the context's.
func (s *Store) Search(ctx context.Context, q Search) (Found, error) {
	pattern, err := s.recall.compile(q.Pattern)
	if err != nil {
		return Found{}, err
	}
	c := search{s: s, q: &q, ctx: ctx, pattern: pattern}
	w := c.walk()
	defer w.remember()()
	w.over(s.streams.Load())
	if err := c.run(w); err != nil {
		return Found{}, err
	}
	s.metrics.searched(w)
	return c.found, nil
}

// search is one search under way.
type search struct {
	s       *Store
	q       *Search
	ctx     context.Context
	pattern *Matcher
	head    uint64 // up to where it looks
	found   Found
	text    []byte
	ranges  [][2]int // of hits, one behind the other
	size    int      // raw bytes of the hits
}

// walk is where the search begins, and in which direction it goes.
func (c *search) walk() *walk {
	c.head = c.s.Head()
	page := span64{0, c.head}
	switch {
	case c.q.Cursor == 0:
	case c.q.Oldest:
		page.after = min(c.q.Cursor, c.head)
	default:
		page.upTo = min(c.q.Cursor-1, c.head)
	}
	w := c.s.walk(c.ctx, &c.q.Filter, page, !c.q.Oldest)
	w.pattern, w.also = c.pattern, c.q.Filter.Match
	if c.q.Count {
		w.whole = span64{0, c.head}
		w.ahead = wholeAhead
	}
	return w
}

func (c *search) run(w *walk) error {
	for {
		r, ok, err := w.take()
		if err != nil {
			return err
		}
		if !ok || !c.add(&r, w.opened) {
			break
		}
		if err := c.ctx.Err(); err != nil { // the ranges of a long line can take a while
			return err
		}
	}
	if c.q.Count {
		if err := w.finish(); err != nil {
			return err
		}
		c.found.Total = w.total
	}
	c.found.Scanned, c.found.Cached = w.scanned, w.cached
	for i := range c.found.Hits {
		c.surround(&c.found.Hits[i])
	}
	return nil
}

// add takes a record that matches, if there is room for it. known is how many there
// are at least, this one and those to come.
func (c *search) add(r *Record, known int) bool {
	if c.found.Hits == nil {
		room := min(max(16, 2*known), c.q.Limit)
		c.found.Hits, c.ranges = make([]Hit, 0, room), make([][2]int, 0, room)
	}
	before := len(c.ranges)
	c.ranges = c.pattern.Ranges(c.ranges, c.plain(r), maxRanges)
	ranges := slices.Clip(c.ranges[before:])
	c.size += len(r.Raw) + rangeBytes*len(ranges)
	if n := len(c.found.Hits); n == c.q.Limit || n > 0 && c.size > c.q.Bytes {
		c.found.More = true
		return false
	}
	c.found.Hits = append(c.found.Hits, Hit{Record: *r, Ranges: ranges})
	c.found.Next = r.Seq
	return true
}

// plain returns the text of a record: the record's own bytes, if they are that.
func (c *search) plain(r *Record) []byte {
	if !r.odd && utf8.Valid(r.Raw) {
		return r.Raw[:len(r.Raw)-1]
	}
	c.text = AppendText(c.text[:0], r.Raw, false)
	return c.text
}

// A hit's ranges are bounded, and count for the size of the answer, as a line of
// 64 KiB can have as many.
const (
	maxRanges  = 1000
	rangeBytes = 4 // a sixth of what one takes in JSON, as a raw byte may take six
)

// surround fills in the records of the hit's process and run around it, as far as
// there is room for them in the answer.
func (c *search) surround(h *Hit) {
	if c.q.Context <= 0 {
		return
	}
	h.Before = c.neighbours(h, span64{0, h.Seq - 1}, true)
	h.After = c.neighbours(h, span64{h.Seq, c.head}, false)
	slices.Reverse(h.Before)
}

// neighbours returns records of the hit's process and run, the nearest first.
func (c *search) neighbours(h *Hit, of span64, back bool) []Record {
	var out []Record
	m := c.s.merge(&Filter{Processes: []string{h.Process}}, of, back)
	for ; len(out) < c.q.Context && m.valid(); m.next() {
		r := m.current().record()
		if r.Run != h.Run || c.size+len(r.Raw) > c.q.Bytes {
			break // runs don't overlap: there are no more
		}
		c.size += len(r.Raw)
		out = append(out, r)
	}
	return out
}
