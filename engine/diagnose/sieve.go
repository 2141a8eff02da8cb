package diagnose

import (
	"math/bits"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// needs are texts of which a line must have one for a format to be worth asking:
// "^FAIL " at its beginning, behind blanks, and " ... " anywhere. Without needs a
// format is asked about every line.
type needs []string

// sieve tells of the formats of a table which a line may be of, in one pass over the
// line. It is made of the needs that the entries state themselves; TestSieve compares
// what is found with it and without.
type sieve struct {
	all    formatSet
	begins [256]formatSet // by the first byte behind blanks
	texts  *detect.Literals
	byText []formatSet
}

// formatSet is a set of formats of one table, by their place in it.
type formatSet [2]uint64

// maxFormats is how many a table may have.
const maxFormats = 64 * len(formatSet{})

func (f *formatSet) add(o *formatSet) {
	f[0] |= o[0]
	f[1] |= o[1]
}

func (f *formatSet) put(i int) { f[i/64] |= 1 << (i % 64) }

// members lists the formats in the order of their table.
func (f *formatSet) members(yield func(i int) bool) {
	for k, word := range f {
		for ; word != 0; word &= word - 1 {
			if !yield(64*k + bits.TrailingZeros64(word)) {
				return
			}
		}
	}
}

func (f *formatSet) has(i int) bool { return f[i/64]>>(i%64)&1 != 0 }

// newSieve makes the sieve of a table, of which it is told the needs.
func newSieve(table []needs) *sieve {
	if len(table) > maxFormats {
		panic("BUG: a table has more entries than a formatSet")
	}
	s := &sieve{}
	var texts []string
	for i, entry := range table {
		if entry == nil {
			s.all.put(i)
		}
		for _, text := range entry {
			if start, ok := strings.CutPrefix(text, "^"); ok {
				s.begins[start[0]].put(i)
			} else {
				texts = append(texts, text)
				s.byText = append(s.byText, formatSet{})
				s.byText[len(texts)-1].put(i)
			}
		}
	}
	s.texts = detect.OnlyLiterals(texts)
	return s
}

// sift returns the formats that a line may be of; start is its first byte behind
// blanks.
func (s *sieve) sift(text []byte, start byte) formatSet {
	set := s.all
	set.add(&s.begins[start])
	var found [32]uint16
	for _, n := range s.texts.Find(text, found[:0]) {
		set.add(&s.byText[n])
	}
	return set
}

// digitFirst needs a line that begins with a number.
var digitFirst = needs{"^0", "^1", "^2", "^3", "^4", "^5", "^6", "^7", "^8", "^9"}

// and are the needs of an entry that has several reasons to be asked.
func (n needs) and(more ...string) needs { return append(n[:len(n):len(n)], more...) }
