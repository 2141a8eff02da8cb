package logs

import (
	"math"
	"slices"
)

// A segment that is dropped is the collector's, and a new one is made for the
// next, which is zeroed, and by and by has the processor's caches and the
// kernel's pages to itself, only to be written over. So the memory of one that
// nobody can be looking at is taken for the next at once: in a flood that nobody
// follows, or only who keeps up, the store then makes no garbage at all. What a
// follower was just looking at, as one does that is being overtaken, is set aside
// until it is done, and makes none either.

// memory is what a segment is made of. Its bytes and entries are anything.
type memory struct {
	data  []byte
	table []uint32
}

// aside is the memory of a dropped segment that a follower was looking at.
type aside struct {
	memory
	last uint64 // the number of its last record
}

// maxAside bounds how much is set aside, to two mebibytes: a follower has done with
// a page before that much more comes, or else it does not matter.
const maxAside = 2

// makeRoom drops old segments until one of so many bytes fits into the budget,
// and returns the memory for it; it has room for so many lines, for a start.
func (s *Store) makeRoom(size, lines int) memory {
	free := s.reclaim(size, lines)
	if free.data == nil { // not under the lock: it takes a while
		free.data = make([]byte, size)
	}
	if n := len(free.table); n < lines || n > 2*lines {
		free.table = make([]uint32, lines)
	}
	return free
}

// reclaim is makeRoom's part under the lock. What it returns is empty if none of
// the dropped segments can be used for the new one, nor one that is set aside.
func (s *Store) reclaim(size, lines int) (free memory) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.held.Load()+segmentCost(size, lines) > s.budget {
		m, ok := s.evictLocked()
		if !ok {
			break
		}
		if len(m.data) == size {
			free = m
		}
	}
	if free.data == nil {
		free = s.takeAsideLocked(size)
	}
	return free
}

// takeAsideLocked returns what was set aside, has so many bytes and is no longer
// looked at.
func (s *Store) takeAsideLocked(size int) memory {
	for i, a := range s.aside {
		if len(a.data) == size && !s.followedLocked(a.last) {
			s.aside = slices.Delete(s.aside, i, i+1)
			return a.memory
		}
	}
	return memory{}
}

// setAsideLocked keeps memory for later; the oldest makes room.
func (s *Store) setAsideLocked(m memory, last uint64) {
	if len(s.aside) == maxAside {
		s.aside = slices.Delete(s.aside, 0, 1)
	}
	s.aside = append(s.aside, aside{m, last})
}

// addSegment makes seg the open segment of st and drops old ones to stay within
// the budget, if others have used up the room that was made.
func (s *Store) addSegment(st *stream, seg *segment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held.Add(seg.cost())
	next := *st.state.Load()
	next.segs = append(slices.Clone(next.segs), seg)
	st.state.Store(&next)
	for ok := true; ok && s.held.Load() > s.budget; {
		_, ok = s.evictLocked()
	}
}

// evictLocked drops the oldest full segment of the process that holds most, so
// that a chatty process never pushes out a quiet one's lines. It reports
// whether there was one, and returns its memory if that is free.
func (s *Store) evictLocked() (free memory, ok bool) {
	held := map[string]int64{}
	oldest := map[string]*stream{}
	for _, st := range s.streams.Load().all {
		segs := st.state.Load().segs
		for _, seg := range segs {
			held[st.process] += seg.cost()
		}
		if len(segs) < 2 {
			continue // only the open one
		}
		if o := oldest[st.process]; o == nil || segs[0].view().firstSeq() < o.state.Load().segs[0].view().firstSeq() {
			oldest[st.process] = st
		}
	}
	victim, most := "", int64(math.MinInt64)
	for process := range oldest {
		if h := held[process]; h > most || h == most && process < victim {
			victim, most = process, h
		}
	}
	if victim == "" {
		return memory{}, false
	}
	return s.dropOldestLocked(oldest[victim]), true
}

// dropOldestLocked returns the memory of what it has dropped if no reader has it.
func (s *Store) dropOldestLocked(st *stream) (free memory) {
	next := *st.state.Load()
	seg, ordinal := next.segs[0], next.first
	v := seg.view()
	next.lost = next.lost.addSegment(v, next.cleared)
	next.segs = next.segs[1:]
	next.first++
	s.loseLocked(st, &next, v.lastSeq())
	s.held.Add(-seg.cost())
	s.metrics.evicted.Add(len(v.lines))
	free = memory{seg.data, *seg.lines.Load()}
	switch { // only now: see stream.hold
	case st.seen.Load() > ordinal:
		return memory{}
	case s.followedLocked(v.lastSeq()):
		s.setAsideLocked(free, v.lastSeq())
		return memory{}
	}
	return free
}

// loseLocked makes next the state of a stream, in which records up to gone are no
// longer to be seen.
func (s *Store) loseLocked(st *stream, next *streamState, gone uint64) {
	s.answers.lose(gone) // before: from here on nobody remembers one of them
	st.state.Store(next)
	s.answers.lose(gone) // behind: nor a total that was counted meanwhile
}

// segmentLimit keeps the open segments of all streams, which can't be dropped,
// to a small part of the budget.
func (s *Store) segmentLimit() int {
	return int(s.budget / int64(8*max(1, s.streams.Load().live)))
}
