package logs

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/control"
)

func TestAppendText(t *testing.T) {
	for _, tt := range []struct{ name, raw, plain, sgr string }{
		{"plain", "hello\n", "hello", ""},
		{"CRLF", "hello\r\n", "hello", ""},
		{"no newline", "hello", "hello", ""},
		{"NUL and tab stay", "a\x00\tb\n", "a\x00\tb", ""},
		{"invalid UTF-8", "a\xff\xfeb\n", "a\ufffd\ufffdb", ""},
		{"colour", "\x1b[31mred\x1b[0m end\n", "red end", "\x1b[31mred\x1b[0m end"},
		{"progress keeps the last state", "10%\r50%\r100%\n", "100%", ""},
		{"progress wiped with blanks", "100%\r     \r\n", "100%", ""},
		{"erase line", "old\x1b[2K\x1b[1Gnew\n", "new", ""},
		{"blanks alone", "   \x1b[0m\n", "   ", "   \x1b[0m"},
		{"hyperlink, BEL", "\x1b]8;;http://x\x07link\x1b]8;;\x07\n", "link", ""},
		{"hyperlink, ST", "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\n", "link", ""},
		{"a title without an end swallows nothing", "\x1b]0;title\n", "0;title", ""},
		{"charset", "\x1b(Bok\n", "ok", ""},
		{"cursor", "\x1b[?25lok\x1b[3A\n", "ok", ""},
		{"cut off", "ok\x1b[3", "ok", ""},
		{"broken CSI", "\x1b[3\x01x\n", "\x01x", ""},
		{"lone ESC", "a\x1b", "a", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(AppendText([]byte("> "), []byte(tt.raw), false)); got != "> "+tt.plain {
				t.Errorf("plain %q, want %q", got[2:], tt.plain)
			}
			want := tt.sgr
			if want == "" {
				want = tt.plain
			}
			if got := string(AppendText(nil, []byte(tt.raw), true)); got != want {
				t.Errorf("with SGR %q, want %q", got, want)
			}
		})
	}
}

// FuzzText: the text is always valid, never contains an escape sequence that
// AppendText knows, and plain text comes through unchanged.
func FuzzText(f *testing.F) {
	f.Add([]byte("\x1b[1;31merror\x1b[0m: x\r\n"))
	f.Add([]byte("a\rb\x1b[2K\x1b]8;;u\x07c\x1b]8;;\x1b\\"))
	f.Add([]byte("\xff\x1b\xff\x1b["))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, sgr := range []bool{false, true} {
			text := AppendText(nil, raw, sgr)
			if !utf8.Valid(text) {
				t.Fatalf("%q is not valid UTF-8", text)
			}
			if sgr {
				checkColour(t, raw, text)
			} else if bytes.ContainsRune(text, control.ESC) {
				t.Fatalf("%q has an ESC", text)
			}
		}
		if utf8.Valid(raw) && !bytes.ContainsAny(raw, "\x1b\r\n") {
			if got := AppendText(nil, raw, false); !bytes.Equal(got, raw) {
				t.Fatalf("%q became %q", raw, got)
			}
		}
	})
}

// checkColour: a range of the plain text, moved to the coloured one, is the same
// but for colours, and neither begins nor ends with one.
func checkColour(t *testing.T, raw, coloured []byte) {
	t.Helper()
	plain := AppendText(nil, raw, false)
	step := 1 + len(plain)/4
	for from := 0; from < len(plain); from++ {
		var ranges, want [][2]int
		for at := from; at+step <= len(plain); at += step {
			ranges = append(ranges, [2]int{at, at + step/2})
		}
		want = append(want, ranges...)
		Colour(coloured, ranges)
		for i, r := range ranges {
			part := coloured[r[0]:r[1]]
			// The x keeps a newline at the end from being taken for the line's.
			got := bytes.TrimSuffix(AppendText(nil, append(bytes.Clone(part), 'x'), false), []byte("x"))
			if !bytes.Equal(got, plain[want[i][0]:want[i][1]]) && utf8.Valid(part) {
				t.Fatalf("%v of %q moved to %v of %q is %q", want[i], plain, r, coloured, got)
			}
			if len(part) > 0 && part[0] == control.ESC {
				t.Fatalf("%q begins with a colour", part)
			}
		}
	}
}

func TestColour(t *testing.T) {
	for _, tt := range []struct{ coloured, word, want string }{
		{"an \x1b[31merror\x1b[0m here", "error", "error"},
		{"an er\x1b[31mror\x1b[0m here", "error", "er\x1b[31mror"},
		{"\x1b[1m\x1b[31merror", "error", "error"},
		{"error\x1b[0m", "error", "error"},
		{"no colour, error", "error", "error"},
		{"ü\x1b[1mü\x1b[0m", "üü", "ü\x1b[1mü"},
	} {
		plain := AppendText(nil, []byte(tt.coloured), false)
		at := bytes.Index(plain, []byte(tt.word))
		r := [][2]int{{at, at + len(tt.word)}}
		Colour([]byte(tt.coloured), r)
		if got := tt.coloured[r[0][0]:r[0][1]]; got != tt.want {
			t.Errorf("%q: %q, want %q", tt.coloured, got, tt.want)
		}
	}
}

// TestShows: white space of any script is nothing that shows; all else is.
func TestShows(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, " ": false, " \t\v\f": false, "\u00a0\u2003 ": false, "\u0085": false,
		"x": true, "  x": true, "\tx": true, "\u2003é": true, "\x00": true, "\x1f": true, "\xff": true, " \x7f": true,
	} {
		if got := shows([]byte(text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
