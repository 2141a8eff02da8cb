package diagnose

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// PatternError says what of a pattern can't be used, and where.
type PatternError struct {
	Pattern string
	At      int // byte offset in Pattern; -1 if unknown
	Problem string
}

func (e *PatternError) Error() string {
	if e.At < 0 {
		return fmt.Sprintf("pattern %q: %s", e.Pattern, e.Problem)
	}
	return fmt.Sprintf("pattern %q, character %d: %s", e.Pattern, e.At+1, e.Problem)
}

// compileJS compiles a regular expression of JavaScript, as VS Code's matchers
// have them. Go's engine is linear in the length of a line, which matters in
// output that nobody has chosen; so what can't be had there, looking around and
// back references, is refused with its place instead of being emulated.
func compileJS(pattern string) (*regexp.Regexp, error) {
	translated, err := translateJS(pattern)
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile(translated)
	var se *syntax.Error
	if errors.As(err, &se) {
		return nil, &PatternError{pattern, strings.Index(pattern, se.Expr), se.Code.String() + ": " + se.Expr}
	}
	return re, err
}

// jsSpace is what \s matches in JavaScript beyond ASCII.
const jsSpace = `\s\x{00a0}\x{feff}\x{2028}\x{2029}\p{Zs}`

// translateJS writes a JavaScript pattern in RE2's syntax.
func translateJS(p string) (string, error) {
	var b strings.Builder
	class := false
	for i := 0; i < len(p); {
		switch c := p[i]; {
		case c == '\\':
			n, err := translateEscape(&b, p, i, class)
			if err != nil {
				return "", err
			}
			i += n
			continue
		case class:
			if c == ']' {
				class = false
			}
			if c == '[' {
				b.WriteByte('\\') // in JavaScript it is itself there
			}
		case c == '[':
			switch {
			case strings.HasPrefix(p[i:], "[^]"):
				b.WriteString(`(?s:.)`)
				i += 3
				continue
			case strings.HasPrefix(p[i:], "[]"):
				b.WriteString(`[^\x00-\x{10FFFF}]`)
				i += 2
				continue
			}
			class = true
			if strings.HasPrefix(p[i:], "[^") {
				b.WriteString("[^")
				i += 2
				continue
			}
		case c == '(' && strings.HasPrefix(p[i:], "(?"):
			n, err := translateGroup(&b, p, i)
			if err != nil {
				return "", err
			}
			i += n
			continue
		case c == '.':
			b.WriteString(`[^\n\r\x{2028}\x{2029}]`)
			i++
			continue
		}
		b.WriteByte(p[i])
		i++
	}
	return b.String(), nil
}

// translateGroup writes what a group begins with, and says how long that is.
func translateGroup(b *strings.Builder, p string, i int) (int, error) {
	for _, look := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		if strings.HasPrefix(p[i:], look) {
			return 0, &PatternError{p, i, "looking ahead or behind, " + look + "...), is not supported: match what is there, and take the part you want as a group"}
		}
	}
	if strings.HasPrefix(p[i:], "(?<") {
		b.WriteString("(?P<")
		return 3, nil
	}
	b.WriteString("(?")
	return 2, nil
}

// translateEscape writes the escape at i, and says how long it is.
func translateEscape(b *strings.Builder, p string, i int, class bool) (int, error) {
	if i+1 == len(p) {
		return 0, &PatternError{p, i, "a backslash at the end"}
	}
	switch c := p[i+1]; {
	case c == 'u':
		return translateUnicode(b, p, i)
	case c == 'c' && i+2 < len(p) && isLetter(p[i+2]):
		fmt.Fprintf(b, `\x%02x`, p[i+2]&0x1f)
		return 3, nil
	case c == 's' && class:
		b.WriteString(jsSpace)
	case c == 's':
		b.WriteString("[" + jsSpace + "]")
	case c == 'S' && !class:
		b.WriteString("[^" + jsSpace + "]")
	case c >= '1' && c <= '9', c == 'k' && strings.HasPrefix(p[i:], `\k<`):
		return 0, &PatternError{p, i, "a reference to a group, \\" + string(c) + ", is not supported"}
	case c == '0' && !(i+2 < len(p) && isDigit(p[i+2])):
		b.WriteString(`\x00`)
	case c == '/' || c == '-' && !class || c == '"' || c == '\'' || c == '`' || c == ' ' || c == '#' || c == '&' || c == '~' || c == '@' || c == '%' || c == '!' || c == '<' || c == '>' || c == '=' || c == ':' || c == ',' || c == ';' || c == '_':
		if c == '-' {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	case c == 'b' && class:
		b.WriteString(`\x08`)
	case isLetter(c) && !strings.ContainsRune("bBdDsSwWfnrtvxpP", rune(c)): // itself; \A, \z and \Q are Go's
		b.WriteByte(c)
	default:
		b.WriteString(p[i : i+2])
	}
	return 2, nil
}

// translateUnicode: \u0041 and, with JavaScript's flag u, \u{1F600}.
func translateUnicode(b *strings.Builder, p string, i int) (int, error) {
	if strings.HasPrefix(p[i+2:], "{") {
		if end := strings.IndexByte(p[i:], '}'); end > 0 {
			b.WriteString(`\x{` + p[i+3:i+end] + "}")
			return end + 1, nil
		}
	} else if i+6 <= len(p) {
		if _, err := strconv.ParseUint(p[i+2:i+6], 16, 16); err == nil {
			b.WriteString(`\x{` + p[i+2:i+6] + "}")
			return 6, nil
		}
	}
	return 0, &PatternError{p, i, `\u wants four hexadecimal digits`}
}

// required returns a text that every match of re holds, the longest that can be
// seen easily; "" if there is none of two bytes or more.
func required(re *regexp.Regexp) string {
	parsed, err := syntax.Parse(re.String(), syntax.Perl)
	if err != nil {
		return ""
	}
	best := longestLiteral(parsed.Simplify())
	if len(best) < 2 {
		return ""
	}
	return best
}

func longestLiteral(re *syntax.Regexp) (best string) {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return string(re.Rune)
		}
	case syntax.OpCapture, syntax.OpPlus:
		return longestLiteral(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return longestLiteral(re.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if s := longestLiteral(sub); len(s) > len(best) {
				best = s
			}
		}
	}
	return best
}
