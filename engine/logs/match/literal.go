package match

import (
	"bytes"
	"unicode/utf8"
)

// literal finds a text.
type literal struct {
	needle *needle
	word   bool
	texts  textFinder
}

func newLiteral(query string, o Options) *literal {
	l := &literal{needle: newNeedle(query, !o.CaseSensitive), word: o.WholeWord}
	l.texts, _ = newTextFinder([]*needle{l.needle})
	return l
}

func (l *literal) next(buf []byte, from int) int {
	start, _ := l.find(buf, from)
	return start
}

func (l *literal) match(line []byte) bool { return l.next(line, 0) >= 0 }

func (l *literal) ranges(dst [][2]int, line []byte, most int) [][2]int {
	for from := 0; most != 0; most-- {
		start, end := l.find(line, from)
		if start < 0 {
			break
		}
		dst = append(dst, [2]int{start, end})
		from = end
	}
	return dst
}

// find returns the first match in buf that begins at from or later.
func (l *literal) find(buf []byte, from int) (start, end int) {
	for ; ; from = start + 1 {
		if start, end = l.texts.find(buf, from); start < 0 || !l.word || isWhole(buf, start, end) {
			return start, end
		}
	}
}

// holds reports whether whatever matches l matches short.
func (l *literal) holds(short *literal) bool {
	return !short.word && l.needle.holds(short.needle)
}

// isWhole reports whether buf[start:end] does not go on as a word.
func isWhole(buf []byte, start, end int) bool {
	return !joined(buf, start) && !joined(buf, end)
}

// joined reports whether the runes before and after a place are both of words.
func joined(buf []byte, at int) bool {
	before, _ := utf8.DecodeLastRune(buf[:at])
	after, _ := utf8.DecodeRune(buf[at:])
	return isWordRune(before) && isWordRune(after)
}

// textFinder finds the first occurrence in buf, at from or later, of one of the
// texts it was made for; -1 if there is none.
type textFinder interface {
	find(buf []byte, from int) (start, end int)
}

// newTextFinder returns the cheapest way to find any of the needles, of which
// there are up to maxTexts, and what it is expected to cost in nanoseconds for
// a byte. The numbers are those of one machine; only their ratios count.
func newTextFinder(needles []*needle) (textFinder, float64) {
	const (
		pairByte, pairPlace   = 0.04, 25
		teddyByte, teddyPlace = 0.1, 40
	)
	multi, share := newTeddy(needles)
	cost := teddyByte + share*teddyPlace
	if len(needles) > 1 {
		return multi, cost
	}
	single, share := newPairFinder(needles[0])
	if single == nil || pairByte+share*pairPlace >= cost {
		return multi, cost
	}
	return single, pairByte + share*pairPlace
}

// pairFinder finds one text by the rarest pair of its core.
type pairFinder struct {
	*needle
	pair *pair
	core []byte // the part of the text that pair is of
	at   int    // where it is in the text
}

// newPairFinder returns nil if no part of the text is good for a pair.
func newPairFinder(n *needle) (finder *pairFinder, least float64) {
	for _, core := range n.cores() {
		text := n.text[core[0]:core[1]]
		if p, share := newPair(text, n.fold); finder == nil || share < least {
			finder, least = &pairFinder{n, p, text, core[0]}, share
		}
	}
	return finder, least
}

func (f *pairFinder) find(buf []byte, from int) (start, end int) {
	last := len(buf) - len(f.core) + 1
	for at := from; ; at++ {
		if at = f.pair.index(buf, at, last); at < 0 {
			return -1, -1
		}
		if start, end = f.verify(buf, at, f.at); start >= from {
			return start, end
		}
	}
}

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
