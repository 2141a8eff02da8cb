package logs

import (
	"math"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// mark says that from line on, records have consecutive sequence numbers
// beginning with seq, and were read at time t in run.
type mark struct {
	seq  uint64
	t    int64
	line uint32
	run  uint32
}

const markBytes = 24

// segment is an arena that one producer fills and anyone reads.
//
// Everything below the counts in published is immutable. The tables grow by
// being replaced with a longer copy, so a reader loads published first and
// then finds tables that hold at least that much.
type segment struct {
	id        uint32                   // names it in the cache; no other segment of the store has it
	data      []byte                   // len is the capacity; bytes below the last published end are final, others anything
	lines     atomic.Pointer[[]uint32] // entry i: see packLine
	marks     atomic.Pointer[[]mark]
	published atomic.Uint64         // lines<<32 | marks
	odd       atomic.Uint32         // how many of the lines are odd; runs ahead of published
	index     atomic.Pointer[index] // nil until nothing more is written

	// The producer's own view; ahead of published only inside append.
	used          int
	nLines, nMark uint32
	levels        uint8 // a bit for each level that a line has
}

// A line entry packs where the record ends with what is known about it.
const (
	endBits     = 24                 // a segment is below 16 MiB
	maxRecord   = 1 << (endBits - 2) // its text may be three times as long
	levelShift  = endBits
	redrawBit   = 1 << 29
	oddBit      = 1 << 30 // its text is not simply its bytes: see isOdd
	partialBit  = 1 << 31
	lowestLevel = -lines.Trace
	numLevels   = int(lines.Fatal-lines.Trace) + 1
)

func packLine(end int, c lines.Cut) uint32 {
	e := uint32(end) | uint32(c.Level+lowestLevel)<<levelShift
	if c.Partial {
		e |= partialBit
	}
	return e
}

func lineEnd(e uint32) int           { return int(e & (1<<endBits - 1)) }
func lineLevel(e uint32) lines.Level { return lines.Level(e>>levelShift&7) - lowestLevel }
func linePartial(e uint32) bool      { return e&partialBit != 0 }
func lineRedraw(e uint32) bool       { return e&redrawBit != 0 }
func lineOdd(e uint32) bool          { return e&oddBit != 0 }

// newSegment makes a segment of some memory, whatever that holds.
func newSegment(id uint32, m memory) *segment {
	if len(m.data) > maxRecord {
		panic("BUG: a record of " + strconv.Itoa(len(m.data)) + " bytes is over what a segment can hold")
	}
	s := &segment{id: id, data: m.data}
	s.lines.Store(&m.table)
	marks := make([]mark, firstMarks)
	s.marks.Store(&marks)
	return s
}

// A stream's first segment has room for so many lines, and each for so many marks;
// see growLines, growMarks.
func linesFor(size int) int { return max(16, size/128) }

const firstMarks = 8

// segmentCost is the cost of a new segment of so many bytes with room for so many
// lines.
func segmentCost(size, lines int) int64 {
	return int64(size) + 4*int64(lines) + firstMarks*markBytes
}

// cost is what the segment holds of the budget, in bytes.
func (s *segment) cost() int64 {
	cost := int64(len(s.data)) + int64(len(*s.lines.Load()))*4 + int64(len(*s.marks.Load()))*markBytes
	if x := s.index.Load(); x != nil {
		cost += x.bytes()
	}
	return cost
}

// room returns how many of the records that end at cuts, and begin at from,
// still fit.
func (s *segment) room(cuts []lines.Cut, from uint32) int {
	free := uint32(len(s.data) - s.used)
	n, _ := slices.BinarySearchFunc(cuts, from+free, func(c lines.Cut, limit uint32) int {
		if c.End <= limit {
			return -1
		}
		return 1
	})
	return n
}

// stage copies records behind the published ones; publish makes them visible.
// Of the stream's line that has yet to end, d says what it shows.
func (s *segment) stage(data []byte, cuts []lines.Cut, from uint32, d *drawing) {
	table := s.growLines(len(cuts))[s.nLines:]
	look, at, odd, all := controls(data), 0, uint32(0), uint32(0)
	for i, c := range cuts {
		e := packLine(s.used+int(c.End-from), c)
		end := int(c.End - from)
		if look && isOdd(data[at:end]) || end == at || data[end-1] != '\n' {
			e |= oddBit
			odd++
		}
		table[i], at = e, end
		all |= e
		s.levels |= 1 << (c.Level + lowestLevel)
	}
	if odd > 0 {
		s.odd.Add(odd)
	}
	if d.open || all&partialBit != 0 {
		d.mark(table, data, cuts, from)
	}
	s.used += copy(s.data[s.used:], data)
	s.growMarks()
}

// publish numbers the n staged records from seq on and lets readers see them.
func (s *segment) publish(n int, seq uint64, t int64, run uint32) {
	marks := *s.marks.Load()
	if !s.continues(marks, seq, t, run) {
		marks[s.nMark] = mark{seq: seq, t: t, line: s.nLines, run: run}
		s.nMark++
	}
	s.nLines += uint32(n)
	s.published.Store(uint64(s.nLines)<<32 | uint64(s.nMark))
}

// continues reports whether the last mark already covers a batch.
func (s *segment) continues(marks []mark, seq uint64, t int64, run uint32) bool {
	if s.nMark == 0 {
		return false
	}
	m := marks[s.nMark-1]
	return m.run == run && m.t == t && m.seq+uint64(s.nLines-m.line) == seq
}

func (s *segment) growLines(n int) []uint32 {
	table := *s.lines.Load()
	if need := int(s.nLines) + n; need > len(table) {
		longer := make([]uint32, max(need, 2*len(table)))
		copy(longer, table)
		s.lines.Store(&longer)
		table = longer
	}
	return table
}

func (s *segment) growMarks() {
	if marks := *s.marks.Load(); int(s.nMark) == len(marks) {
		longer := make([]mark, 2*len(marks))
		copy(longer, marks)
		s.marks.Store(&longer)
	}
}

// seal says that nothing more is written: the tables shrink to what they hold, more
// or less, and an index is made that queries use without looking at the text.
func (s *segment) seal() {
	v := s.view()
	if n := len(v.lines); len(*s.lines.Load()) > n+n/8 {
		s.lines.Store(new(slices.Clone(v.lines)))
	}
	if len(*s.marks.Load()) > len(v.marks) {
		s.marks.Store(new(slices.Clone(v.marks)))
	}
	s.index.Store(newIndex(v, s.levels, s.odd.Load()))
}

// view is what of a segment was published when the view was taken.
type view struct {
	data  []byte
	lines []uint32
	marks []mark
}

func (s *segment) view() view {
	p := s.published.Load()
	return view{s.data, (*s.lines.Load())[:p>>32], (*s.marks.Load())[:uint32(p)]}
}

// raw returns the bytes of line i, newline included.
func (v view) raw(i int) []byte {
	start, end := v.start(i), lineEnd(v.lines[i])
	return v.data[start:end:end]
}

// start returns where line i begins in data.
func (v view) start(i int) int {
	if i == 0 {
		return 0
	}
	return lineEnd(v.lines[i-1])
}

// lineAt returns the line that has the byte at offset, by where the lines end. It
// is from or one behind it, and the nearer the faster it is found.
func lineAt(ends []uint32, offset, from int) int {
	step := 1
	for from+step <= len(ends) && lineEnd(ends[from+step-1]) <= offset {
		from += step
		step *= 2
	}
	to := min(from+step, len(ends))
	for from < to {
		if half := int(uint(from+to) / 2); lineEnd(ends[half]) <= offset {
			from = half + 1
		} else {
			to = half
		}
	}
	return from
}

// markOf returns the mark of line i.
func (v view) markOf(i int) int {
	n, _ := slices.BinarySearchFunc(v.marks, uint32(i), func(m mark, line uint32) int {
		if m.line <= line {
			return -1
		}
		return 1
	})
	return n - 1
}

// lastSeq is the number of the last record, 0 if there is none.
func (v view) lastSeq() uint64 {
	if len(v.marks) == 0 {
		return 0
	}
	m := v.marks[len(v.marks)-1]
	return m.seq + uint64(len(v.lines)) - uint64(m.line) - 1
}

// after returns the first line whose number is above seq, and its mark.
func (v view) after(seq uint64) (line, mk int) {
	mk, _ = slices.BinarySearchFunc(v.marks, seq, func(m mark, seq uint64) int {
		if m.seq <= seq {
			return -1
		}
		return 1
	})
	if mk == 0 {
		return 0, 0
	}
	m := v.marks[mk-1]
	line = int(m.line) + int(min(seq-m.seq+1, uint64(v.markEnd(mk-1))-uint64(m.line)))
	if line < v.markEnd(mk-1) {
		return line, mk - 1
	}
	return line, mk
}

// markEnd returns the line just behind mark i.
func (v view) markEnd(i int) int {
	if i+1 < len(v.marks) {
		return int(v.marks[i+1].line)
	}
	return len(v.lines)
}

// firstSeq is the number of the first record, beyond all numbers if there is
// none yet.
func (v view) firstSeq() uint64 {
	if len(v.marks) == 0 {
		return math.MaxUint64
	}
	return v.marks[0].seq
}
