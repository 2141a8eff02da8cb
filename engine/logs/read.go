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

// Read returns the oldest records above q.After. The page covers the numbers
// from there to Next without a hole: whoever reads on from Next sees every
// record once or is told of its loss. The error is the context's.
func (s *Store) Read(ctx context.Context, q Query) (Page, error) {
	head := s.Head()
	page := Page{Next: max(q.After, head)}
	m := s.merge(&q.Filter, q.After, head)
	var scratch []byte
	size, looked := 0, 0
	for ; m.valid(); m.next() {
		it := m.current()
		if looked += len(it.raw()); looked > checkEvery {
			if looked = 0; ctx.Err() != nil {
				return Page{}, ctx.Err()
			}
		}
		if !q.Filter.accepts(it, &scratch) {
			continue
		}
		size += len(it.raw())
		if n := len(page.Records); n == q.Limit || n > 0 && size > q.Bytes {
			page.Next = page.Records[n-1].Seq
			page.More = true
			break
		}
		page.Records = append(page.Records, it.record())
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
	var scratch []byte
	size, looked := 0, 0
	for m := s.mergeBack(&q.Filter, head); m.valid(); m.next() {
		it := m.current()
		if looked += len(it.raw()); looked > checkEvery {
			if looked = 0; ctx.Err() != nil {
				return Page{}, ctx.Err()
			}
		}
		if !q.Filter.accepts(it, &scratch) {
			continue
		}
		size += len(it.raw())
		if n := len(page.Records); n == q.Limit || n > 0 && size > q.Bytes {
			page.More = true
			break
		}
		page.Records = append(page.Records, it.record())
	}
	slices.Reverse(page.Records)
	return page, nil
}

// Held reports whether a reader that has seen everything up to seq can go on
// without a loss.
func (s *Store) Held(f Filter, seq uint64) bool {
	m := s.merge(&f, seq, s.Head())
	return m.loss(&f, seq, s.Head()) == nil
}

// BeforeTail returns the number after which the newest n records of f come.
func (s *Store) BeforeTail(ctx context.Context, f Filter, n int) (uint64, error) {
	if n <= 0 {
		return s.Head(), nil
	}
	head := s.Head()
	var scratch []byte
	looked := 0
	for m := s.mergeBack(&f, head); m.valid(); m.next() {
		it := m.current()
		if looked += len(it.raw()); looked > checkEvery {
			if looked = 0; ctx.Err() != nil {
				return 0, ctx.Err()
			}
		}
		if !f.accepts(it, &scratch) {
			continue
		}
		if n--; n == 0 {
			return it.seq() - 1, nil
		}
	}
	return s.Oldest(f), nil
}

// Oldest returns the number after which everything still held of f comes.
func (s *Store) Oldest(f Filter) uint64 {
	head := s.Head()
	m := s.merge(&f, 0, head)
	if !m.valid() {
		return head
	}
	return m.current().seq() - 1
}
