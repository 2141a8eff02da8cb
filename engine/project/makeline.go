package project

import "strings"

// This file is how make cuts a line into parts; makefile.go is what they mean.
// All of it runs in time linear in the line: a makefile in a stranger's folder
// is read as soon as the folder is opened.

// makeLine is a line with its continuations.
type makeLine struct {
	text   string
	number int // of its first physical line, 1-based
}

// logicalLines joins the lines that end in an odd number of backslashes with
// the next one. Make does that before all else, so that also a comment and a
// recipe may be continued by a line that looks like a rule. As in make, the
// blanks at the beginning of the continuation become one.
func logicalLines(data []byte) []makeLine {
	var all []makeLine
	var joined strings.Builder // not "+=", which copies the line anew for each part
	number := 0                // of the line in joined, 0 = none
	for i, text := range lines(data) {
		body, continued := strings.CutSuffix(text, `\`)
		if continued = continued && trailingBackslashes(body)%2 == 0; !continued {
			body = text
		}
		if number == 0 {
			number = i + 1
			joined.WriteString(body)
		} else {
			joined.WriteString(" " + strings.TrimLeft(body, " \t"))
		}
		if !continued {
			all = append(all, makeLine{joined.String(), number})
			joined.Reset()
			number = 0
		}
	}
	if number > 0 {
		all = append(all, makeLine{joined.String(), number})
	}
	return all
}

// trailingBackslashes counts the backslashes at the end of s: an odd number
// escapes what follows, in an even one they escape each other.
func trailingBackslashes(s string) int { return len(s) - len(strings.TrimRight(s, `\`)) }

// withoutComment cuts a line at its first "#", unless a backslash is before it.
func withoutComment(s string) string {
	for i := range len(s) {
		if s[i] == '#' && trailingBackslashes(s[:i])%2 == 0 {
			return s[:i]
		}
	}
	return s
}

// cutUnquoted cuts s at the first sep that neither has a backslash before it
// nor is within a reference: the rule "$(SRC:.c=.o): x" has its colon after the
// parenthesis, "a\:b: x" its second one.
func cutUnquoted(s string, sep byte) (before, after string, found bool) {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '$':
			i = skipReference(s, i)
		case s[i] == sep && trailingBackslashes(s[:i])%2 == 0:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// skipReference gives the index of the last byte of the variable reference at
// i: "$x", "$(x)" or "${x}", which may have others of its kind in it. Like make
// it counts only the kind of parenthesis that it began with. A reference that
// is not closed takes the rest of the line, where make would stop.
func skipReference(s string, i int) int {
	if i+1 == len(s) {
		return i
	}
	// "$$" is among the references of one character: it stands for a dollar.
	opening, closing := s[i+1], byte(')')
	switch opening {
	case '(':
	case '{':
		closing = '}'
	default:
		return i + 1
	}
	depth := 0
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case opening:
			depth++
		case closing:
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return len(s) - 1
}

// makeWords splits a list of names at blanks, and takes off the backslashes
// that keep a blank, a colon or a "#" in a name. Blanks within a reference do
// not split it, so that "$(addprefix a,b c)" stays one word with a "$".
func makeWords(s string) []string {
	var words []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
		}
		word.Reset()
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '$':
			end := skipReference(s, i)
			word.WriteString(s[i : end+1])
			i = end
		case c == ' ' || c == '\t':
			flush()
		case c == '\\' && i+1 < len(s) && strings.IndexByte(" \t:#", s[i+1]) >= 0:
			i++
			word.WriteByte(s[i])
		default:
			word.WriteByte(c)
		}
	}
	flush()
	return words
}

// assignOperators are make's, a longer one before those that it ends with. All
// that matters here is that they are none of a rule's colons.
var assignOperators = []string{":::=", "::=", ":=", "+=", "?=", "!=", "="}

// cutAssignment cuts "NAME op VALUE". A name has no blank outside of a
// reference; the operator may follow it directly, as in "A=b". That is how
// "test: A=b" is known to be no assignment (its colon comes first) and neither
// is "test check: A=b" (a second word does).
func cutAssignment(s string) (name, value string, ok bool) {
	blank := false
	for i := 0; i < len(s); i++ {
		for _, op := range assignOperators {
			if rest, found := strings.CutPrefix(s[i:], op); found {
				return strings.TrimSpace(s[:i]), strings.TrimSpace(rest), true
			}
		}
		switch c := s[i]; {
		case c == ' ' || c == '\t':
			blank = true
		case blank || c == ':':
			return "", "", false // a second word, or a rule
		case c == '$':
			i = skipReference(s, i)
		}
	}
	return "", "", false
}
