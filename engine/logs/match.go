package logs

import (
	"sync"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/control"
	"github.com/brummer-rpc/brummer-rpc/engine/logs/match"
)

// Pattern is what to look for in the text of a record.
type Pattern struct {
	Text      string
	Regexp    bool  // Text is a Go regular expression
	WholeWord bool  // only between word boundaries
	Case      *bool // whether case counts; nil: only if Text has an upper-case letter
}

// PatternError says what is wrong with a pattern.
type PatternError = match.Error

// Matcher is a compiled [Pattern]; safe for concurrent use.
type Matcher struct {
	*match.Pattern

	key  patternKey
	torn func() *match.Torn // finds lines with escape sequences; nil if it can't
}

// patternKey is a [Pattern] that can be compared.
type patternKey struct {
	text                    string
	regexp, word, fixed, is bool // fixed: whether case counts was said, and it is so
}

func (p Pattern) key() patternKey {
	k := patternKey{text: p.Text, regexp: p.Regexp, word: p.WholeWord}
	if p.Case != nil {
		k.fixed, k.is = true, *p.Case
	}
	return k
}

// Compile prepares a pattern. The error is a [*PatternError].
func Compile(p Pattern) (*Matcher, error) {
	sensitive := p.Case != nil && *p.Case || p.Case == nil && match.SmartCase(p.Text, p.Regexp)
	m, err := match.Compile(p.Text, match.Options{Regexp: p.Regexp, CaseSensitive: sensitive, WholeWord: p.WholeWord})
	if err != nil {
		return nil, err
	}
	return &Matcher{Pattern: m, key: p.key(), torn: sync.OnceValue(func() *match.Torn { return m.Torn(control.ESC) })}, nil
}
