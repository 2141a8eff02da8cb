package control

import (
	"strings"
	"testing"
)

func TestLen(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want string // the sequence
	}{
		{"\rabc", "\r"},
		{"\x1b", "\x1b"},
		{"\x1b[31mred", "\x1b[31m"},
		{"\x1b[0", "\x1b[0"},
		{"\x1b[0\nred", "\x1b[0"},
		{"\x1b[1\x1b[0m", "\x1b[1"},
		{"\x1b(Btext", "\x1b(B"},
		{"\x1b(", "\x1b("},
		{"\x1bcnew", "\x1bc"},
		{"\x1b\x01text", "\x1b"},
		{"\x1b]0;title\x07text", "\x1b]0;title\x07"},
		{"\x1b]8;;http://a\x1b\\text", "\x1b]8;;http://a\x1b\\"},
		{"\x1b]0;no end", "\x1b]"},
		{"\x1b]0;broken \x1b[0moff\x07", "\x1b]"},
		{"\x1b]0;broken \x1b", "\x1b]"},
		{"\x1b]1337;File=:" + strings.Repeat("A", 20_000) + "\x07text", "\x1b]1337;File=:" + strings.Repeat("A", 20_000) + "\x07"},
		{"\x1bPq\x1b\\x", "\x1bPq\x1b\\"},
	} {
		if n := Len([]byte(tt.in)); n < 1 || n > len(tt.in) || tt.in[:n] != tt.want {
			t.Errorf("Len(%.40q) = %d, want %d", tt.in, n, len(tt.want))
		}
	}
}

// FuzzLen: any sequence ends within the bytes and takes some, and what it does not
// take of a string without an end has none.
func FuzzLen(f *testing.F) {
	f.Add([]byte("[31;1mred"))
	f.Add([]byte("]8;;http://example.com\x1b\\link"))
	f.Add([]byte("]]]]\x1b]\x1b]\x07"))
	f.Fuzz(func(t *testing.T, rest []byte) {
		b := append([]byte{ESC}, rest...)
		n := Len(b)
		if n < 1 || n > len(b) {
			t.Fatalf("Len(%q) = %d", b, n)
		}
		for i, c := range b[1:n] {
			ended := i == n-2 || b[1] != '[' && c == ESC && b[i+2] == '\\'
			if c == ESC && !ended {
				t.Errorf("Len(%q) = %d takes the beginning of another one", b, n)
			}
		}
	})
}
