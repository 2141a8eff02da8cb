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

// foldsInPlace reports whether all runes that fold to c are one byte. Two
// letters have others: the Kelvin sign and the long s.
func foldsInPlace(c byte) bool { return c < utf8.RuneSelf && c != 'k' && c != 's' }

// hasCase reports whether text has a rune with others in its orbit.
func hasCase(text string) bool {
	for _, r := range text {
		if unicode.SimpleFold(r) != r {
			return true
		}
	}
	return false
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
	i, j := 0, 0
	for j < len(text) {
		if i == len(b) {
			return -1
		}
		if b[i] < utf8.RuneSelf && text[j] < utf8.RuneSelf {
			if foldByte(b[i]) != text[j] {
				return -1
			}
			i++
			j++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		want, m := utf8.DecodeRune(text[j:])
		if foldRune(r) != want {
			return -1
		}
		i += n
		j += m
	}
	return i
}

// foldedSuffix is foldedPrefix from the other end.
func foldedSuffix(b, text []byte) int {
	i, j := len(b), len(text)
	for j > 0 {
		if i == 0 {
			return -1
		}
		if b[i-1] < utf8.RuneSelf && text[j-1] < utf8.RuneSelf {
			if foldByte(b[i-1]) != text[j-1] {
				return -1
			}
			i--
			j--
			continue
		}
		r, n := utf8.DecodeLastRune(b[:i])
		want, m := utf8.DecodeLastRune(text[:j])
		if foldRune(r) != want {
			return -1
		}
		i -= n
		j -= m
	}
	return len(b) - i
}

// isWordRune reports whether r is of a word, in any script.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return isLetter(byte(r)) || '0' <= r && r <= '9' || r == '_'
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Pc)
}
