package match

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// literal finds a text.
type literal struct {
	text []byte // folded, if fold
	fold bool
	word bool
}

// plain reports whether a text is found by comparing bytes. A newline is in no
// line, and U+FFFD also stands for bytes that are no UTF-8: both are left to
// expressions.
func plain(text string) bool {
	return !strings.ContainsAny(text, "\n\uFFFD")
}

func newLiteral(query string, o Options) *literal {
	l := &literal{text: []byte(query), fold: !o.CaseSensitive, word: o.WholeWord}
	if l.fold {
		l.text = appendFolded(nil, l.text)
	}
	return l
}

func (l *literal) next(buf []byte, from int) int {
	start, _ := l.find(buf, from)
	return start
}

func (l *literal) match(line []byte) bool { return l.next(line, 0) >= 0 }

func (l *literal) ranges(dst [][2]int, line []byte) [][2]int {
	for from := 0; ; {
		start, end := l.find(line, from)
		if start < 0 {
			return dst
		}
		dst = append(dst, [2]int{start, end})
		from = end
	}
}

// find returns the first match in buf that begins at from or later.
func (l *literal) find(buf []byte, from int) (start, end int) {
	for ; ; from = start + 1 {
		if start, end = l.occurrence(buf, from); start < 0 || !l.word || isWhole(buf, start, end) {
			return start, end
		}
	}
}

func (l *literal) occurrence(buf []byte, from int) (start, end int) {
	if !l.fold {
		i := bytes.Index(buf[from:], l.text)
		if i < 0 {
			return -1, -1
		}
		return from + i, from + i + len(l.text)
	}
	for i := from; i < len(buf); i++ {
		if n := foldedPrefix(buf[i:], l.text); n >= 0 {
			return i, i + n
		}
	}
	return -1, -1
}

// holds reports whether whatever matches l matches short.
func (l *literal) holds(short *literal) bool {
	if short.word || l.fold && !short.fold {
		return false
	}
	text := l.text
	if short.fold && !l.fold {
		text = appendFolded(nil, text)
	}
	return bytes.Contains(text, short.text)
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
