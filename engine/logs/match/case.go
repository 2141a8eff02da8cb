package match

import (
	"regexp"
	"strings"
	"unicode"
)

// SmartCase decides whether case counts when nobody has said so, as ripgrep
// does: a query with an upper-case letter means it. In an expression, \S and
// \pL are no such letters.
func SmartCase(query string, isRegexp bool) (sensitive bool) {
	if isRegexp {
		query = escapes.ReplaceAllString(query, "")
	}
	return strings.ContainsFunc(query, unicode.IsUpper)
}

var escapes = regexp.MustCompile(`\\(?:[pP](?:\{[^}]*\}|.)|x\{[^}]*\}|.)`)
