package match

import (
	"math/bits"
	"slices"
)

// Several texts are looked for at once with Teddy, the algorithm of Hyperscan
// (Wang et al., "Hyperscan: A Fast Multi-pattern Regex Matcher for Modern CPUs",
// NSDI 2019; the description followed is that of Rust's aho-corasick, package
// packed/teddy). Each text has a fingerprint of up to three bytes and a bucket,
// which is one bit. A byte's two nibbles, looked up in two tables of 16, give
// the buckets that allow the byte there; what all three bytes allow is compared
// in full.
//
// Unlike there, a fingerprint is not the beginning of its text but its rarest
// part, and a byte of it may have several values, which is how case is folded.
type teddy struct {
	masks   masks
	buckets [8][]*finger
	all     []*finger
}

// fingerprint is the number of bytes in one.
const fingerprint = 3

// maxTexts is the number of texts that is looked for at once; with more, so
// many share a bucket that too much has to be compared.
const maxTexts = 32

// masks are what the kernels look at; teddy_*.s knows where lo and hi are.
type masks struct {
	lo, hi [fingerprint][32]byte // buckets by nibble; 16 of them, twice
	fused  [fingerprint][256]byte
}

// byteSet are the values that a byte of a fingerprint may have.
type byteSet [4]uint64

func (s *byteSet) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *byteSet) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }

// finger is a text and a fingerprint of it.
type finger struct {
	*needle
	anchor int // where the fingerprint begins in the text
	bytes  [fingerprint]byteSet
	used   int // of bytes, while it is made
}

// newTeddy returns a search for any of the needles, up to maxTexts, and the
// expected part of places where one is suspected.
func newTeddy(needles []*needle) (*teddy, float64) {
	t, sum := &teddy{}, 0.0
	for _, n := range needles {
		fingers, share := n.fingers()
		for _, f := range fingers {
			bucket := len(t.all) % 8
			t.buckets[bucket] = append(t.buckets[bucket], f)
			t.all = append(t.all, f)
			t.masks.allow(f, 1<<bucket)
		}
		sum += share
	}
	t.masks.fuse()
	return t, sum
}

// allow adds a fingerprint to a bucket.
func (m *masks) allow(f *finger, bucket byte) {
	for j := range fingerprint {
		for c := range 256 {
			if f.bytes[j].has(byte(c)) {
				for _, half := range []int{0, 16} {
					m.lo[j][half+c&15] |= bucket
					m.hi[j][half+c>>4] |= bucket
				}
			}
		}
	}
}

// fuse makes the tables by byte from those by nibble, so that all kernels
// suspect the same places.
func (m *masks) fuse() {
	for j := range fingerprint {
		for c := range 256 {
			m.fused[j][c] = m.lo[j][c&15] & m.hi[j][c>>4]
		}
	}
}

// find returns the first occurrence in buf whose fingerprint is found at from or
// later and that begins there or later. Of texts with their fingerprints in
// different places it need not be the one that begins first.
func (t *teddy) find(buf []byte, from int) (start, end int) {
	for at := from; ; at++ {
		if at = t.suspect(buf, at); at < 0 {
			return -1, -1
		}
		if start, end = t.verify(buf, at); start >= from {
			return start, end
		}
	}
}

func (t *teddy) needles() (all []*needle) {
	for _, f := range t.all {
		if !slices.Contains(all, f.needle) {
			all = append(all, f.needle)
		}
	}
	return all
}

// suspect returns the first place from at on that passes the masks, or one so
// near the end that no fingerprint fits.
func (t *teddy) suspect(buf []byte, at int) int {
	n := len(buf) - at - (fingerprint - 1)
	if n > 0 {
		var i int
		if n < active.width {
			i = teddyGeneric(buf[at:], n, &t.masks)
		} else {
			i = active.teddy(&buf[at], n, &t.masks)
		}
		if i >= 0 {
			return at + i
		}
		at += n
	}
	if at < len(buf) {
		return at
	}
	return -1
}

func (t *teddy) verify(buf []byte, at int) (start, end int) {
	if len(buf)-at < fingerprint {
		return verifyAny(t.all, buf, at)
	}
	f := &t.masks.fused
	for left := f[0][buf[at]] & f[1][buf[at+1]] & f[2][buf[at+2]]; left != 0; left &= left - 1 {
		if start, end = verifyAny(t.buckets[bits.TrailingZeros8(left)], buf, at); start >= 0 {
			return start, end
		}
	}
	return -1, -1
}

func verifyAny(fingers []*finger, buf []byte, at int) (start, end int) {
	for _, f := range fingers {
		if start, end = f.verify(buf, at, f.anchor); start >= 0 {
			return start, end
		}
	}
	return -1, -1
}

// teddyGeneric is the kernel in Go: the first of n places in b.
func teddyGeneric(b []byte, n int, m *masks) int {
	b = b[:n+fingerprint-1]
	for i := range n {
		if m.fused[0][b[i]]&m.fused[1][b[i+1]]&m.fused[2][b[i+2]] != 0 {
			return i
		}
	}
	return -1
}
