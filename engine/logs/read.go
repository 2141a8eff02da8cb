package logs

import (
	"context"
	"slices"
)

// Page is a stretch of records in ascending order, and what is missing in it.
type Page struct {
	Records []Record
	Gap     *Gap   // what was lost between Query.After and Next
	Next    uint64 // everything up to here is in Records, in Gap or not of the filter
	More    bool   // there is more to read now beyond Next (before the first record, for ReadBack)
}

// Query asks for a page.
type Query struct {
	Filter Filter
	After  uint64 // only records above
	Limit  int    // records
	Bytes  int    // raw bytes after which the page ends; at least one record is given

	// Into is memory for the page's records, whatever it holds: a page before, of
	// which nothing is needed any more. It may be nil.
	Into []Record
}

// records is where a page comes from. It sees the streams as they were when it
// was made, and so does its account of what is missing: no record is in both.
type records interface {
	collect(p *Page, q *Query) error
	take() (Record, bool, error)
	loss(after, upTo uint64) *Gap
}

// records returns what f selects with numbers in page, and a function for when
// it is no longer used.
func (s *Store) records(ctx context.Context, f *Filter, page span64, back bool) (records, func()) {
	if !f.picky() {
		m := s.merge(f, page, back)
		return &m, func() {}
	}
	w := s.walk(ctx, f, page, back)
	done := func() {}
	if back || page.upTo-page.after > manyLines {
		w.remember()
		done = w.done
	}
	w.over(s.streams.Load())
	return w, done
}

// manyLines is from how many on it pays to remember what is found in them. A
// subscription that follows always sees less.
const manyLines = 4096

// room reports whether the query's limits let the page have one more record; size is
// the raw bytes of all up to it. If not, there are more.
func (p *Page) room(q *Query, size int) bool {
	if n := len(p.Records); n == q.Limit || n > 0 && size > q.Bytes {
		p.More = true
		return false
	}
	return true
}

// collectEach fills the page until the query's limits, record by record.
func collectEach(from records, p *Page, q *Query) error {
	for size := 0; ; {
		r, ok, err := from.take()
		if err != nil || !ok {
			return err
		}
		size += len(r.Raw)
		if !p.room(q, size) {
			return nil
		}
		p.Records = append(p.Records, r)
	}
}

// Read returns the oldest records above q.After. The page covers the numbers
// from there to Next without a hole: whoever reads on from Next sees every
// record once or is told of its loss. The error is the context's.
func (s *Store) Read(ctx context.Context, q Query) (Page, error) {
	upTo := max(q.After, s.Head())
	from, done := s.records(ctx, &q.Filter, span64{q.After, upTo}, false)
	defer done()
	return q.page(from, upTo)
}

// page takes the records up to a number.
func (q *Query) page(from records, upTo uint64) (Page, error) {
	page := Page{Records: q.Into[:0], Next: upTo}
	if err := from.collect(&page, q); err != nil {
		return Page{}, err
	}
	if page.More {
		page.Next = page.Records[len(page.Records)-1].Seq
	}
	page.Gap = from.loss(q.After, page.Next)
	return page, nil
}

// loss implements [records].
func (m *merge) loss(after, upTo uint64) *Gap {
	g := Gap{Filtered: m.filter.Narrow()}
	for i := range m.its {
		m.its[i].state.countLoss(&g, after, upTo, m.filter.Run)
	}
	m.forgotten.count(&g, after, upTo)
	return g.orNil()
}

// ReadBack returns the newest records below before, or the newest at all if
// before is 0, in ascending order. More says whether there are older ones.
func (s *Store) ReadBack(ctx context.Context, q Query, before uint64) (Page, error) {
	head := s.Head()
	if before != 0 {
		head = min(head, before-1)
	}
	page := Page{Next: head}
	from, done := s.records(ctx, &q.Filter, span64{0, head}, true)
	defer done()
	if err := from.collect(&page, &q); err != nil {
		return Page{}, err
	}
	slices.Reverse(page.Records)
	return page, nil
}

// Held reports whether a reader that has seen everything up to seq can go on
// without a loss.
func (s *Store) Held(f Filter, seq uint64) bool {
	head := s.Head()
	m := s.merge(&f, span64{seq, head}, false)
	return m.loss(seq, head) == nil
}

// BeforeTail returns the number after which the newest n records of f come.
func (s *Store) BeforeTail(ctx context.Context, f Filter, n int) (uint64, error) {
	head := s.Head()
	if n <= 0 {
		return head, nil
	}
	from, done := s.records(ctx, &f, span64{0, head}, true)
	defer done()
	for {
		r, ok, err := from.take()
		if err != nil {
			return 0, err
		}
		if !ok {
			return s.Oldest(f), nil
		}
		if n--; n == 0 {
			return r.Seq - 1, nil
		}
	}
}

// Oldest returns the number after which everything still held of f comes.
func (s *Store) Oldest(f Filter) uint64 {
	head := s.Head()
	m := s.merge(&f, span64{0, head}, false)
	if !m.valid() {
		return head
	}
	return m.current().seq() - 1
}
