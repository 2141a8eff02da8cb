package wire

import (
	"math/bits"
	"unicode/utf8"
)

// Texts are looked through eight bytes at a time, as a little-endian word in which
// the highest bit of a byte says yes. Borrows run into higher bytes, so only the
// lowest yes is sure, and that there is none.
//
// No assembly: memory is not the limit here, and the bytes are copied anyway.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// escaped says of each byte of w whether it must be escaped in a JSON string.
func escaped(w uint64) uint64 {
	quote, backslash := w^'"'*ones, w^'\\'*ones
	return ((w - ' '*ones) | (quote - ones) | (backslash - ones)) &^ w & highs
}

// special says by the highest bit of each byte of w whether it is none of [PlainLen]'s.
// The other bits are anything.
func special(w uint64) uint64 {
	return w | (w - ' '*ones) | ((w ^ '"'*ones) - ones) | ((w ^ '\\'*ones) - ones)
}

func load[T string | []byte](s T, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// PlainLen returns how many bytes at the beginning of s stand for themselves in a
// JSON string, whatever is behind them: ASCII that need not be escaped. A newline or
// the beginning of a terminal's control sequence ends them.
func PlainLen[T string | []byte](s T) int {
	i := 0
	for ; i+32 <= len(s); i += 32 {
		b := s[i : i+32]
		if (special(load(b, 0))|special(load(b, 8))|special(load(b, 16))|special(load(b, 24)))&highs != 0 {
			break
		}
	}
	for ; i+8 <= len(s); i += 8 {
		if m := special(load(s, i)) & highs; m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for i < len(s) && plain[s[i]] {
		i++
	}
	return i
}

// nextEscaped is the first byte of s, from i on, that must be escaped; len(s) if
// none must.
func nextEscaped[T string | []byte](s T, i int) int {
	for ; i+8 <= len(s); i += 8 {
		if m := escaped(load(s, i)); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for i < len(s) && (plain[s[i]] || s[i] >= utf8.RuneSelf) {
		i++
	}
	return i
}

// plain are the bytes of [PlainLen].
var plain = func() (plain [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()
