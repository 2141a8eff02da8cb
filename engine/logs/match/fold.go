package match

import (
	"unicode"
	"unicode/utf8"
)

// Two runes are equal without case if one is in the other's orbit under
// [unicode.SimpleFold], as in Go's (?i): k, K and the Kelvin sign; s, S and the
// long s. foldRune chooses one of each orbit: the smallest, or of ASCII letters
// the lower-case one.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		return rune(foldByte(byte(r)))
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	if least < utf8.RuneSelf {
		return rune(foldByte(byte(least)))
	}
	return least
}

func foldByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// appendFolded appends text with each rune folded.
func appendFolded(dst, text []byte) []byte {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		dst = utf8.AppendRune(dst, foldRune(r))
		text = text[n:]
	}
	return dst
}

// foldedPrefix returns the length of the prefix of b that folds to text, which
// is folded and holds no U+FFFD; -1 if there is none.
func foldedPrefix(b, text []byte) int {
	n := 0
	for len(text) > 0 {
		if n == len(b) {
			return -1
		}
		if b[n] < utf8.RuneSelf {
			if foldByte(b[n]) != text[0] {
				return -1
			}
			n++
			text = text[1:]
			continue
		}
		r, size := utf8.DecodeRune(b[n:])
		want, wantSize := utf8.DecodeRune(text)
		if foldRune(r) != want {
			return -1
		}
		n += size
		text = text[wantSize:]
	}
	return n
}

// isWordRune reports whether r is of a word, in any script.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= foldByte(byte(r)) && foldByte(byte(r)) <= 'z' || '0' <= r && r <= '9' || r == '_'
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Pc)
}
