package logs

import (
	"math/bits"
	"slices"
)

// lineSet is a set of a segment's lines: a list while there are few, a bitmap
// when that is smaller, neither when all lines are in it. Once made it is not
// changed, so that it can be shared and remembered; but for the tails of recall,
// which share nothing.
type lineSet struct {
	n    int      // how many
	of   int      // lines that were looked at: those below it
	list []uint32 // ascending
	bits []uint64
}

// add puts a line into a set that is being made, in ascending order.
func (s *lineSet) add(line int) {
	s.n++
	if s.bits != nil {
		s.bits[line/64] |= 1 << (line % 64)
		return
	}
	if s.list = append(s.list, uint32(line)); s.n > s.of/32 {
		s.bits = make([]uint64, (s.of+63)/64)
		for _, l := range s.list {
			s.bits[l/64] |= 1 << (l % 64)
		}
		s.list = nil
	}
}

// full returns the set of all of n lines.
func full(n int) lineSet { return lineSet{n: n, of: n} }

func (s *lineSet) isFull() bool { return s.n == s.of }

// sealed returns the finished set without room to grow.
func (s lineSet) sealed() lineSet {
	if s.isFull() {
		return full(s.of)
	}
	s.list = slices.Clip(s.list)
	if cap(s.list) > len(s.list)+len(s.list)/4 {
		s.list = slices.Clone(s.list)
	}
	return s
}

// grown returns a copy of s that is made for more lines; those can be added.
func (s *lineSet) grown(of int) lineSet {
	g := lineSet{n: s.n, of: of}
	switch {
	case s.isFull() && s.n > 0, s.bits != nil:
		g.bits = make([]uint64, (of+63)/64)
		s.putInto(g.bits)
	default:
		g.list = slices.Clone(s.list)
	}
	return g
}

// clone returns a copy that shares nothing with s.
func (s *lineSet) clone() lineSet {
	return lineSet{n: s.n, of: s.of, list: slices.Clone(s.list), bits: slices.Clone(s.bits)}
}

// extend adds the lines of another set, which come behind those that s is of, in
// place.
func (s *lineSet) extend(more *lineSet) {
	from := s.of
	if s.n > 0 && s.isFull() && s.bits == nil {
		if n := more.count(from, more.of); n == more.of-from {
			s.n, s.of = s.n+n, more.of
			return
		}
		s.bits = make([]uint64, (s.of+63)/64)
		setRange(s.bits, 0, s.of)
	}
	s.of = more.of
	if s.bits != nil {
		s.bits = append(s.bits, make([]uint64, (s.of+63)/64-len(s.bits))...)
	}
	for l := more.next(from); l < more.of; l = more.next(l + 1) {
		s.add(l)
	}
}

// putInto sets the bits of the set's lines.
func (s *lineSet) putInto(dst []uint64) {
	switch {
	case s.isFull():
		setRange(dst, 0, s.of)
	case s.bits != nil:
		for i, w := range s.bits {
			dst[i] |= w
		}
	default:
		for _, l := range s.list {
			dst[l/64] |= 1 << (l % 64)
		}
	}
}

// bytes is what the set costs.
func (s *lineSet) bytes() int { return 4*len(s.list) + 8*len(s.bits) }

func (s *lineSet) has(line int) bool {
	switch {
	case line >= s.of:
		return false
	case s.isFull():
		return true
	case s.bits != nil:
		return s.bits[line/64]>>(line%64)&1 != 0
	}
	_, ok := slices.BinarySearch(s.list, uint32(line))
	return ok
}

// next returns the first line of the set at or behind line, and of if there is
// none.
func (s *lineSet) next(line int) int {
	switch {
	case line >= s.of || s.isFull():
		return min(line, s.of)
	case s.bits == nil:
		if i, _ := slices.BinarySearch(s.list, uint32(line)); i < len(s.list) {
			return int(s.list[i])
		}
		return s.of
	}
	w := s.bits[line/64] >> (line % 64)
	if w != 0 {
		return line + bits.TrailingZeros64(w)
	}
	for i := line/64 + 1; i < len(s.bits); i++ {
		if s.bits[i] != 0 {
			return 64*i + bits.TrailingZeros64(s.bits[i])
		}
	}
	return s.of
}

// prev returns the last line of the set before line, and -1 if there is none.
func (s *lineSet) prev(line int) int {
	line = min(line, s.of)
	switch {
	case line <= 0 || s.isFull():
		return line - 1
	case s.bits == nil:
		i, _ := slices.BinarySearch(s.list, uint32(line))
		if i == 0 {
			return -1
		}
		return int(s.list[i-1])
	}
	line--
	if w := s.bits[line/64] << (63 - line%64); w != 0 {
		return line - bits.LeadingZeros64(w)
	}
	for i := line/64 - 1; i >= 0; i-- {
		if s.bits[i] != 0 {
			return 64*i + 63 - bits.LeadingZeros64(s.bits[i])
		}
	}
	return -1
}

// count returns how many of the lines in [lo, hi) are in the set.
func (s *lineSet) count(lo, hi int) int {
	hi = min(hi, s.of)
	switch {
	case lo >= hi:
		return 0
	case lo == 0 && hi == s.of:
		return s.n
	case s.isFull():
		return hi - lo
	case s.bits == nil:
		from, _ := slices.BinarySearch(s.list, uint32(lo))
		to, _ := slices.BinarySearch(s.list, uint32(hi))
		return to - from
	}
	n := 0
	for i := lo / 64; i <= (hi-1)/64; i++ {
		n += bits.OnesCount64(s.bits[i] & rangeMask(i, lo, hi))
	}
	return n
}

// and returns the lines that are in both sets, below the smaller of.
func (s *lineSet) and(t *lineSet) lineSet {
	of := min(s.of, t.of)
	switch {
	case s.isFull() && t.of == of:
		return *t
	case t.isFull() && s.of == of:
		return *s
	case s.bits != nil && t.bits != nil:
		both := make([]uint64, (of+63)/64)
		for i := range both {
			both[i] = s.bits[i] & t.bits[i]
		}
		return fromBits(both, of)
	}
	if t.n < s.n {
		s, t = t, s
	}
	both := lineSet{of: of}
	for l := s.next(0); l < of; l = s.next(l + 1) {
		if t.has(l) {
			both.add(l)
		}
	}
	return both.sealed()
}

// fromBits makes a set of a bitmap, which it keeps.
func fromBits(b []uint64, of int) lineSet {
	s := lineSet{of: of, bits: b}
	for i := range b {
		s.n += bits.OnesCount64(b[i] & rangeMask(i, 0, of))
	}
	if s.isFull() {
		return full(of)
	}
	return s
}

// rangeMask has the bits of word i that stand for lines in [lo, hi).
func rangeMask(i, lo, hi int) uint64 {
	m := ^uint64(0)
	if d := lo - 64*i; d > 0 {
		m = m >> d << d
	}
	if d := 64*(i+1) - hi; d > 0 {
		m = m << d >> d
	}
	return m
}

func setRange(b []uint64, lo, hi int) {
	if lo < hi {
		for i := lo / 64; i <= (hi-1)/64; i++ {
			b[i] |= rangeMask(i, lo, hi)
		}
	}
}

func clearRange(b []uint64, lo, hi int) {
	if lo < hi {
		for i := lo / 64; i <= (hi-1)/64; i++ {
			b[i] &^= rangeMask(i, lo, hi)
		}
	}
}
