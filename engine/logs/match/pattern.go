// Package match finds the lines of a buffer that match a text or a regular
// expression, as fast as memory can be read where the pattern allows it. It is
// pure: bytes in, positions out; it knows nothing of logs, files or time.
//
// A buffer is many lines, each ended by a newline but perhaps the last. No
// match goes over a line's end; `^` and `$` are the ends of a line.
//
//	Compile
//	├─ a text                     literal.go   texts.go finds it: by its rarest pair of bytes
//	│                                          (pair.go) or a fingerprint (teddy.go), 32 places
//	│                                          at a time (kernel.go, *.s)
//	└─ an expression              regexp.go    in Go's syntax
//	   ├─ texts that it requires  required.go  found in the same way: the lines worth a look
//	   ├─ lazy DFA                dfa.go       decides; lanes.go is its fast run, dfa_cache.go
//	   │                                       its memory, ranges.go where the matches are
//	   └─ Go's regexp                          where the DFA gives up
package match

// MaxPattern is the longest text or expression that can be searched, in bytes.
const MaxPattern = 4 << 10

// Options say how the text of a query is meant.
type Options struct {
	Regexp        bool // the query is a regular expression in Go's syntax
	CaseSensitive bool // else letters are equal under Unicode's simple folding, as in Go's (?i)

	// WholeWord, of a text: an end of a match that is a letter, a digit or an
	// underscore (of any script) does not touch another one. Other ends may touch
	// anything, so `(main)` is found in "func(main)". Of an expression it is
	// `\b(?:...)\b` in Go's sense, where only ASCII letters are of words.
	WholeWord bool
}

// Pattern is a compiled query. It is safe for concurrent use, and what it
// remembers of its searches is bounded (see maxCache).
type Pattern struct {
	query   string
	options Options
	finder  finder
}

// finder is one way to search; its methods are those of [Pattern].
type finder interface {
	next(buf []byte, from int) int
	match(line []byte) bool
	ranges(dst [][2]int, line []byte, most int) [][2]int
	required() textFinder // finds texts of which each match has one; nil if there are none
}

// Compile prepares a query. The error is an [*Error].
func Compile(query string, o Options) (*Pattern, error) {
	if err := check(query); err != nil {
		return nil, err
	}
	p := &Pattern{query: query, options: o}
	var err error
	if !o.Regexp && plain(query) {
		p.finder = newLiteral(query, o)
	} else {
		p.finder, err = newExpression(query, o)
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Next returns a place inside the first line that matches, from on, which is
// the beginning of a line: the offset of one of its bytes or of its newline. It
// returns -1 if there is none. It looks at everything up to there, so a caller
// who wants to be able to stop passes some lines at a time; see also Until.
func (p *Pattern) Next(buf []byte, from int) int { return p.finder.next(buf, from) }

// Match reports whether a line, which holds no newline, has a match.
func (p *Pattern) Match(line []byte) bool { return p.finder.match(line) }

// Ranges appends the beginnings and ends of the first matches in a line, which
// holds no newline: those that FindAllIndex of Go's regexp returns for most,
// which is -1 for all. To find one can take as long as the line is (`a.*z|a`), so
// a bound is a bound on time.
func (p *Pattern) Ranges(dst [][2]int, line []byte, most int) [][2]int {
	return p.finder.ranges(dst, line, most)
}

// Until returns p for a search that may be ended: once stop reports true, Next and
// Match return early, with nothing, and Ranges with what they have. It is asked every
// few milliseconds at least, also within a line on which a hard expression takes
// seconds.
func (p *Pattern) Until(stop func() bool) *Pattern {
	e, ok := p.finder.(*expression)
	if !ok {
		return p // as fast as memory
	}
	q := *p
	q.finder = ending{e, stop}
	return &q
}

// String identifies what the pattern finds: patterns with equal strings have the
// same matches in every line.
func (p *Pattern) String() string {
	return flag(p.options.Regexp, "r") + flag(p.options.CaseSensitive, "c") + flag(p.options.WholeWord, "w") + ":" + p.query
}

func flag(on bool, name string) string {
	if on {
		return name
	}
	return "-"
}

// Refines reports whether every line that p matches is surely matched by
// shorter as well, so that p can be looked for in shorter's results alone.
func (p *Pattern) Refines(shorter *Pattern) bool {
	long, ok1 := p.finder.(*literal)
	short, ok2 := shorter.finder.(*literal)
	return ok1 && ok2 && long.holds(short)
}
