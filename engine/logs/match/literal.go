package match

import "unicode/utf8"

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

func (l *literal) required() textFinder { return l.texts }

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
