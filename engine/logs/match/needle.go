package match

import "bytes"

// needle is a text to be found, not empty.
type needle struct {
	text []byte // folded, if fold
	fold bool
}

// newNeedle folds text if it has letters whose case could count.
func newNeedle(text string, fold bool) *needle {
	n := &needle{[]byte(text), fold && hasCase(text)}
	if n.fold {
		n.text = appendFolded(nil, n.text)
	}
	return n
}

// plain reports whether a text is found by comparing bytes. A newline is in no
// line, and U+FFFD also stands for bytes that are no UTF-8: both are left to
// expressions.
func plain(text string) bool {
	return !bytes.ContainsAny([]byte(text), "\n\uFFFD")
}

// verify returns where the text is in buf if text[anchor:] is at buf[at]; start
// is -1 if it isn't there. anchor and at are between runes, if n folds.
func (n *needle) verify(buf []byte, at, anchor int) (start, end int) {
	if !n.fold {
		start, end = at-anchor, at-anchor+len(n.text)
		if start < 0 || end > len(buf) || !bytes.Equal(buf[start:end], n.text) {
			return -1, -1
		}
		return start, end
	}
	after := foldedPrefix(buf[at:], n.text[anchor:])
	if after < 0 {
		return -1, -1
	}
	before := foldedSuffix(buf[:at], n.text[:anchor])
	if before < 0 {
		return -1, -1
	}
	return at - before, at + after
}

// cores are the parts of the text that pairs can be of: of a folded text those
// whose letters have one byte in either case.
func (n *needle) cores() [][2]int {
	if !n.fold {
		return [][2]int{{0, len(n.text)}}
	}
	var out [][2]int
	start := 0
	for i := 0; i <= len(n.text); i++ {
		if i < len(n.text) && foldsInPlace(n.text[i]) {
			continue
		}
		if i > start {
			out = append(out, [2]int{start, i})
		}
		start = i + 1
	}
	return out
}

// holds reports whether each occurrence of n is one of short, or holds one.
func (n *needle) holds(short *needle) bool {
	text := n.text
	if short.fold && !n.fold {
		text = appendFolded(nil, text)
	}
	return (short.fold || !n.fold || !hasCase(string(short.text))) && bytes.Contains(text, short.text)
}
