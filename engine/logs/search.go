package logs

import (
	"context"
	"slices"
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
	Total   int    // all matches, if they were asked for
	More    bool   // there are more in that direction
	Next    uint64 // the Cursor that goes on
	Scanned int    // records that were looked at
}

// Search looks through the records of a filter. It is linear in the text looked
// at and stops as soon as it has enough. The error is a [*PatternError] or the
// context's.
func (s *Store) Search(ctx context.Context, q Search) (Found, error) {
	matcher, err := Compile(q.Pattern)
	if err != nil {
		return Found{}, err
	}
	c := search{s: s, q: &q, matcher: matcher, look: look{ctx: ctx, filter: &q.Filter}}
	if err := c.run(); err != nil {
		return Found{}, err
	}
	for i := range c.found.Hits {
		if err := c.surround(ctx, &c.found.Hits[i]); err != nil {
			return Found{}, err
		}
	}
	return c.found, nil
}

// search is one search under way.
type search struct {
	s       *Store
	q       *Search
	matcher *Matcher
	look    look
	found   Found
	text    []byte
	size    int // raw bytes of the hits
}

// walk is where the search begins, and in which direction it goes.
func (c *search) walk() merge {
	head := c.s.Head()
	if c.q.Oldest {
		return c.s.forward(&c.q.Filter, c.q.Cursor, head)
	}
	if c.q.Cursor != 0 {
		head = min(head, c.q.Cursor-1)
	}
	return c.s.backward(&c.q.Filter, head)
}

func (c *search) run() error {
	for m := c.walk(); m.valid(); m.next() {
		ok, err := c.look.wants(m.current())
		if err != nil {
			return err
		}
		if ok && !c.judge(m.current()) {
			return nil
		}
	}
	return nil
}

// judge looks for the pattern in one record and reports whether to go on.
func (c *search) judge(it *iterator) bool {
	c.found.Scanned++
	c.text = AppendText(c.text[:0], it.raw(), false)
	if !c.matcher.Match(c.text) {
		return true
	}
	c.found.Total++
	if c.found.More {
		return true // only counting
	}
	ranges := c.matcher.Find(c.text, nil)
	ranges = ranges[:min(len(ranges), maxRanges)]
	c.size += len(it.raw()) + rangeBytes*len(ranges)
	if n := len(c.found.Hits); n == c.q.Limit || n > 0 && c.size > c.q.Bytes {
		c.found.More = true
		return c.q.Count
	}
	c.found.Hits = append(c.found.Hits, Hit{Record: it.record(), Ranges: ranges})
	c.found.Next = it.seq()
	return true
}

// A hit's ranges are bounded, and count for the size of the answer, as a line of
// 64 KiB can have as many.
const (
	maxRanges  = 1000
	rangeBytes = 4 // a sixth of what one takes in JSON, as a raw byte may take six
)

// surround fills in the records of the hit's process around it, as far as there
// is room for them in the answer.
func (c *search) surround(ctx context.Context, h *Hit) error {
	if c.q.Context <= 0 {
		return nil
	}
	around := Query{Filter: Filter{Processes: []string{h.Process}, Run: h.Run}, Limit: c.q.Context, Bytes: c.q.Bytes}
	before, err := c.s.ReadBack(ctx, around, h.Seq)
	if err != nil {
		return err
	}
	around.After = h.Seq
	after, err := c.s.Read(ctx, around)
	if err != nil {
		return err
	}
	slices.Reverse(before.Records) // the nearest first
	h.Before, h.After = c.fit(before.Records), c.fit(after.Records)
	slices.Reverse(h.Before)
	return nil
}

// fit returns those of the records that there is still room for.
func (c *search) fit(records []Record) []Record {
	for i := range records {
		if c.size+len(records[i].Raw) > c.q.Bytes {
			return slices.Clip(records[:i])
		}
		c.size += len(records[i].Raw)
	}
	return records
}
