package match

import (
	"bytes"
	"unicode/utf8"
)

// Torn finds the lines that may match once sequences of bytes have been taken out
// of them, such as those that colour a terminal, without taking any out: a line
// that holds a text in one piece, or has the beginning of a text just before such
// a sequence. It is for one search at a time.
type Torn struct {
	texts   textFinder
	needles []tornNeedle
	first   byte      // that the sequences begin with
	ends    [256]bool // bytes that a beginning of a text can end with
}

// tornNeedle is a text and the lengths of its beginnings.
type tornNeedle struct {
	*needle
	lengths []int
}

// Hard reports whether to look through a text takes longer than to read it, several
// times: there is nothing that can be looked for first.
func (p *Pattern) Hard() bool { return p.finder.required() == nil }

// Torn returns a search for lines with sequences that begin with a byte; nil for a
// pattern that has no texts to look for.
func (p *Pattern) Torn(first byte) *Torn {
	texts := p.finder.required()
	if texts == nil {
		return nil
	}
	t := &Torn{texts: texts, first: first}
	for _, n := range texts.needles() {
		t.add(n)
	}
	return t
}

// add takes the beginnings of a text that are shorter than it.
func (t *Torn) add(n *needle) {
	torn := tornNeedle{needle: n}
	for at := 0; ; {
		_, size := utf8.DecodeRune(n.text[at:])
		cases := [][]byte{n.text[at : at+size]}
		if n.fold {
			_, cases = orbit(n.text[at:])
		}
		if at += size; at == len(n.text) {
			break
		}
		torn.lengths = append(torn.lengths, at)
		for _, c := range cases {
			t.ends[c[len(c)-1]] = true
		}
	}
	t.needles = append(t.needles, torn)
}

// Each calls f with a place in each line of buf that may match, in order; f returns
// where to go on. It is the end of the line, or of a record that has none.
func (t *Torn) Each(buf []byte, f func(at int) (next int)) {
	whole, torn := t.whole(buf, 0), t.torn(buf, 0)
	for whole < len(buf) || torn < len(buf) {
		next := f(min(whole, torn))
		if whole < next {
			whole = t.whole(buf, next)
		}
		if torn < next {
			torn = t.torn(buf, next)
		}
	}
}

// whole returns where the next text is in one piece, or the length of buf.
func (t *Torn) whole(buf []byte, from int) int {
	if at, _ := t.texts.find(buf, from); at >= 0 {
		return at
	}
	return len(buf)
}

// torn returns the next place where a sequence comes after the beginning of a text,
// or the length of buf.
func (t *Torn) torn(buf []byte, from int) int {
	for at := from; ; at++ {
		i := bytes.IndexByte(buf[at:], t.first)
		if i < 0 {
			return len(buf)
		}
		if at += i; at > from && t.ends[buf[at-1]] && t.begun(buf[from:at]) {
			return at
		}
	}
}

// begun reports whether buf ends with the beginning of a text.
func (t *Torn) begun(buf []byte) bool {
	for _, n := range t.needles {
		for _, length := range n.lengths {
			if n.endsWith(buf, n.text[:length]) {
				return true
			}
		}
	}
	return false
}

func (n *needle) endsWith(buf, text []byte) bool {
	if n.fold {
		return foldedSuffix(buf, text) >= 0
	}
	return bytes.HasSuffix(buf, text)
}
