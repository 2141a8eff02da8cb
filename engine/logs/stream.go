package logs

import (
	"sync/atomic"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// stream is one output of one process over all of its runs.
type stream struct {
	process string
	kind    lines.Stream
	store   *Store

	// claim is the lowest number that the batch now being published can have,
	// 0 between batches.
	claim atomic.Uint64

	// state is replaced, never changed; writers hold Store.mu.
	state atomic.Pointer[streamState]

	// seen is how many of the segments that there ever were a reader may have
	// got at. The memory of those that come behind can be used again.
	seen atomic.Uint64

	// The producer's own.
	open  *segment // the last of state.segs
	drawn drawing

	removed bool // its process was; under Store.mu
}

// streamState is what a stream holds and what it has lost, at one moment.
type streamState struct {
	segs    []*segment // ascending; only the last one is still written to
	first   uint64     // how many segments went before segs[0]
	lost    lossLog
	cleared uint64 // records up to this number are hidden: somebody cleared them
}

// hold returns what the stream holds to somebody who will look at its text: no
// segment of it is written over any more.
//
// Who drops a segment replaces the state and then looks at seen; here seen is
// raised and then the state looked at. So one of the two notices the other.
func (s *stream) hold() *streamState {
	for {
		if state := s.state.Load(); s.see(state) {
			return state
		}
	}
}

// see raises seen to a state and reports whether it is the stream's still: else
// what was dropped from it may be written over already.
func (s *stream) see(state *streamState) bool {
	upTo := state.first + uint64(len(state.segs))
	for seen := s.seen.Load(); seen < upTo && !s.seen.CompareAndSwap(seen, upTo); {
		seen = s.seen.Load()
	}
	return s.state.Load() == state
}

// Writer is the producer's end of a stream. One goroutine at a time may use it.
type Writer struct{ s *stream }

// Append stores a batch and returns the number of its last record, 0 for an
// empty batch. It takes no lock but when a segment is full.
func (w Writer) Append(b lines.Batch) (last uint64) { return w.AppendEach(b, nil) }

// AppendEach is Append that tells which numbers the records have: each is called
// for every n records, in order, that have consecutive ones from first on.
func (w Writer) AppendEach(b lines.Batch, each func(first uint64, n int)) (last uint64) {
	s := w.s
	from := uint32(0)
	for cuts := b.Cuts; len(cuts) > 0; {
		n := 0
		if s.open != nil {
			n = s.open.room(cuts, from)
		}
		if n == 0 {
			s.roll(int(cuts[0].End - from))
			continue
		}
		end := cuts[n-1].End
		last = s.append(b.Data[from:end], cuts[:n], from, b)
		if each != nil {
			each(last-uint64(n)+1, n)
		}
		cuts, from = cuts[n:], end
	}
	if last != 0 {
		s.store.bells.Ring()
	}
	return last
}

// append numbers and publishes records that are known to fit. Between claim and
// publish nothing blocks and nothing is allocated.
func (s *stream) append(data []byte, cuts []lines.Cut, from uint32, b lines.Batch) (last uint64) {
	seg, st := s.open, s.store
	before := seg.cost()
	seg.stage(data, cuts, from, &s.drawn)
	if grown := seg.cost() - before; grown != 0 {
		st.held.Add(grown)
	}
	n := uint64(len(cuts))

	s.claim.Store(st.seq.Load() + 1)
	last = st.seq.Add(n)
	seg.publish(len(cuts), last-n+1, b.Time, b.Run)
	s.claim.Store(0)

	st.bytes.Add(uint64(len(data)))
	return last
}

// roll seals the open segment and opens one with room for at least size bytes.
// The sealed one can't be evicted before the new one is added, so its change of
// cost is counted in time.
func (s *stream) roll(size int) {
	if s.open != nil {
		before := s.open.cost()
		s.open.seal()
		s.store.held.Add(s.open.cost() - before)
	}
	size = max(size, s.nextSize())
	seg := newSegment(s.store.segments.Add(1), s.store.makeRoom(size, s.nextLines(size)))
	s.store.addSegment(s, seg)
	s.open = seg
}

// nextLines is how many lines are expected in so many bytes: some more than there
// were in as many so far.
func (s *stream) nextLines(size int) int {
	if s.open == nil || s.open.used == 0 {
		return linesFor(size)
	}
	n := int(int64(s.open.nLines) * int64(size) / int64(s.open.used))
	return max(16, n+n/16)
}

// Segments start small, so that fifty quiet processes cost little, and grow
// fourfold to a mebibyte, where the cost of a roll no longer shows.
const (
	minSegment = 4 << 10
	maxSegment = 1 << 20
)

func (s *stream) nextSize() int {
	size := minSegment
	if s.open != nil {
		size = 4 * len(s.open.data)
	}
	return max(minSegment, min(size, maxSegment, s.store.segmentLimit()))
}
