package logs

import (
	"strings"
	"testing"
)

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
		for _, r := range m.Ranges(nil, []byte(tt.text), -1) {
			got = append(got, tt.text[r[0]:r[1]])
		}
		if strings.Join(got, "|") != tt.want {
			t.Errorf("%+v in %q found %q, want %q", tt.p, tt.text, got, tt.want)
		}
		if m.Match([]byte(tt.text)) != (tt.want != "") {
			t.Errorf("%+v: Match and Ranges disagree on %q", tt.p, tt.text)
		}
	}
}

func TestBadPatterns(t *testing.T) {
	for _, p := range []Pattern{
		{Text: ""},
		{Text: "(", Regexp: true},
		{Text: "a)|(b", Regexp: true},
		{Text: "a{1000}{1000}", Regexp: true},
		{Text: strings.Repeat("x", 5000)},
		{Text: "\xff"},
	} {
		_, err := Compile(p)
		if _, ok := err.(*PatternError); !ok {
			t.Errorf("Compile(%.20q) = %v, want a *PatternError", p.Text, err)
		}
	}
}
