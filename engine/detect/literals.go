package detect

import (
	"bytes"
	"strings"
)

// Literals is a set of strings to find in one pass. It is immutable; a new set
// of the user's matchers is a new Literals.
//
// The pass looks up each pair of neighbouring bytes in a bit set of 8 KiB that
// holds one pair of each literal, the rarest by [rarity], and compares only
// where the set has the pair. It is no automaton because the lookups of an
// automaton wait for each other, and those of a bit set do not: that is what
// makes a hundred literals of the user cost nothing on a line without them.
type Literals struct {
	pairs   [1 << 10]uint64
	buckets [1 << 8][]literal // by bucketOf(pair)
}

type literal struct {
	text  string // lower case if fold
	at    int    // of the pair in text
	pair  uint16
	fold  bool
	class Class
	user  uint16
}

// Severity words and marks that the matchers of diagnose look for. A literal
// belongs here if a line of its format need not begin with a Mark. In the lists _
// is a blank and ^ a tab.
var words = []struct {
	class Class
	text  string
}{
	{Severe, "error exception fatal panic warn traceback fail sanitizer assertion data_race segmentation_fault " +
		"aborted caused_by goroutine_ not_ok thrown_in uninitialized stack_trace undefined " +
		"deprecat unhandled cannot can't abort core_dumped"},
	{Result, "passed passing (pass) (skip) pending skipped ignored ..._ PASS RUN ok_ ok(  compil transform built build_ ready_in " +
		"rebuil bundled hmr_update page_reload server_restarted finished found_ starting tests test_ running TAP_ examples webpack"},
	{Location, "line_ in_/ emitted_' stylesheet .sh:_"},
	{Severe, "^at_ __at_ __from_ _in_' _in_`"},
	{Keyed, "level= lvl= severity="},
	{Address, "://"},
	{Structured, `"action": "reason":" "$message_type":" stack": stack_trace": stacktrace": "trace": "exception": "exc_info":`},
}

var builtin = NewLiterals(nil)

// NewLiterals returns the built-in literals and those of user, which are found
// as they are and reported in Line.Users by their place in user. Literals of
// one byte or none are found nowhere: their matchers have to look at each line.
func NewLiterals(user []string) *Literals {
	l := &Literals{}
	for _, w := range words {
		for _, text := range strings.Fields(w.text) {
			text = strings.NewReplacer("_", " ", "^", "\t").Replace(text)
			l.add(literal{text: text, fold: strings.ToLower(text) == text, class: w.class})
		}
	}
	for _, open := range ":(" {
		for _, digit := range "0123456789[" {
			l.add(literal{text: string(open) + string(digit), class: Location})
		}
	}
	for i, text := range user {
		l.add(literal{text: text, class: User, user: uint16(i)})
	}
	return l
}

func (l *Literals) add(lit literal) {
	if len(lit.text) < 2 {
		return
	}
	best := 1 << 30
	for i := range len(lit.text) - 1 {
		if r := rarity(lit.text[i], lit.text[i+1]); r < best {
			best, lit.at = r, i
		}
	}
	a, b := lit.text[lit.at], lit.text[lit.at+1]
	variants := [][2]byte{{a, b}}
	if lit.fold {
		variants = append(variants, [2]byte{upper(a), upper(b)}, [2]byte{upper(a), b})
	}
	for i, v := range variants {
		lit.pair = uint16(v[0])<<8 | uint16(v[1])
		if i > 0 && v == variants[i-1] || i > 0 && v == variants[0] {
			continue
		}
		l.pairs[lit.pair>>6] |= 1 << (lit.pair & 63)
		k := bucketOf(lit.pair)
		l.buckets[k] = append(l.buckets[k], lit)
	}
}

func bucketOf(pair uint16) uint8 { return uint8(pair ^ pair>>7) }

// classes finds the literals in b and appends the numbers of the user's.
func (l *Literals) classes(b []byte, users []uint16) (Class, []uint16) {
	var found Class
	if len(b) < 2 {
		return 0, users
	}
	last := uint16(b[0])
	for i, c := range b[1:] {
		last = last<<8 | uint16(c)
		if l.pairs[last>>6]&(1<<(last&63)) == 0 {
			continue
		}
		bucket := l.buckets[bucketOf(last)]
		for k := range bucket {
			lit := &bucket[k]
			if lit.pair != last || lit.class != User && found&lit.class != 0 || !lit.stands(b, i) {
				continue
			}
			found |= lit.class
			if lit.class == User {
				users = appendNew(users, lit.user)
			}
		}
	}
	return found, users
}

// stands reports whether the literal is in b with its pair at i.
func (l *literal) stands(b []byte, i int) bool {
	from := i - l.at
	if from < 0 || from+len(l.text) > len(b) {
		return false
	}
	if l.class == Location && len(l.text) == 2 {
		return l.at == 0 && from > 0 && (b[from] == '(' || !isDigit(b[from-1]) && b[from-1] != ' ' && b[from-1] != '"')
	}
	if l.fold {
		return equalFold(b[from:from+len(l.text)], l.text)
	}
	return string(b[from:from+len(l.text)]) == l.text
}

func appendNew(users []uint16, n uint16) []uint16 {
	for _, u := range users {
		if u == n {
			return users
		}
	}
	return append(users, n)
}

// equalFold compares ASCII without case; lower is in lower case.
func equalFold(b []byte, lower string) bool {
	for i := range b {
		c := b[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// common is the letters of English and of logs, the most frequent first.
const common = " etaoinsrhld/cu.mfp:g0wy1b2\tv=k-\"'_x"

// rarity ranks a pair: low is rare. Doubled letters are rarer than their
// letters are.
func rarity(a, b byte) int {
	rank := func(c byte) int {
		if at := strings.IndexByte(common, c); at >= 0 {
			return len(common) - at
		}
		return 1
	}
	if a == b && a != ' ' {
		return rank(a)
	}
	return rank(a) * rank(b)
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 0x20
	}
	return c
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isWord(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' }

// trimSpace is bytes.TrimSpace for ASCII.
func trimSpace(b []byte) []byte { return bytes.Trim(b, " \t") }
