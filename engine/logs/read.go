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
}

// checkEvery is how much text is looked at between two looks at the context.
const checkEvery = 64 << 10

// look judges records by a filter, and the context every now and then.
type look struct {
	ctx     context.Context
	filter  *Filter
	scratch []byte
	bytes   int // looked at since the context was
}

// wants reports whether the record under it is one of the filter's. The error is
// the context's.
func (l *look) wants(it *iterator) (bool, error) {
	if l.bytes += len(it.raw()); l.bytes > checkEvery {
		l.bytes = 0
		if err := l.ctx.Err(); err != nil {
			return false, err
		}
	}
	return l.filter.accepts(it, &l.scratch), nil
}

// collect fills the page with what the walk comes by, until the query's limits.
func (p *Page) collect(ctx context.Context, m *merge, q *Query) error {
	l := look{ctx: ctx, filter: &q.Filter}
	size := 0
	for ; m.valid(); m.next() {
		it := m.current()
		ok, err := l.wants(it)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		size += len(it.raw())
		if n := len(p.Records); n == q.Limit || n > 0 && size > q.Bytes {
			p.More = true
			return nil
		}
		p.Records = append(p.Records, it.record())
	}
	return nil
}

// Read returns the oldest records above q.After. The page covers the numbers
// from there to Next without a hole: whoever reads on from Next sees every
// record once or is told of its loss. The error is the context's.
func (s *Store) Read(ctx context.Context, q Query) (Page, error) {
	head := s.Head()
	page := Page{Next: max(q.After, head)}
	m := s.forward(&q.Filter, q.After, head)
	if err := page.collect(ctx, &m, &q); err != nil {
		return Page{}, err
	}
	if page.More {
		page.Next = page.Records[len(page.Records)-1].Seq
	}
	page.Gap = m.loss(&q.Filter, q.After, page.Next)
	return page, nil
}

// loss counts what of f the merged streams can't show of (after, upTo]. It looks
// at the same states that the records came from, so no record is both.
func (m *merge) loss(f *Filter, after, upTo uint64) *Gap {
	g := Gap{Filtered: f.Narrow()}
	for i := range m.its {
		m.its[i].state.countLoss(&g, after, upTo, f.Run)
	}
	if g.Count == 0 {
		return nil
	}
	return &g
}

// ReadBack returns the newest records below before, or the newest at all if
// before is 0, in ascending order. More says whether there are older ones.
func (s *Store) ReadBack(ctx context.Context, q Query, before uint64) (Page, error) {
	head := s.Head()
	if before != 0 {
		head = min(head, before-1)
	}
	page := Page{Next: head}
	m := s.backward(&q.Filter, head)
	if err := page.collect(ctx, &m, &q); err != nil {
		return Page{}, err
	}
	slices.Reverse(page.Records)
	return page, nil
}

// Held reports whether a reader that has seen everything up to seq can go on
// without a loss.
func (s *Store) Held(f Filter, seq uint64) bool {
	head := s.Head()
	m := s.forward(&f, seq, head)
	return m.loss(&f, seq, head) == nil
}

// BeforeTail returns the number after which the newest n records of f come.
func (s *Store) BeforeTail(ctx context.Context, f Filter, n int) (uint64, error) {
	head := s.Head()
	if n <= 0 {
		return head, nil
	}
	l := look{ctx: ctx, filter: &f}
	for m := s.backward(&f, head); m.valid(); m.next() {
		ok, err := l.wants(m.current())
		if err != nil {
			return 0, err
		}
		if !ok {
			continue
		}
		if n--; n == 0 {
			return m.current().seq() - 1, nil
		}
	}
	return s.Oldest(f), nil
}

// Oldest returns the number after which everything still held of f comes.
func (s *Store) Oldest(f Filter) uint64 {
	head := s.Head()
	m := s.forward(&f, 0, head)
	if !m.valid() {
		return head
	}
	return m.current().seq() - 1
}
