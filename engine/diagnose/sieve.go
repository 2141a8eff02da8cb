package diagnose

import (
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

// formatSet is a set of up to 64 formats of one table, by their place in it.
type formatSet uint64

func (f formatSet) has(i int) bool { return f>>i&1 != 0 }

// newSieve makes the sieve of a table, of which it is told the needs.
func newSieve(table []needs) *sieve {
	if len(table) > 64 {
		panic("BUG: a formatSet has room for 64 formats")
	}
	s := &sieve{}
	var texts []string
	for i, entry := range table {
		bit := formatSet(1) << i
		if entry == nil {
			s.all |= bit
		}
		for _, text := range entry {
			if start, ok := strings.CutPrefix(text, "^"); ok {
				s.begins[start[0]] |= bit
			} else {
				texts = append(texts, text)
				s.byText = append(s.byText, bit)
			}
		}
	}
	s.texts = detect.OnlyLiterals(texts)
	return s
}

// sift returns the formats that a line may be of; start is its first byte behind
// blanks.
func (s *sieve) sift(text []byte, start byte) formatSet {
	set := s.all | s.begins[start]
	var found [32]uint16
	for _, n := range s.texts.Find(text, found[:0]) {
		set |= s.byText[n]
	}
	return set
}

// digitFirst needs a line that begins with a number.
var digitFirst = needs{"^0", "^1", "^2", "^3", "^4", "^5", "^6", "^7", "^8", "^9"}

// and are the needs of an entry that has several reasons to be asked.
func (n needs) and(more ...string) needs { return append(n[:len(n):len(n)], more...) }
