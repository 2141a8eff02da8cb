package lines

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// records feeds chunks through a Cutter as a reader does and returns what the
// records hold, a part marked by a trailing "+".
func records(max int, chunks ...[]byte) []string {
	c := Cutter{Max: max}
	var out []string
	var tail []byte
	emit := func(b []byte, cuts []Cut) {
		start := uint32(0)
		for _, cut := range cuts {
			s := string(b[start:cut.End])
			if cut.Partial {
				s += "+"
			}
			out = append(out, s)
			start = cut.End
		}
	}
	for _, chunk := range chunks {
		b := append(tail, chunk...)
		cuts, used := c.Cut(b, nil)
		emit(b, cuts)
		tail = bytes.Clone(b[used:])
	}
	emit(tail, c.End(tail, nil))
	return out
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		name string
		max  int
		in   []string
		want []string
	}{
		{"nothing", 8, nil, nil},
		{"lines", 8, []string{"a\nbc\n"}, []string{"a\n", "bc\n"}},
		{"empty lines count", 8, []string{"\n\n"}, []string{"\n", "\n"}},
		{"the last line needs no newline", 8, []string{"a\nbc"}, []string{"a\n", "bc"}},
		{"a line over several reads", 8, []string{"a", "b", "\nc", "\n"}, []string{"ab\n", "c\n"}},
		{"a line of exactly the cap is whole", 4, []string{"abcd\n"}, []string{"abcd\n"}},
		{"over the cap: parts", 4, []string{"abcdefghij\nk\n"}, []string{"abcd+", "efgh+", "ij\n", "k\n"}},
		{"over the cap without an end", 4, []string{"abcdefgh"}, []string{"abcd+", "efgh"}},
		{"parts never tear a character", 4, []string{"abcé\n"}, []string{"abc+", "é\n"}},
		{"what is no UTF-8 is cut at the cap", 4, []string{"\xa9\xa9\xa9\xa9\xa9\xa9\n"}, []string{"\xa9\xa9\xa9\xa9+", "\xa9\xa9\n"}},
		{"CR and NUL are bytes like any other", 8, []string{"a\r\x00\r\nb"}, []string{"a\r\x00\r\n", "b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var chunks [][]byte
			for _, s := range tt.in {
				chunks = append(chunks, []byte(s))
			}
			if diff := cmp.Diff(tt.want, records(tt.max, chunks...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestCutBlocks: of text that is long enough to be looked through block by block, with
// long lines and with none, the records are those that are found line by line.
func TestCutBlocks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		var text []byte
		usual := 1 + rng.IntN(200)
		for len(text) < rng.IntN(8*block) {
			text = append(text, bytes.Repeat([]byte("x"), rng.IntN(usual))...)
			text = append(text, '\n')
		}
		for _, max := range []int{usual, 1 + usual/2} {
			var one [][]byte // what Cut sees of this is too short for a block
			for rest := text; len(rest) > 0; {
				n := min(1+rng.IntN(block/4), len(rest))
				one, rest = append(one, rest[:n]), rest[n:]
			}
			if diff := cmp.Diff(records(max, one...), records(max, text)); diff != "" {
				t.Fatalf("lines of up to %d bytes, cap %d: %s", usual, max, diff)
			}
		}
	}
}

func TestQuiet(t *testing.T) {
	c := Cutter{Max: 64}
	cuts, used := c.Quiet([]byte("name? \xe2\x82"), nil)
	if want := []Cut{{End: 6, Partial: true}}; used != 6 || !cmp.Equal(cuts, want) {
		t.Errorf("Quiet = %v, %d; want %v, 6: an incomplete character stays", cuts, used, want)
	}
	if cuts, used = c.Quiet([]byte("\xe2"), nil); used != 0 || cuts != nil {
		t.Errorf("Quiet of half a character = %v, %d; want nothing", cuts, used)
	}
	if cuts := c.End(nil, nil); !cmp.Equal(cuts, []Cut{{End: 0}}) {
		t.Errorf("End after a part = %v; want one empty record that closes the line", cuts)
	}
	if cuts := c.End(nil, nil); cuts != nil {
		t.Errorf("End twice = %v; want nothing more", cuts)
	}
}

// FuzzCut: whatever the bytes and wherever they are split, the records are the
// same, hold every byte in order, respect the cap and end with whole lines.
func FuzzCut(f *testing.F) {
	f.Add([]byte("a\nbc\r\n\nlonger than the cap\nend"), uint8(4), uint8(3))
	f.Add([]byte(strings.Repeat("é", 40)), uint8(7), uint8(1))
	f.Add([]byte("\x00\xff\xfe\n\x80"), uint8(1), uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, max, step uint8) {
		limit, size := int(max)+1, int(step)+1
		var chunks [][]byte
		for rest := data; len(rest) > 0; {
			n := min(size, len(rest))
			chunks = append(chunks, rest[:n])
			rest = rest[n:]
		}
		whole, split := records(limit, data), records(limit, chunks...)
		if diff := cmp.Diff(whole, split); diff != "" {
			t.Fatalf("depends on the chunks: %s", diff)
		}
		var joined strings.Builder
		for i, r := range whole {
			// Only a part lacks a newline before the end; its mark is the "+"
			// that records put there.
			if i < len(whole)-1 && !strings.HasSuffix(r, "\n") {
				r = r[:len(r)-1]
			}
			if n := len(strings.TrimSuffix(r, "\n")); n > limit {
				t.Fatalf("record of %d bytes over the cap %d", n, limit)
			}
			joined.WriteString(r)
		}
		if joined.String() != string(data) {
			t.Fatalf("bytes changed: %q became %q", data, joined.String())
		}
	})
}

func TestRuneCutKeepsValidText(t *testing.T) {
	text := []byte(strings.Repeat("aé€😀", 8))
	for at := 1; at < len(text); at++ {
		if n := runeCut(text, at); !utf8.Valid(text[:n]) || !utf8.Valid(text[n:]) || n <= at-utf8.UTFMax {
			t.Errorf("runeCut(%d) = %d tears a character", at, n)
		}
	}
}
