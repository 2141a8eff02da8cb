package detect

import "math/bits"

// first is where the first byte of b is for which t has a one, or the length of b. It
// looks at eight together: words are short and of all lengths, so a loop over their
// bytes ends where the processor does not expect it, which takes longer than the loop.
func first(t *[256]uint8, b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := [8]byte(b[i:])
		if m := t[w[0]] | t[w[1]]<<1 | t[w[2]]<<2 | t[w[3]]<<3 | t[w[4]]<<4 | t[w[5]]<<5 | t[w[6]]<<6 | t[w[7]]<<7; m != 0 {
			return i + bits.TrailingZeros8(m)
		}
	}
	for i < len(b) && t[b[i]] == 0 {
		i++
	}
	return i
}
