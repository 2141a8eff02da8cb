package logs

import (
	"bytes"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxPattern is the longest text or expression that can be searched, in bytes.
const MaxPattern = 4 << 10

// Pattern is what to look for in the text of a record.
type Pattern struct {
	Text      string
	Regexp    bool  // Text is a Go regular expression
	WholeWord bool  // only between word boundaries
	Case      *bool // whether case counts; nil: only if Text has an upper-case letter
}

// Matcher is a compiled [Pattern]; safe for concurrent use.
type Matcher struct {
	literal []byte // when set, a case-sensitive search for it is all
	folded  []byte // when set, ASCII text can be searched for it by folding
	re      *regexp.Regexp
}

// PatternError says what is wrong with a pattern.
type PatternError struct {
	Pattern string
	Reason  string
}

func (e *PatternError) Error() string {
	return fmt.Sprintf("the pattern %.60q can't be used: %s", e.Pattern, e.Reason)
}

// Compile prepares a pattern. The error is a [*PatternError].
func Compile(p Pattern) (*Matcher, error) {
	switch {
	case p.Text == "":
		return nil, &PatternError{p.Text, "it is empty"}
	case len(p.Text) > MaxPattern:
		return nil, &PatternError{p.Text, fmt.Sprintf("it has %d bytes, over the limit of %d", len(p.Text), MaxPattern)}
	case !utf8.ValidString(p.Text):
		return nil, &PatternError{p.Text, "it is not valid UTF-8"}
	}
	if p.Regexp {
		// Alone, before anything is put around it: errors then speak of what the
		// user wrote, and `a)|(b` can't close what is put around.
		if _, err := syntax.Parse(p.Text, syntax.Perl); err != nil {
			return nil, &PatternError{p.Text, reason(err)}
		}
	}
	m := &Matcher{}
	fold := !caseCounts(p)
	if !p.Regexp && !p.WholeWord {
		if !fold {
			m.literal = []byte(p.Text)
			return m, nil
		}
		if isASCII(p.Text) {
			m.folded = bytes.ToLower([]byte(p.Text))
		}
	}
	re, err := regexp.Compile(p.expression(fold))
	if err != nil {
		return nil, &PatternError{p.Text, reason(err)}
	}
	m.re = re
	return m, nil
}

// caseCounts decides smart case as ripgrep does: a pattern with an upper-case
// letter means it. In an expression, \S and \pL are no such letters.
func caseCounts(p Pattern) bool {
	if p.Case != nil {
		return *p.Case
	}
	text := p.Text
	if p.Regexp {
		text = escapes.ReplaceAllString(text, "")
	}
	return strings.ContainsFunc(text, unicode.IsUpper)
}

var escapes = regexp.MustCompile(`\\(?:[pP](?:\{[^}]*\}|.)|x\{[^}]*\}|.)`)

func (p Pattern) expression(fold bool) string {
	expr := p.Text
	if !p.Regexp {
		expr = regexp.QuoteMeta(expr)
	}
	if p.WholeWord {
		expr = `\b(?:` + expr + `)\b`
	}
	if fold {
		expr = `(?i:` + expr + `)`
	}
	return expr
}

// reason strips the words of regexp that add nothing for a user.
func reason(err error) string {
	if se, ok := err.(*syntax.Error); ok {
		return fmt.Sprintf("%s: `%s`", se.Code, se.Expr)
	}
	return err.Error()
}

// Match reports whether text has a match.
func (m *Matcher) Match(text []byte) bool {
	if m.literal != nil {
		return bytes.Contains(text, m.literal)
	}
	if m.folded != nil && isASCII(text) {
		return indexFold(text, m.folded) >= 0
	}
	return m.re.Match(text)
}

// Find appends the byte ranges of all matches in text to ranges, from left to
// right. An empty match counts: the pattern does hold there.
func (m *Matcher) Find(text []byte, ranges [][2]int) [][2]int {
	index, n := bytes.Index, len(m.literal)
	switch {
	case m.literal != nil:
	case m.folded != nil && isASCII(text):
		index, n = indexFold, len(m.folded)
	default:
		for _, loc := range m.re.FindAllIndex(text, -1) {
			ranges = append(ranges, [2]int{loc[0], loc[1]})
		}
		return ranges
	}
	needle := m.literal
	if needle == nil {
		needle = m.folded
	}
	for from := 0; ; {
		i := index(text[from:], needle)
		if i < 0 {
			return ranges
		}
		ranges = append(ranges, [2]int{from + i, from + i + n})
		from += i + n
	}
}

// indexFold is bytes.Index for ASCII text of any case and a lower-case needle.
func indexFold(text, lower []byte) int {
	for i := 0; i+len(lower) <= len(text); i++ {
		if toLower(text[i]) == lower[0] && equalFold(text[i:i+len(lower)], lower) {
			return i
		}
	}
	return -1
}

func equalFold(text, lower []byte) bool {
	for i, c := range text {
		if toLower(c) != lower[i] {
			return false
		}
	}
	return true
}

func toLower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func isASCII[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
