package logs

import (
	"context"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/brummer-rpc/brummer-rpc/engine/logs/match"
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

// Hit is a record that matches. Answers share it.
type Hit struct {
	Record
	Ranges        [][2]int // where in the plain text, in bytes
	Before, After []Record
}

// Found answers a [Search].
type Found struct {
	Hits    []*Hit
	Total   int    // all matches, wherever the search began, if they were asked for
	More    bool   // there are more in that direction
	Next    uint64 // the Cursor that goes on
	Scanned int    // records whose text was looked at
	Cached  int    // segments whose matches were known from an earlier search
}

// Search looks through the records of a filter and stops as soon as it has
// enough. What it returns may be shared with others who ask the same, and is not
// to be changed. The error is a [*PatternError] or the context's.
func (s *Store) Search(ctx context.Context, q Search) (Found, error) {
	since := s.answers.now.Load()
	known, head := since.of(&q), s.Head()
	if known != nil && known.good(head) {
		s.metrics.searches.Inc()
		s.metrics.recalled.Add(known.segments)
		return known.again(), nil
	}
	if known != nil && !known.goesOn() {
		known = nil
	}
	c := searches.Get().(*search)
	defer c.done()
	c.s, c.q, c.ctx, c.since, c.known, c.head, c.lowest = s, q, ctx, since, known, head, noLine
	if err := c.compile(); err != nil {
		return Found{}, err
	}
	if err := c.run(c.begin()); err != nil {
		return Found{}, err
	}
	s.metrics.searched(&c.walk)
	c.remember(&c.walk)
	return c.found, nil
}

// search is one search under way.
type search struct {
	s       *Store
	q       Search
	ctx     context.Context
	pattern *Matcher
	ends    *match.Pattern // the pattern, that gives up when ctx ends
	stop    func() bool    // reports that; made once
	since   *remembered    // when it began
	known   *answer        // of an equal search, up to an earlier head; nil if there is none
	head    uint64         // up to where it looks
	lowest  uint64         // the lowest number of a line that it came by
	walk    walk
	found   Found
	text    []byte
	hits    []Hit    // memory for hits to come, of one segment: each of them holds all
	ranges  [][2]int // of hits, one behind the other
	size    int      // raw bytes of the hits
}

// searches are those that are over: what one is made of, but for its answer, is used
// again.
var searches = sync.Pool{New: func() any {
	c := &search{}
	c.stop = func() bool { return c.ctx.Err() != nil }
	return c
}}

func (c *search) done() {
	c.walk.done()
	*c = search{stop: c.stop}
	searches.Put(c)
}

func (c *search) compile() (err error) {
	if c.known != nil {
		c.pattern = c.known.pattern
	} else if c.pattern, err = c.s.recall.compile(c.q.Pattern); err != nil {
		return err
	}
	c.ends = c.pattern.Until(c.stop)
	return nil
}

// remember keeps the answer for who asks the same again.
func (c *search) remember(w *walk) {
	if w.query == nil {
		return
	}
	a := &answer{
		query: c.q, pattern: c.pattern, head: c.head, lowest: c.lowest,
		segments: w.segments, size: c.size, found: c.found,
	}
	if c.known != nil {
		a.query, a.segments = c.known.query, max(a.segments, c.known.segments)
	} else {
		a.query.Filter = c.q.Filter.clone()
	}
	a.final, a.bytes = a.isFinal(), a.cost()
	c.s.answers.keep(a, c.since)
}

// begin is where the search begins, and in which direction it goes.
func (c *search) begin() *walk {
	page := span64{0, c.head}
	switch {
	case c.known != nil:
		page.after = c.known.head
	case c.q.Cursor == 0:
	case c.q.Oldest:
		page.after = min(c.q.Cursor, c.head)
	default:
		page.upTo = min(c.q.Cursor-1, c.head)
	}
	w := &c.walk
	w.begin(c.s, c.ctx, &c.q.Filter, page, !c.q.Oldest)
	w.pattern, w.also = c.pattern, c.q.Filter.Match
	w.scanner.matcher, w.scanner.pattern, w.scanner.torn = c.pattern, c.ends, c.pattern.torn
	switch {
	case c.q.Count && c.known != nil:
		c.found.Total = c.known.found.Total
	case c.q.Count:
		w.whole = span64{0, c.head}
		w.ahead = wholeAhead
	}
	w.remember()
	return w
}

// run finds the hits: what an earlier answer has and what came since, in the
// search's order.
func (c *search) run(w *walk) error {
	if c.q.Oldest {
		c.goOn()
	}
	if err := c.open(w); err != nil {
		return err
	}
	if err := c.look(w); err != nil {
		return err
	}
	if !c.q.Oldest {
		c.goOn()
	}
	c.found.Scanned, c.found.Cached = w.scanned, w.cached
	if c.known != nil {
		c.found.Cached += c.known.segments
	}
	for i := range c.found.Hits {
		c.surround(c.found.Hits[i])
	}
	return nil
}

// open starts the walk.
func (c *search) open(w *walk) error {
	streams := c.s.streams.Load()
	if c.known != nil {
		if ok, err := w.tails(streams); ok || err != nil {
			if w.segments == 1 {
				c.hits = make([]Hit, min(w.opened, c.q.Limit))
			}
			return err
		}
	}
	w.over(streams)
	return nil
}

// look finds the hits of the walk, as long as there is room for them.
func (c *search) look(w *walk) error {
	for !c.found.More {
		r, ok, err := w.take()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := c.add(&r, w.opened); err != nil {
			return err
		}
	}
	if c.q.Count {
		if err := w.finish(); err != nil {
			return err
		}
		c.found.Total += w.total
	}
	return nil
}

// add takes a record that matches. known is how many there are at least, this one
// and those to come. The error is the context's.
func (c *search) add(r *Record, known int) error {
	if c.found.Hits == nil {
		c.found.Hits = make([]*Hit, 0, c.room(known+c.toGoOn()))
	}
	if c.ranges == nil {
		c.ranges = make([][2]int, 0, c.room(known))
	}
	before := len(c.ranges)
	c.ranges = c.ends.Ranges(c.ranges, c.plain(r), maxRanges)
	h := c.newHit()
	h.Record, h.Ranges = *r, slices.Clip(c.ranges[before:])
	if c.fits(len(c.found.Hits), h) {
		c.found.Hits = append(c.found.Hits, h)
		c.found.Next = h.Seq
	}
	return c.ctx.Err() // the ranges of a long line can take a while
}

func (c *search) newHit() *Hit {
	if len(c.hits) == 0 {
		return &Hit{}
	}
	h := &c.hits[0]
	c.hits = c.hits[1:]
	return h
}

// room is for how many hits there should be room if so many are to be added.
func (c *search) room(added int) int { return min(max(16, 2*added), c.q.Limit) }

// fits reports whether the answer has room for a hit behind n others, and counts
// it; if not, there are more.
func (c *search) fits(n int, h *Hit) bool {
	c.lowest = min(c.lowest, h.Seq)
	size := c.size + h.size()
	if n == c.q.Limit || n > 0 && size > c.q.Bytes {
		c.found.More = true
		return false
	}
	c.size = size
	return true
}

// goOn gives the hits of the answer that is known. If nothing comes before them
// they are given as they are.
func (c *search) goOn() {
	k := c.known
	if k == nil || c.found.More {
		return
	}
	before := c.found.Hits
	if len(before) == 0 {
		c.found.Hits, c.found.Next, c.size = slices.Clip(k.found.Hits), k.found.Next, k.size
	} else if n := c.fitting(k.found.Hits); n > 0 {
		c.found.Hits, c.found.Next = append(before, k.found.Hits[:n]...), k.found.Hits[n-1].Seq
	}
	if !c.found.More {
		c.found.More, c.lowest = k.found.More, min(c.lowest, k.lowest)
	}
}

// fitting returns how many hits of some that come next have room.
func (c *search) fitting(hits []*Hit) int {
	for i, h := range hits {
		if !c.fits(len(c.found.Hits)+i, h) {
			return i
		}
	}
	return len(hits)
}

// toGoOn is how many hits may come from the answer that is known.
func (c *search) toGoOn() int {
	if c.known == nil {
		return 0
	}
	return len(c.known.found.Hits)
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

func (h *Hit) size() int { return len(h.Raw) + rangeBytes*len(h.Ranges) }

// surround fills in the records of the hit's process and run around it, as far as
// there is room for them in the answer.
func (c *search) surround(h *Hit) {
	if c.q.Context <= 0 {
		return
	}
	h.Before = c.neighbours(h, span64{0, h.Seq - 1}, true)
	h.After = c.neighbours(h, span64{h.Seq, c.head}, false)
	slices.Reverse(h.Before)
	if len(h.Before) > 0 {
		c.lowest = min(c.lowest, h.Before[0].Seq)
	}
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
