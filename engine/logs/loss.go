package logs

import (
	"slices"
)

// Gap tells a reader what it missed. From and To are the first and the last
// number lost, Count how many lines that were.
type Gap struct {
	From, To, Count uint64
	Cleared         bool // all of it was cleared on request; else overwritten
	Filtered        bool // Count is an upper bound: see [Filter]
}

func (g *Gap) add(from, to, count uint64, cleared bool) {
	if count == 0 {
		return
	}
	if g.Count == 0 {
		*g = Gap{From: from, To: to, Count: count, Cleared: cleared, Filtered: g.Filtered}
		return
	}
	g.From, g.To = min(g.From, from), max(g.To, to)
	g.Count += count
	g.Cleared = g.Cleared && cleared
}

func (g Gap) orNil() *Gap {
	if g.Count == 0 {
		return nil
	}
	return &g
}

// lostRun is n consecutive numbers, from seq on, that a stream no longer holds.
type lostRun struct {
	seq, n  uint64
	run     uint32
	cleared bool
}

func (r lostRun) last() uint64 { return r.seq + r.n - 1 }

func (r lostRun) joins(next lostRun) bool {
	return r.seq+r.n == next.seq && r.run == next.run && r.cleared == next.cleared
}

// maxLostRuns bounds a stream's memory of its losses to 128 KiB. A flood
// collapses to one run, so only a reader that comes back after thousands of
// interleaved and lost batches gets an upper bound instead of a count.
const maxLostRuns = 4096

// lossLog is a value: add returns the next one and leaves the old one whole.
type lossLog struct {
	runs []lostRun // ascending, append-only: older values share the array
	tail lostRun   // the newest run, which may still grow

	forgotten     uint64 // lines of runs that were dropped from the front
	forgottenLast uint64 // the last number of those
}

func (l lossLog) add(r lostRun) lossLog {
	if l.tail.n == 0 {
		l.tail = r
		return l
	}
	if l.tail.joins(r) {
		l.tail.n += r.n
		return l
	}
	if len(l.runs) >= 2*maxLostRuns {
		for _, old := range l.runs[:maxLostRuns] {
			l.forgotten += old.n
			l.forgottenLast = old.last()
		}
		l.runs = slices.Clone(l.runs[maxLostRuns:])
	}
	l.runs = append(l.runs, l.tail)
	l.tail = r
	return l
}

// total is how many lines were ever lost.
func (l lossLog) total() uint64 {
	n := l.forgotten + l.tail.n
	for _, r := range l.runs {
		n += r.n
	}
	return n
}

// last is the number of the last one, 0 if there is none.
func (l lossLog) last() uint64 {
	if l.tail.n == 0 {
		return 0
	}
	return l.tail.last()
}

// addSegment records that the records of v are gone.
func (l lossLog) addSegment(v view, cleared uint64) lossLog {
	for i, m := range v.marks {
		n := uint64(v.markEnd(i)) - uint64(m.line)
		hidden := min(n, saturatingSub(cleared+1, m.seq))
		if hidden > 0 {
			l = l.add(lostRun{m.seq, hidden, m.run, true})
		}
		if n > hidden {
			l = l.add(lostRun{m.seq + hidden, n - hidden, m.run, false})
		}
	}
	return l
}

// count adds to g what was lost with numbers in (after, upTo], of one run if
// run is not 0.
func (l lossLog) count(g *Gap, after, upTo uint64, run uint32) {
	if l.forgotten > 0 && after < l.forgottenLast {
		g.add(after+1, min(l.forgottenLast, upTo), l.forgotten, false)
		g.Filtered = true
	}
	first, _ := slices.BinarySearchFunc(l.runs, after, func(r lostRun, seq uint64) int {
		if r.last() <= seq {
			return -1
		}
		return 1
	})
	for _, r := range l.runs[first:] {
		r.count(g, after, upTo, run)
	}
	l.tail.count(g, after, upTo, run)
}

func (r lostRun) count(g *Gap, after, upTo uint64, run uint32) {
	if r.n == 0 || run != 0 && r.run != run {
		return
	}
	from, to := max(r.seq, after+1), min(r.last(), upTo)
	if from <= to {
		g.add(from, to, to-from+1, r.cleared)
	}
}

// countLoss adds what a reader of (after, upTo] can no longer see: what the
// stream has dropped, and what it still holds but hides.
func (st *streamState) countLoss(g *Gap, after, upTo uint64, run uint32) {
	st.lost.count(g, after, upTo, run)
	hidden := min(st.cleared, upTo)
	if after >= hidden {
		return
	}
	for _, seg := range st.segs {
		v := seg.view()
		if len(v.marks) == 0 || v.firstSeq() > hidden {
			return
		}
		for i, m := range v.marks {
			n := uint64(v.markEnd(i)) - uint64(m.line)
			lostRun{m.seq, n, m.run, true}.count(g, after, hidden, run)
		}
	}
}

func saturatingSub(a, b uint64) uint64 {
	if a < b {
		return 0
	}
	return a - b
}
