package match

import "math"

// A pair is the two rarest bytes of a text and where they are in it. A place
// where both stand is likely to be the text, so whole vectors are compared with
// both at once, and all else happens at few places only. With one byte, as in
// bytes.Index, a common one would stop the search every few bytes.
//
// The idea is Muła's ("SIMD-friendly algorithms for substring searching",
// http://0x80.pl/articles/simd-strfind.html), who compares the first and the
// last byte; taking the rarest is Gallant's (the packed pair of Rust's memchr).
//
// Case costs one instruction at the most: bytes are compared as if 0x20 were set in
// all. For letters that is folding; the few others that become equal by it, such as a
// dash and a carriage return, are places too, at which the text is not found.
type pair struct {
	off1, off2 int      // of the two bytes in the text; pair_*.s knows these offsets
	or         [32]byte // set in bytes before they are compared: 0x20 or 0, all alike
	c1, c2     [32]byte // what they are compared with, all alike
}

// newPair returns the rarest pair of text and the expected part of places where
// it occurs. If fold, text is folded ASCII.
func newPair(text []byte, fold bool) (*pair, float64) {
	parts := make([]float64, len(text))
	for i, c := range text {
		parts[i] = shares[c]
		if fold {
			parts[i] = shareFolded(c)
		}
	}
	p := &pair{off1: rarest(parts, -1)}
	p.off2 = rarest(parts, p.off1)
	if fold {
		p.or = vector(0x20)
	}
	p.c1, p.c2 = vector(text[p.off1]|p.or[0]), vector(text[p.off2]|p.or[0])
	if p.off1 == p.off2 {
		return p, parts[p.off1]
	}
	return p, parts[p.off1] * parts[p.off2]
}

// rarest returns the index of the least part, but not except if there is another
// one.
func rarest(parts []float64, except int) int {
	best, least := max(except, 0), math.Inf(1)
	for i, part := range parts {
		if i != except && part < least {
			best, least = i, part
		}
	}
	return best
}

func vector(c byte) (v [32]byte) {
	for i := range v {
		v[i] = c
	}
	return v
}

// index returns the first place of [from, end) in buf where the text may begin,
// -1 if there is none. The text must fit behind each: end + its length - 1 is
// at most len(buf).
func (p *pair) index(buf []byte, from, end int) int {
	if from >= end {
		return -1
	}
	var at int
	if end-from < active.width {
		at = pairGeneric(buf[from:], end-from, p)
	} else {
		at = active.pair(&buf[from], end-from, p)
	}
	if at < 0 {
		return -1
	}
	return from + at
}

// pairGeneric is the kernel in Go: the first of n places in b.
func pairGeneric(b []byte, n int, p *pair) int {
	first, second := b[p.off1:p.off1+n], b[p.off2:p.off2+n]
	c1, c2, or := p.c1[0], p.c2[0], p.or[0]
	for i, c := range first {
		if c|or == c1 && second[i]|or == c2 {
			return i
		}
	}
	return -1
}
