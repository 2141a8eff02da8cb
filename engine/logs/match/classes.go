package match

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// runeSet is a set of runes: pairs of first and last, ascending and apart, as
// in [syntax.Regexp].
type runeSet []rune

// classes puts runes that a program can't tell apart into one class, so that a
// row of the DFA has a handful of columns instead of one for each rune. Bytes
// that are no UTF-8 count as U+FFFD, as in Go's regexp.
type classes struct {
	ofByte [256]uint16   // the class of an ASCII byte; wide for others
	page   [0x400]uint16 // of each 64 runes of up to three bytes: which of pages has their classes
	pages  [][64]uint16
	first  []rune   // of each interval of runes, ascending from 0
	of     []uint16 // each interval's class
	count  int      // of classes, without wide
	word   []bool   // by class: whether its runes are of words, as for \b
}

// endOfLine is the class of the newline, and of what is before and behind all
// text. No set has it: nothing in a line is a newline.
const endOfLine = 0

// wide is the column behind the classes, for bytes that are part of a longer
// rune. It is never filled in, so that they are looked at by hand.
func (c *classes) wide() uint16 { return uint16(c.count) }

var wordRunes = runeSet{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}

// newClasses finds the classes for some sets. words says whether runes of words
// have to be told from others.
func newClasses(sets []runeSet, words bool) *classes {
	if words {
		sets = append(slices.Clip(sets), wordRunes)
	}
	sets = append([]runeSet{{'\n', '\n'}}, sets...)
	c := &classes{first: bounds(sets)}
	c.of = make([]uint16, len(c.first))
	c.count = 1
	for _, set := range sets {
		c.split(set)
	}
	c.exchange(c.find('\n'), endOfLine)
	c.word = c.members(wordRunes)
	c.makePages()
	for b := range c.ofByte {
		c.ofByte[b] = c.wide()
		if b < utf8.RuneSelf {
			c.ofByte[b] = c.classOf(rune(b))
		}
	}
	return c
}

// bounds are all runes at which a set begins or has ended.
func bounds(sets []runeSet) []rune {
	out := []rune{0}
	for _, set := range sets {
		for i := 0; i < len(set); i += 2 {
			out = append(out, set[i])
			if set[i+1] < unicode.MaxRune {
				out = append(out, set[i+1]+1)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// split gives the members of a set classes apart from those of the others.
func (c *classes) split(set runeSet) {
	inside := map[uint16]uint16{} // the new class by the old
	outside := map[uint16]bool{}
	within := c.inside(set)
	for i, class := range c.of {
		outside[class] = outside[class] || !within[i]
	}
	for i, class := range c.of {
		if !within[i] || !outside[class] {
			continue
		}
		if _, ok := inside[class]; !ok {
			inside[class] = uint16(c.count)
			c.count++
		}
		c.of[i] = inside[class]
	}
}

// inside says for each interval whether it is in a set.
func (c *classes) inside(set runeSet) []bool {
	out := make([]bool, len(c.first))
	for i, r := range c.first {
		for len(set) > 0 && set[1] < r {
			set = set[2:]
		}
		out[i] = len(set) > 0 && set[0] <= r
	}
	return out
}

// members says for each class whether it is in a set.
func (c *classes) members(set runeSet) []bool {
	out := make([]bool, c.count)
	for i, in := range c.inside(set) {
		out[c.of[i]] = out[c.of[i]] || in && c.of[i] != endOfLine
	}
	return out
}

func (c *classes) exchange(a, b uint16) {
	for i, class := range c.of {
		switch class {
		case a:
			c.of[i] = b
		case b:
			c.of[i] = a
		}
	}
}

// makePages spreads the intervals over pages. Most pages lie within one interval,
// and all of a class are the same one.
func (c *classes) makePages() {
	whole := map[uint16]uint16{} // the page of a class
	for i := range c.page {
		first := rune(i) << 6
		at := c.interval(first)
		class := c.of[at]
		n, known := whole[class]
		within := at+1 == len(c.first) || c.first[at+1] >= first+64
		if !within || !known {
			n = uint16(len(c.pages))
			c.pages = append(c.pages, [64]uint16{})
			for j := range c.pages[n] {
				c.pages[n][j] = c.of[c.interval(first+rune(j))]
			}
		}
		if within {
			whole[class] = n
		}
		c.page[i] = n
	}
}

func (c *classes) classOf(r rune) uint16 {
	if r>>6 < rune(len(c.page)) {
		return c.pages[c.page[r>>6]][r&63]
	}
	return c.find(r)
}

func (c *classes) find(r rune) uint16 { return c.of[c.interval(r)] }

// interval returns the index of the interval that holds r.
func (c *classes) interval(r rune) int {
	i, found := slices.BinarySearch(c.first, r)
	if !found {
		i--
	}
	return i
}

// next returns the class and the length of the first rune of b. Runes of two and
// three bytes are decoded here: most texts that are not ASCII have no others, and
// the leading byte and what follows are the page. What is left to utf8 is what
// begins with E0 or ED, where not all that follows is valid, and the rest.
func (c *classes) next(b []byte) (class uint16, size int) {
	switch lead := b[0]; {
	case lead < utf8.RuneSelf:
		return c.ofByte[lead], 1
	case 0xc2 <= lead && lead <= 0xdf && len(b) > 1 && follows(b[1]):
		return c.pages[c.page[lead&0x1f]][b[1]&0x3f], 2
	case 0xe1 <= lead && lead <= 0xef && lead != 0xed && len(b) > 2 && follows(b[1]) && follows(b[2]):
		return c.pages[c.page[uint(lead&0xf)<<6|uint(b[1]&0x3f)]][b[2]&0x3f], 3
	}
	r, size := utf8.DecodeRune(b)
	return c.classOf(r), size
}

// follows reports whether c is one of a rune's bytes but the first.
func follows(c byte) bool { return c&0xc0 == 0x80 }

// last returns the class and the length of the last rune of b.
func (c *classes) last(b []byte) (class uint16, size int) {
	r, size := utf8.DecodeLastRune(b)
	return c.classOf(r), size
}
