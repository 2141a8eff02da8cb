package match

import (
	"math"
	"slices"
	"unicode"
	"unicode/utf8"
)

// maxAnchor bounds where a fingerprint may begin, so that long texts cost little.
const maxAnchor = 64

// fingers returns the fingerprints of the rarest part of the text, all of which
// have to be looked for, and the expected part of places that pass one.
func (n *needle) fingers() (best []*finger, least float64) {
	least = math.Inf(1)
	for at := range n.text[:min(len(n.text), maxAnchor)] {
		if n.fold && !utf8.RuneStart(n.text[at]) || at > 0 && len(n.text)-at < fingerprint {
			continue
		}
		sum, fingers := 0.0, n.fingersAt(at)
		for _, f := range fingers {
			sum += f.share()
		}
		if sum < least {
			best, least = fingers, sum
		}
	}
	return best, least
}

// fingersAt returns the fingerprints of the text from a byte on. There are
// several if letters have cases of different lengths: s and the long s. Where
// the text is too short, all bytes are allowed.
func (n *needle) fingersAt(at int) []*finger {
	partial := []*finger{{needle: n, anchor: at}}
	for text := n.text[at:]; len(text) > 0 && anyShort(partial); {
		size, cases := 1, [][]byte{text[:1]}
		if n.fold {
			size, cases = orbit(text)
		}
		text = text[size:]
		partial = extend(partial, cases)
	}
	for _, f := range partial {
		for ; f.used < fingerprint; f.used++ {
			f.bytes[f.used] = byteSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
		}
	}
	return partial
}

func anyShort(fingers []*finger) bool {
	return slices.ContainsFunc(fingers, func(f *finger) bool { return f.used < fingerprint })
}

// orbit returns the length of the first rune of text, and all runes equal to it
// without case.
func orbit(text []byte) (size int, cases [][]byte) {
	r, size := utf8.DecodeRune(text)
	cases = append(cases, text[:size])
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		cases = append(cases, utf8.AppendRune(nil, f))
	}
	return size, cases
}

// extend returns the fingerprints with any of the cases behind each: one for
// each length of the cases.
func extend(fingers []*finger, cases [][]byte) []*finger {
	var out []*finger
	for _, f := range fingers {
		byLength := map[int]*finger{}
		for _, c := range cases {
			longer := byLength[len(c)]
			if longer == nil {
				longer = &finger{needle: f.needle, anchor: f.anchor, bytes: f.bytes, used: min(f.used+len(c), fingerprint)}
				byLength[len(c)] = longer
				out = append(out, longer)
			}
			for i := f.used; i < longer.used; i++ {
				longer.bytes[i].add(c[i-f.used])
			}
		}
	}
	return out
}

// share is the part of places that pass f, if bytes came independently.
func (f *finger) share() float64 {
	product := 1.0
	for _, set := range f.bytes {
		sum := 0.0
		for c := range 256 {
			if set.has(byte(c)) {
				sum += shares[c]
			}
		}
		product *= min(sum, 1)
	}
	return product
}
