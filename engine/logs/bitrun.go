package logs

import "math/bits"

// bitRun is a set of numbers that mostly lie side by side.
type bitRun struct {
	first uint64 // of words[0], a multiple of 64
	words []uint64
}

// maxBitRun bounds a bitRun to 8 KiB; what is before is forgotten.
const maxBitRun = 1024

// set adds a number.
func (b *bitRun) set(n uint64) {
	word := n &^ 63
	if len(b.words) == 0 {
		b.first = word
	}
	if word < b.first {
		add := int((b.first - word) / 64)
		if len(b.words)+add > maxBitRun {
			return
		}
		b.words = append(make([]uint64, add, add+len(b.words)), b.words...)
		b.first = word
	}
	at := int((word - b.first) / 64)
	if at >= maxBitRun {
		drop := min(at-maxBitRun+1, len(b.words))
		b.words = b.words[drop:]
		if b.first += 64 * uint64(drop); len(b.words) == 0 {
			b.first = word
		}
		at = int((word - b.first) / 64)
	}
	for len(b.words) <= at {
		b.words = append(b.words, 0)
	}
	b.words[at] |= 1 << (n % 64)
}

// run returns how many numbers from n on are in the set without a hole.
func (b *bitRun) run(n uint64) int {
	length := 0
	for n >= b.first && n < b.first+64*uint64(len(b.words)) {
		got := bits.TrailingZeros64(^(b.words[(n-b.first)/64] >> (n % 64)))
		got = min(got, int(64-n%64))
		length += got
		if n += uint64(got); got == 0 || n%64 != 0 {
			break
		}
	}
	return length
}

// runBack returns how many numbers from n downwards are in the set without a
// hole.
func (b *bitRun) runBack(n uint64) int {
	length := 0
	for n >= b.first && n < b.first+64*uint64(len(b.words)) {
		got := bits.LeadingZeros64(^(b.words[(n-b.first)/64] << (63 - n%64)))
		got = min(got, int(n%64)+1)
		length += got
		if got == 0 || got <= int(n%64) || n < uint64(got) {
			break
		}
		n -= uint64(got)
	}
	return length
}
