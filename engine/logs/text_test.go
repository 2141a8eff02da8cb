package logs

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
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
			if !sgr && bytes.ContainsRune(text, esc) {
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

func TestFind(t *testing.T) {
	yes, no := true, false
	for _, tt := range []struct {
		p    Pattern
		text string
		want string // matches, joined
	}{
		{Pattern{Text: "err"}, "Error err ERR", "Err|err|ERR"},
		{Pattern{Text: "Err"}, "Error err ERR", "Err"},
		{Pattern{Text: "Err", Case: &no}, "Error err ERR", "Err|err|ERR"},
		{Pattern{Text: "err", Case: &yes}, "Error err ERR", "err"},
		{Pattern{Text: "err", WholeWord: true}, "Error err ERR", "err|ERR"},
		{Pattern{Text: "straße"}, "STRASSE Straße STRAßE", "Straße|STRAßE"},
		{Pattern{Text: "k"}, "K \u212a", "K|\u212a"},
		{Pattern{Text: `\bE\d+`, Regexp: true}, "E12 e13 xE14", "E12"},
		{Pattern{Text: `\Serr`, Regexp: true}, "xERR", "xERR"},
		{Pattern{Text: "a.c"}, "abc a.c", "a.c"},
		{Pattern{Text: "aa"}, "aaaaa", "aa|aa"},
		{Pattern{Text: "x"}, "nothing", ""},
	} {
		m, err := Compile(tt.p)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range m.Find([]byte(tt.text), nil) {
			got = append(got, tt.text[r[0]:r[1]])
		}
		if strings.Join(got, "|") != tt.want {
			t.Errorf("%+v in %q found %q, want %q", tt.p, tt.text, got, tt.want)
		}
		if m.Match([]byte(tt.text)) != (tt.want != "") {
			t.Errorf("%+v: Match and Find disagree on %q", tt.p, tt.text)
		}
	}
}

func TestBadPatterns(t *testing.T) {
	for _, p := range []Pattern{
		{Text: ""},
		{Text: "(", Regexp: true},
		{Text: "a)|(b", Regexp: true},
		{Text: "a{1000}{1000}", Regexp: true},
		{Text: strings.Repeat("x", MaxPattern+1)},
		{Text: "\xff"},
	} {
		_, err := Compile(p)
		if _, ok := err.(*PatternError); !ok {
			t.Errorf("Compile(%.20q) = %v, want a *PatternError", p.Text, err)
		}
	}
}
