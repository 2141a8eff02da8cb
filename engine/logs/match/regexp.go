package match

import (
	"bytes"
	"regexp"
	"regexp/syntax"
)

// expression finds what a regular expression matches.
type expression struct {
	re *regexp.Regexp
}

func newExpression(query string, o Options) (*expression, error) {
	text := expressionText(query, o)
	if o.Regexp {
		// Alone, before anything is put around it: errors then speak of what the
		// user wrote, and `a)|(b` can't close what is put around.
		if _, err := syntax.Parse(query, syntax.Perl); err != nil {
			return nil, wrong(query, err)
		}
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, wrong(query, err)
	}
	return &expression{re}, nil
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

func (e *expression) next(buf []byte, from int) int {
	for from < len(buf) {
		end := from + lineLen(buf[from:])
		if e.re.Match(buf[from:end]) {
			return min(end, len(buf)-1)
		}
		from = end + 1
	}
	return -1
}

func (e *expression) match(line []byte) bool { return e.re.Match(line) }

func (e *expression) ranges(dst [][2]int, line []byte) [][2]int {
	for _, loc := range e.re.FindAllIndex(line, -1) {
		dst = append(dst, [2]int{loc[0], loc[1]})
	}
	return dst
}

// lineLen is the length of the line that b begins with, without its newline.
func lineLen(b []byte) int {
	if n := bytes.IndexByte(b, '\n'); n >= 0 {
		return n
	}
	return len(b)
}
