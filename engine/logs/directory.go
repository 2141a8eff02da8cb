package logs

import "slices"

// directory is all streams at one moment. Those of removed processes stay for a
// while, as they know what was lost with them.
type directory struct {
	all       []*stream // in order of creation
	live      int       // how many of them are of processes that can still write
	forgotten forgotten
}

// forgotten is what streams have lost that are no longer in the directory.
type forgotten struct {
	lines, last uint64 // how many, and the last number
}

// maxRemoved bounds the streams of removed processes. Only a reader that comes
// back after so many more gets an upper bound instead of a count.
const maxRemoved = 256

// Writer returns the producer's end of a process's stream, the same stream
// for every run.
func (s *Store) Writer(process string, kind Stream) Writer {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := *s.streams.Load()
	for _, st := range next.all {
		if st.process == process && st.kind == kind {
			if st.removed {
				st.removed = false
				next.live++
				s.streams.Store(&next)
			}
			return Writer{st}
		}
	}
	st := &stream{process: process, kind: kind, store: s}
	st.state.Store(&streamState{})
	next.all = append(slices.Clone(next.all), st)
	next.live++
	s.streams.Store(&next)
	return Writer{st}
}

// Remove forgets a process that no longer writes. What was lost with it stays
// countable for readers that were behind.
func (s *Store) Remove(process string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := *s.streams.Load()
	for _, st := range next.all {
		if st.process == process && !st.removed {
			s.emptyLocked(st)
			st.removed = true
			next.live--
		}
	}
	next.forget()
	s.streams.Store(&next)
}

// emptyLocked drops all that a stream holds.
func (s *Store) emptyLocked(st *stream) {
	next := *st.state.Load()
	next.cleared = max(next.cleared, s.seq.Load())
	for _, seg := range next.segs {
		next.lost = next.lost.addSegment(seg.view(), next.cleared)
		s.held.Add(-seg.cost())
	}
	next.first += uint64(len(next.segs))
	next.segs = nil
	st.open = nil
	s.loseLocked(st, &next, next.cleared)
}

// forget leaves out the oldest removed streams if there are too many.
func (d *directory) forget() {
	over := len(d.all) - d.live - maxRemoved
	if over <= 0 {
		return
	}
	kept := make([]*stream, 0, len(d.all))
	for _, st := range d.all {
		if !st.removed || over <= 0 {
			kept = append(kept, st)
			continue
		}
		over--
		d.forgotten.add(st.state.Load().lost)
	}
	d.all = kept
}

func (f *forgotten) add(l lossLog) {
	f.lines += l.total()
	f.last = max(f.last, l.last())
}

// count adds to g what was lost with numbers in (after, upTo], at most.
func (f forgotten) count(g *Gap, after, upTo uint64) {
	if f.lines == 0 || after >= min(f.last, upTo) {
		return
	}
	to := min(f.last, upTo)
	g.add(after+1, to, min(f.lines, to-after), false)
	g.Filtered = true
}

// matching is every stream that can hold records of f.
func (d *directory) matching(f *Filter) []*stream {
	var out []*stream
	for _, st := range d.all {
		if f.wants(st) {
			out = append(out, st)
		}
	}
	return out
}
