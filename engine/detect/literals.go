package detect

import (
	"encoding/binary"
	"math/bits"
	"strings"
)

// Literals is a set of strings to find in one pass. It is immutable; a new set
// of the user's matchers is a new Literals.
//
// The pass looks up each pair of neighbouring bytes in a table that holds one
// pair of each literal, the rarest by [rarity], and compares only where the
// table has the pair. It is no automaton because the lookups of an automaton wait
// for each other, and those of a table do not: that is what makes a hundred
// literals of the user cost nothing on a line without them. Text touches some
// 8 KiB of the table's 64; a set of bits would be smaller and costs three
// instructions more for each byte.
type Literals struct {
	pairs   [1 << 16]uint8
	buckets [1 << 8][]literal // by bucketOf(pair)
}

type literal struct {
	text  string // lower case if fold
	at    int    // of the pair in text
	pair  uint16
	fold  bool
	near  neighbour
	class Class
	user  uint16
}

// neighbour is one byte of a literal beside its pair. It is looked at first: that a
// pair is there by chance is the rule, and then the byte beside it is another one.
type neighbour struct {
	at  int  // where it is, seen from the pair
	c   byte // what it is, with the bits of any set
	any byte // bits that don't matter: the case of a letter that is folded
}

func (l *literal) neighbour() (n neighbour) {
	if n.at = 2; l.at+n.at >= len(l.text) {
		n.at = -min(l.at, 1) // a literal of two bytes has none, and is compared with itself
	}
	n.c = l.text[l.at+n.at]
	if l.fold && isLetter(n.c) {
		n.any = 'a' ^ 'A'
	}
	return n
}

// Severity words and marks that the matchers of diagnose look for. A literal
// belongs here if a line of its format need not begin with a Mark. In the lists _
// is a blank and ^ a tab.
var words = []struct {
	class Class
	text  string
}{
	{Severe, "error exception fatal panic warn traceback fail sanitizer assertion data_race segmentation_fault " +
		"aborted caused_by goroutine_ not_ok thrown_in @parcel/ ECONNREFUSED EADDRINUSE Aborted_ uninitialized stack_trace undefined " +
		"deprecat unhandled cannot can't abort core_dumped e_stack: signal_SIG"},
	{Result, "TEST_CASE: ...ok SKIP TEST( passed passing (pass) (skip) (todo) bun_test_v _issues UNEXPECTED_SUCCESS: _across_ pending skipped ignored ..._ PASS RUN ok_ ok(  compil transform built build_ ready_in " +
		"rebuil bundled hmr_update reload server_restarted finished Found_ starting Tests Test_ test_result running TAP_ examples webpack #test"},
	{Location, "ing_directory_ line_ '_line:_ in_/ emitted_' stylesheet .sh:_"},
	{Severe, "^at_ ^from_ _in_' _in_` while_executing"},
	{Keyed, "level= lvl= severity="},
	{Address, ":// listening_ _port_ port(s) _on_[::]"},
	{Structured, `"action "reason message_type "stack "trace "exception "exc_info "line "row" "testresults" "examples" "stats" column": ,line`},
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

// OnlyLiterals returns a set of texts without the built-in ones, for
// [Literals.Find]. Each has at least two bytes.
func OnlyLiterals(texts []string) *Literals {
	l := &Literals{}
	for i, text := range texts {
		l.add(literal{text: text, class: User, user: uint16(i)})
	}
	return l
}

// Find appends the numbers of the user's literals that are in b.
func (l *Literals) Find(b []byte, found []uint16) []uint16 {
	_, found = l.classes(b, found)
	return found
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
	lit.near = lit.neighbour()
	variants := [][2]byte{{a, b}}
	if lit.fold {
		variants = append(variants, [2]byte{upper(a), upper(b)}, [2]byte{upper(a), b})
	}
	for i, v := range variants {
		lit.pair = pairOf(v[0], v[1])
		if i > 0 && v == variants[i-1] || i > 0 && v == variants[0] {
			continue
		}
		l.pairs[lit.pair] = 1
		k := bucketOf(lit.pair)
		l.buckets[k] = append(l.buckets[k], lit)
	}
}

func bucketOf(pair uint16) uint8 { return uint8(pair ^ pair>>7) }

// classes finds the literals in b and appends the numbers of the user's.
func (l *Literals) classes(b []byte, users []uint16) (found Class, _ []uint16) {
	p := &l.pairs
	i := 0
	for ; i+8 <= len(b); i += 7 { // seven pairs at a time: most have none of ours
		w := binary.LittleEndian.Uint64(b[i:])
		ours := p[uint16(w)] | p[uint16(w>>8)]<<1 | p[uint16(w>>16)]<<2 | p[uint16(w>>24)]<<3 | p[uint16(w>>32)]<<4 | p[uint16(w>>40)]<<5 | p[uint16(w>>48)]<<6
		for ; ours != 0; ours &= ours - 1 {
			found, users = l.at(b, i+bits.TrailingZeros8(ours), found, users)
		}
	}
	for ; i+1 < len(b); i++ {
		if p[pairOf(b[i], b[i+1])] != 0 {
			found, users = l.at(b, i, found, users)
		}
	}
	return found, users
}

// at finds the literals whose pair is the one at b[i], which is in the set.
func (l *Literals) at(b []byte, i int, found Class, users []uint16) (Class, []uint16) {
	p := pairOf(b[i], b[i+1])
	bucket := l.buckets[bucketOf(p)]
	for k := range bucket {
		lit := &bucket[k]
		near := &lit.near
		if at := i + near.at; lit.pair != p || uint(at) >= uint(len(b)) || b[at]|near.any != near.c {
			continue
		}
		if lit.class != User && found&lit.class != 0 || !lit.stands(b, i) {
			continue
		}
		found |= lit.class
		if lit.class == User {
			users = appendNew(users, lit.user)
		}
	}
	return found, users
}

// pairOf is two neighbouring bytes as they lie in a little-endian word.
func pairOf(a, b byte) uint16 { return uint16(a) | uint16(b)<<8 }

// stands reports whether the literal is in b with its pair at i.
func (l *literal) stands(b []byte, i int) bool {
	from := i - l.at
	if from < 0 || from+len(l.text) > len(b) {
		return false
	}
	if l.class == Location && len(l.text) == 2 {
		return l.at == 0 && from > 0 && (b[from] == '(' || placeBehind(b[:from]))
	}
	if l.fold {
		return equalFold(b[from:from+len(l.text)], l.text)
	}
	return string(b[from:from+len(l.text)]) == l.text
}

// placeBehind reports whether a colon and a digit behind b may be a place: b ends
// in a path, not in the hours of a clock. A path may end in digits, a.f90, and a
// line be marked for an editor, a.c +7.
func placeBehind(b []byte) bool {
	i := len(b)
	for i > 0 && isDigit(b[i-1]) {
		i--
	}
	if i == len(b) {
		return b[i-1] != ' ' && b[i-1] != '"'
	}
	return i > 1 && (isLetter(b[i-1]) && !isDigit(b[i-2]) || b[i-1] == '+' && b[i-2] == ' ')
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

// rarity ranks a pair: low is rare. Of pairs that are not frequent the letters tell;
// doubled ones are rarer than their letters are.
func rarity(a, b byte) int {
	rank := func(c byte) int {
		if at := strings.IndexByte(common, c); at >= 0 {
			return len(common) - at
		}
		return 1
	}
	if order, ok := frequent[[2]byte{a, b}]; ok {
		return 1<<20 - order
	}
	if a == b && a != ' ' {
		return rank(a)
	}
	return rank(a) * rank(b)
}

// frequent are the pairs that text is full of, and their place in the order. They were
// counted, a third each, in the captures of tools that diagnose is tested with, in
// English prose, and in what servers print all day. In the list _ is a blank.
var frequent = func() map[[2]byte]int {
	const pairs = `e_ th _t in _a er t_ s_ te he es _i d_ n_ st at le r_ ed re an on _c or _s en ro _o me ", se it ti ` +
		`nt ar nd ,_ _f ": co ge et _m de ng _n _w od ne ve :_ fo ," li ri io _p _r _l f_ to is no un al y_ ` +
		`ha om o_ pa _d _b ms pr ca ch of ns ic ce ap ex _e ra us g_ em h_ il mo ac ai ts ag ta as ou lo rs ` +
		`mp tr ho ec na be rt ru di qu s" pe ul pi du :" pl ll ss id ct ow am ea ev e" ib ur ]_ _u ma ov _( ` +
		`pp rr la ue og su ot si d" eq el ut t" im xt um a_ rc fi _h nf "t c/ ol ni wi /a wa m_ ig mi ga _[ ` +
		`ie op do s/ rm .t hi x_ l_ os _" wo ck oc ws ty ad sr ox t. /p e, fr ub ba .. by`
	order := map[[2]byte]int{}
	for pair := range strings.FieldsSeq(pairs) {
		order[[2]byte([]byte(strings.ReplaceAll(pair, "_", " ")))] = len(order)
	}
	return order
}()

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
func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for n := len(b); n > 0 && (b[n-1] == ' ' || b[n-1] == '\t'); n-- {
		b = b[:n-1]
	}
	return b
}
