package match

import (
	"bytes"
	"regexp"
	"regexp/syntax"
	"sync"
)

// expression finds what a regular expression matches. It is linear in the text.
type expression struct {
	texts    textFinder // finds texts of which each match has one; or nil
	decisive bool       // where there is such a text, there is a match

	forward  *program
	backward func() (*program, error)       // made when ranges are first asked for
	slow     func() (*regexp.Regexp, error) // where the DFA gives up
	behind   func() (*regexp.Regexp, error) // the same behind a rune; the match is its first group
	limit    int                            // of each cache, in bytes
	dfas     sync.Pool                      // of *dfa: each search needs one of its own
}

// dfa are the caches for one search at a time.
type dfa struct {
	forward, backward *cache // backward may be nil
	stop              func() bool
}

// newExpression returns a literal if the expression is only a text.
func newExpression(query string, o Options) (finder, error) {
	if o.Regexp {
		// Alone, before anything is put around it: errors then speak of what the
		// user wrote, and `a)|(b` can't close what is put around.
		if _, err := syntax.Parse(query, syntax.Perl); err != nil {
			return nil, wrong(query, err)
		}
	}
	text := expressionText(query, o)
	re, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, wrong(query, err)
	}
	if re.Op == syntax.OpLiteral && plain(string(re.Rune)) {
		return newLiteral(string(re.Rune), Options{CaseSensitive: re.Flags&syntax.FoldCase == 0}), nil
	}
	e := &expression{
		limit:    maxCache,
		backward: sync.OnceValues(func() (*program, error) { return compileBackward(re) }),
		slow:     sync.OnceValues(func() (*regexp.Regexp, error) { return regexp.Compile(text) }),
		behind:   sync.OnceValues(func() (*regexp.Regexp, error) { return regexp.Compile(`(?s:.)(` + text + `)`) }),
	}
	if e.forward, err = compileForward(re); err != nil {
		return nil, wrong(query, err)
	}
	e.texts, e.decisive = requiredTexts(re)
	return e, nil
}

// expressionText is the query as one expression in Go's syntax.
func expressionText(query string, o Options) string {
	if !o.Regexp {
		query = regexp.QuoteMeta(query)
	}
	if o.WholeWord {
		query = `\b(?:` + query + `)\b`
	}
	if !o.CaseSensitive {
		query = `(?i:` + query + `)`
	}
	return query
}

func (e *expression) next(buf []byte, from int) int { return e.nextUntil(never, buf, from) }

func (e *expression) nextUntil(stop func() bool, buf []byte, from int) int {
	if e.decisive {
		at, _ := e.texts.find(buf, from)
		return at
	}
	d := e.take(stop)
	defer e.dfas.Put(d)
	if e.texts == nil {
		return e.nextLine(d, buf, from)
	}
	for from < len(buf) {
		at, _ := e.texts.find(buf, from)
		if at < 0 {
			return -1
		}
		begin, end := from+bytes.LastIndexByte(buf[from:at], '\n')+1, at+lineLen(buf[at:])
		if e.matches(d, buf[begin:end]) {
			return at
		}
		from = end + 1
	}
	return -1
}

func (e *expression) required() textFinder { return e.texts }

func (e *expression) match(line []byte) bool { return e.matchUntil(never, line) }

func (e *expression) matchUntil(stop func() bool, line []byte) bool {
	if e.texts != nil {
		if at, _ := e.texts.find(line, 0); at < 0 || e.decisive {
			return at >= 0
		}
	}
	d := e.take(stop)
	defer e.dfas.Put(d)
	return e.matches(d, line)
}

func (e *expression) take(stop func() bool) *dfa {
	d, ok := e.dfas.Get().(*dfa)
	if !ok {
		d = &dfa{forward: newCache(e.forward, e.limit)}
	}
	d.stop, d.forward.stop = stop, stop
	return d
}

// matches decides about one line.
func (e *expression) matches(d *dfa, line []byte) bool {
	if len(line) == 0 {
		return d.forward.entry(d.forward.start(afterNothing), endOfLine)&matched != 0
	}
	return e.nextLine(d, line, 0) >= 0
}

func (e *expression) nextLine(d *dfa, buf []byte, from int) int {
	if !d.forward.gaveUp {
		at, ok := d.forward.nextLine(buf, from)
		if ok {
			return at
		}
		from += bytes.LastIndexByte(buf[from:at], '\n') + 1
	}
	re := must(e.slow())
	for from < len(buf) {
		end := from + lineLen(buf[from:])
		if d.stop() {
			return -1
		}
		if matchSlowly(re, buf[from:end], d.stop) {
			return min(end, len(buf)-1)
		}
		from = end + 1
	}
	return -1
}

// must is for what can't fail because a program of the same expression is there.
func must[T any](v T, err error) T {
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return v
}
