package match

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// Error says why a query can't be searched for.
type Error struct {
	Query  string
	Offset int // of the part that is wrong, in bytes; -1: all of it
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("the pattern %.60q can't be used: %s", e.Query, e.Reason)
}

func check(query string) error {
	switch {
	case query == "":
		return &Error{query, -1, "it is empty"}
	case len(query) > MaxPattern:
		return &Error{query, MaxPattern, fmt.Sprintf("it has %d bytes, over the limit of %d", len(query), MaxPattern)}
	case !utf8.ValidString(query):
		return &Error{query, strings.IndexRune(query, utf8.RuneError), "it is not valid UTF-8"}
	}
	return nil
}

// wrong makes an Error of what regexp/syntax says of a query.
func wrong(query string, err error) *Error {
	var se *syntax.Error
	if !errors.As(err, &se) {
		return &Error{query, -1, err.Error()}
	}
	if se.Code == syntax.ErrLarge {
		return &Error{query, -1, tooLarge}
	}
	return &Error{query, strings.LastIndex(query, se.Expr), fmt.Sprintf("%s: `%.60s`", se.Code, se.Expr)}
}

const tooLarge = "it is too large; fewer or smaller repetitions would do"
