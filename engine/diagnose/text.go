package diagnose

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// maxMessage bounds a message: the first screen of it is read.
const maxMessage = 4 << 10

// clean makes valid text of what a program wrote.
func clean(s string) string {
	if end := maxMessage; len(s) > end {
		for end > maxMessage-utf8.UTFMax && !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end]
	}
	return strings.ToValidUTF8(strings.TrimSpace(s), "\uFFFD")
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isUpper(c byte) bool  { return c >= 'A' && c <= 'Z' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '_' }

// number reads the digits that s begins with and says how many there are, at
// most 9.
func number(s string) (n, digits int) {
	for digits < len(s) && digits < 9 && isDigit(s[digits]) {
		n = 10*n + int(s[digits]-'0')
		digits++
	}
	return n, digits
}

// indent is the width of the blanks that s begins with, and the rest.
func indent(s string) (width int, rest string) {
	for i := range len(s) {
		switch s[i] {
		case ' ':
			width++
		case '\t':
			width += 8 - width%8
		default:
			return width, s[i:]
		}
	}
	return width, ""
}

// trim cuts blanks and tabs off both ends. It is asked by nearly each matcher, and
// strings.Trim builds a set of its characters first.
func trim(s string) string {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for n := len(s); n > 0 && (s[n-1] == ' ' || s[n-1] == '\t'); n-- {
		s = s[:n-1]
	}
	return s
}

func isBlank(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }

// between returns what stands in s after the first open and before the next end.
func between(s, open, end string) (string, bool) {
	_, s, ok := strings.Cut(s, open)
	if !ok {
		return "", false
	}
	s, _, ok = strings.Cut(s, end)
	return s, ok
}

// countBefore returns the number that stands before word in s: "3 errors".
func countBefore(s, word string) (int, bool) {
	at := strings.Index(s, word)
	for at > 0 {
		end := at
		for end > 0 && s[end-1] == ' ' {
			end--
		}
		start := end
		for start > 0 && isDigit(s[start-1]) {
			start--
		}
		if start < end && end-start < 9 && (start == 0 || !isWord(s[start-1]) && s[start-1] != '.') {
			n, _ := number(s[start:end])
			return n, true
		}
		next := strings.Index(s[at+1:], word)
		if next < 0 {
			return 0, false
		}
		at += 1 + next
	}
	return 0, false
}

// countAfter returns the number that stands behind key in s: "Failures: 2".
func countAfter(s, key string) (int, bool) {
	_, rest, ok := strings.Cut(s, key)
	if !ok {
		return 0, false
	}
	n, d := number(strings.TrimLeft(rest, " :="))
	return n, d > 0
}

// caretColumn returns the column of the first ^ of a line that holds nothing
// else but blanks, ~ and ^: from 1, 0 if it is no such line.
func caretColumn(s string) int {
	at := strings.IndexByte(s, '^')
	if at < 0 || strings.Trim(s, " \t^~-") != "" || strings.Trim(s[:at], " \t~") != "" {
		return 0
	}
	return utf8.RuneCountInString(s[:at]) + 1
}
