package detect

import (
	"bytes"
	"unicode/utf8"
)

var (
	dockerBegin  = []byte(`{"log":"`)
	dockerStream = []byte(`","stream":"std`)
)

// unwrap returns the line within a line of Docker's json-file driver, and raw itself
// of any other:
//
//	{"log":"it is up\n","stream":"stdout","time":"2026-11-27T10:00:00.123456789Z"}
//
// Of a line that was cut off, since it is longer than is looked at, it is what is there.
func (s *Scanner) unwrap(raw []byte) []byte {
	if len(raw) < len(dockerBegin) || raw[2] != 'l' || !bytes.HasPrefix(raw, dockerBegin) {
		return raw
	}
	text := raw[len(dockerBegin):]
	end := bytes.LastIndex(text, dockerStream)
	if end < 0 && len(raw) < maxParts {
		return raw
	}
	if end >= 0 {
		text = text[:end]
	}
	s.inner = appendUnquoted(s.inner[:0], text)
	return s.inner
}

// appendUnquoted appends what stands between the quotes of a JSON string. What is no
// escape stays as it is.
func appendUnquoted(out, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 || i+1 == len(text) {
			return append(out, text...)
		}
		out = append(out, text[:i]...)
		c := text[i+1]
		text = text[i+2:]
		switch at := bytes.IndexByte([]byte("nrtbf"), c); {
		case at >= 0:
			out = append(out, "\n\r\t\b\f"[at])
		case c == 'u' && hex4(text) >= 0:
			out = utf8.AppendRune(out, rune(hex4(text)))
			text = text[4:]
		default:
			out = append(out, c)
		}
	}
}

// hex4 is the value of the four hexadecimal digits that b begins with, -1 without.
// Halves of pairs come out as U+FFFD: Docker writes such characters as they are.
func hex4(b []byte) (value int) {
	if len(b) < 4 {
		return -1
	}
	for _, c := range b[:4] {
		at := bytes.IndexByte([]byte("0123456789abcdef"), c|0x20)
		if at < 0 {
			return -1
		}
		value = value<<4 | at
	}
	return value
}
