package project

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// shellSafe are the characters besides letters and digits that no POSIX shell
// reads as anything but themselves, wherever they stand in a word. "~" is not
// among them (it means a home at a word's beginning), and neither is "=".
const shellSafe = "_@%+:,./-"

// quote makes one shell word of s. Within single quotes a POSIX shell reads all
// but a single quote as itself; that one is put between two quoted parts. A word
// that is safe stays bare, because people read and copy these commands.
func quote(s string) string {
	if s != "" && !strings.ContainsFunc(s, needsQuote) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// needsQuote goes by what is known to be safe and not by what is known to be
// special: shells differ in the latter.
func needsQuote(r rune) bool {
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	return !letter && !strings.ContainsRune(shellSafe, r)
}

// quoteForMessage shows a string from a file in a message, shortened to 60
// characters: a name in a broken file may be a megabyte long.
func quoteForMessage(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return strconv.Quote(s)
}

// position turns offsets into lines and columns. It goes on from the offset
// before, so that a file with a finding on each line is still read only once.
type position struct {
	data []byte

	offset, line, column int
}

func newPosition(data []byte) *position { return &position{data: data, line: 1, column: 1} }

// of gives the 1-based line, and the column in characters, of the byte at
// offset, which may be the end of data but not before the last offset asked for.
func (p *position) of(offset int) (line, column int) {
	passed := p.data[p.offset:min(offset, len(p.data))]
	if i := bytes.LastIndexByte(passed, '\n'); i >= 0 {
		p.line += bytes.Count(passed, []byte("\n"))
		p.column = 1 + utf8.RuneCount(passed[i+1:])
	} else {
		p.column += utf8.RuneCount(passed)
	}
	p.offset += len(passed)
	return p.line, p.column
}

// cutWord cuts off the first word; what follows it begins with the next. It
// copies nothing, unlike strings.Fields, so that it may be called in a loop.
func cutWord(s string) (word, rest string) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimLeft(s[i:], " \t")
}

// lines splits a text file; a carriage return before the newline is dropped.
// Every parser of lines uses it, so that line numbers agree with an editor's.
func lines(data []byte) []string {
	all := strings.Split(string(data), "\n")
	for i, line := range all {
		all[i] = strings.TrimSuffix(line, "\r")
	}
	return all
}
