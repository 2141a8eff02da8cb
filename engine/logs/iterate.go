package logs

import (
	"math"
	"slices"
)

// Record is one stored line or part of one. Raw aliases the store's memory,
// which never changes; it keeps its segment alive for as long as it is held.
type Record struct {
	Seq     uint64
	Time    int64 // milliseconds since the epoch
	Process string
	Run     uint32
	Stream  Stream
	Level   Level
	Partial bool // the line goes on in the stream's next record
	Redraw  bool // it was drawn over what the line's parts before it showed
	odd     bool // see isOdd
	Raw     []byte
}

// iterator stands on one record of one stream and moves in either direction.
// It sees the stream as it was when the iterator was made.
type iterator struct {
	stream *stream
	state  *streamState
	upTo   uint64 // records above are not there

	seg      int // -1 or len(segs): off either end
	view     view
	line, mk int
}

// iterate returns an iterator on the first record above after.
func (st *streamState) iterate(after, upTo uint64) iterator {
	it := iterator{state: st, upTo: upTo}
	after = max(after, st.cleared)
	it.seg = max(0, st.segmentAfter(after)-1)
	for ; it.seg < len(st.segs); it.seg++ {
		it.view = st.segs[it.seg].view()
		if it.line, it.mk = it.view.after(after); it.line < len(it.view.lines) {
			break
		}
	}
	return it
}

// iterateBack returns an iterator on the last record at or below upTo.
func (st *streamState) iterateBack(upTo uint64) iterator {
	it := iterator{state: st, upTo: upTo}
	for it.seg = st.segmentAfter(upTo) - 1; it.seg >= 0; it.seg-- {
		it.view = st.segs[it.seg].view()
		if it.line, it.mk = it.view.after(upTo); it.line > 0 {
			it.stepBack()
			break
		}
	}
	return it
}

// segmentAfter returns the first segment all of whose records are above seq.
func (st *streamState) segmentAfter(seq uint64) int {
	i, _ := slices.BinarySearchFunc(st.segs, seq, func(s *segment, seq uint64) int {
		if s.view().firstSeq() <= seq {
			return -1
		}
		return 1
	})
	return i
}

// seq is the number of the record, beyond all numbers off the end.
func (it *iterator) seq() uint64 {
	if it.seg < 0 || it.seg >= len(it.state.segs) || it.line >= len(it.view.lines) {
		return math.MaxUint64
	}
	m := it.view.marks[it.mk]
	return m.seq + uint64(it.line) - uint64(m.line)
}

func (it *iterator) valid() bool {
	seq := it.seq()
	return seq <= it.upTo && seq > it.state.cleared
}

func (it *iterator) raw() []byte { return it.view.raw(it.line) }

func (it *iterator) next() {
	if it.line++; it.line < len(it.view.lines) {
		if it.line == it.view.markEnd(it.mk) {
			it.mk++
		}
		return
	}
	for it.seg++; it.seg < len(it.state.segs); it.seg++ {
		it.line, it.mk = 0, 0
		if it.view = it.state.segs[it.seg].view(); len(it.view.lines) > 0 {
			return
		}
	}
}

func (it *iterator) prev() {
	if it.line > 0 {
		it.stepBack()
		return
	}
	for it.seg--; it.seg >= 0; it.seg-- {
		it.view = it.state.segs[it.seg].view()
		it.line, it.mk = len(it.view.lines), len(it.view.marks)
		if it.line > 0 {
			it.stepBack()
			return
		}
	}
}

func (it *iterator) stepBack() {
	it.line--
	if it.mk == len(it.view.marks) || it.line < int(it.view.marks[it.mk].line) {
		it.mk--
	}
}

func (it *iterator) record() Record {
	m, e := it.view.marks[it.mk], it.view.lines[it.line]
	return Record{
		Seq: it.seq(), Time: m.t, Run: m.run,
		Process: it.stream.process, Stream: it.stream.kind,
		Level: lineLevel(e), Partial: linePartial(e), Redraw: lineRedraw(e), odd: lineOdd(e), Raw: it.raw(),
	}
}

// merge walks everything in the streams of a filter, in the order of the sequence
// or against it. A [walk] is for filters that look closer.
type merge struct {
	filter *Filter
	its    []iterator
	at     int // the iterator that stands on the present record; -1 at the end
	back   bool

	forgotten forgotten
}

// merge returns a merge of the records with numbers in page.
func (s *Store) merge(f *Filter, page span64, back bool) merge {
	return s.mergeOf(f, page, back, (*stream).hold)
}

// mergeOf is merge of what look returns of each stream.
func (s *Store) mergeOf(f *Filter, page span64, back bool, look func(*stream) *streamState) merge {
	streams := s.streams.Load()
	m := merge{filter: f, back: back, forgotten: streams.forgotten}
	for _, st := range streams.matching(f) {
		if state := look(st); back {
			m.add(st, state.iterateBack(page.upTo))
		} else {
			m.add(st, state.iterate(page.after, page.upTo))
		}
	}
	m.pick()
	return m
}

func (m *merge) add(st *stream, it iterator) {
	it.stream = st
	m.its = append(m.its, it)
}

// pick finds the iterator that is next in the direction of the walk.
func (m *merge) pick() {
	m.at = -1
	var best uint64
	for i := range m.its {
		if !m.its[i].valid() {
			continue
		}
		if seq := m.its[i].seq(); m.at < 0 || (seq < best) != m.back {
			m.at, best = i, seq
		}
	}
}

func (m *merge) valid() bool        { return m.at >= 0 }
func (m *merge) current() *iterator { return &m.its[m.at] }

// collect implements [records]. Forwards it gives what is left of a batch at once.
func (m *merge) collect(p *Page, q *Query) error {
	if m.back {
		return collectEach(m, p, q)
	}
	for size := 0; m.valid() && !p.More; m.pick() {
		size = m.current().batch(p, q, size)
	}
	return nil
}

// batch puts what is left of the present batch into a page, as far as it fits, and
// goes on behind it: nobody's numbers can come between. size is the page's bytes.
func (it *iterator) batch(p *Page, q *Query, size int) int {
	first, end := it.record(), it.view.markEnd(it.mk)
	end = it.line + int(min(uint64(end-it.line), it.upTo-first.Seq+1))
	from, data := it.view.start(it.line), it.view.data
	for _, e := range it.view.lines[it.line:end] {
		to := lineEnd(e)
		if size += to - from; !p.room(q, size) {
			return size
		}
		p.Records = append(p.Records, Record{
			Seq: first.Seq, Time: first.Time, Run: first.Run, Process: first.Process, Stream: first.Stream,
			Level: lineLevel(e), Partial: linePartial(e), Redraw: lineRedraw(e), odd: lineOdd(e), Raw: data[from:to:to],
		})
		first.Seq++
		it.line++
		from = to
	}
	it.line--
	it.next()
	return size
}

// take implements [records].
func (m *merge) take() (Record, bool, error) {
	if !m.valid() {
		return Record{}, false, nil
	}
	r := m.current().record()
	m.next()
	return r, true, nil
}

func (m *merge) next() {
	it := m.current()
	expect := it.seq() + 1
	if m.back {
		expect = it.seq() - 1
		it.prev()
	} else {
		it.next()
	}
	// Within a batch the numbers are consecutive: nobody can come between.
	if it.seq() != expect || !it.valid() {
		m.pick()
	}
}
