package wire

import (
	"strings"
	"testing"
)

// TestPlain: wherever a byte stands in a text, and whatever is around it, it is
// found, and only if it must be.
func TestPlain(t *testing.T) {
	for c := range 256 {
		mustEscape := c < ' ' || c == '"' || c == '\\'
		for at := range 20 {
			for _, around := range []string{"a", "\x7f", "!", "#", "[", "]", " "} {
				s := strings.Repeat(around, at) + string([]byte{byte(c)}) + strings.Repeat(around, 9)
				want := len(s)
				if mustEscape {
					want = at
				}
				if got := nextEscaped(s, 0); got != want {
					t.Fatalf("nextEscaped(%q) = %d, want %d", s, got, want)
				}
				if c >= 0x80 {
					want = at
				}
				if got := PlainLen([]byte(s)); got != want {
					t.Fatalf("PlainLen(%q) = %d, want %d", s, got, want)
				}
			}
		}
	}
}

// FuzzPlain: the words say what the bytes one by one do.
func FuzzPlain(f *testing.F) {
	f.Add("0123456\"89 \\ \x00\xff é😀 01234567\n", uint8(0))
	f.Add(strings.Repeat("\x80", 9)+"\x1f", uint8(3))
	f.Fuzz(func(t *testing.T, s string, skip uint8) {
		from := min(int(skip), len(s))
		n := from
		for n < len(s) && (plain[s[n]] || s[n] >= 0x80) {
			n++
		}
		if got := nextEscaped(s, from); got != n {
			t.Errorf("nextEscaped(%q, %d) = %d, want %d", s, from, got, n)
		}
		for n = 0; n < len(s) && plain[s[n]]; n++ {
		}
		if got := PlainLen(s); got != n {
			t.Errorf("PlainLen(%q) = %d, want %d", s, got, n)
		}
	})
}
