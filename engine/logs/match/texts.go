package match

import "math"

// textFinder finds the first occurrence in buf, at from or later, of one of the
// texts it was made for; -1 if there is none.
type textFinder interface {
	find(buf []byte, from int) (start, end int)
	needles() []*needle
}

// newTextFinder returns the cheapest way to find any of the needles, of which
// there are up to maxTexts, and what it is expected to cost in nanoseconds for
// a byte. The numbers are those of one machine; only their ratios count.
func newTextFinder(needles []*needle) (textFinder, float64) {
	const (
		pairByte, pairPlace   = 0.04, 25
		teddyByte, teddyPlace = 0.1, 40
	)
	var single *pairFinder
	least := math.Inf(1)
	if len(needles) == 1 {
		var share float64
		if single, share = newPairFinder(needles[0]); single != nil {
			least = pairByte + share*pairPlace
		}
	}
	if least < teddyByte {
		return single, least // and nothing is made for naught
	}
	multi, share := newTeddy(needles)
	if cost := teddyByte + share*teddyPlace; cost <= least {
		return multi, cost
	}
	return single, least
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

func (f *pairFinder) needles() []*needle { return []*needle{f.needle} }

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
