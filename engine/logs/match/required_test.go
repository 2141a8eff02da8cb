package match

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

// TestRequired: the texts that are taken from expressions. An i before a text
// says that case does not count, an = that to have one is to match.
func TestRequired(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{`timeout after \d+ms`, `timeout after `},
		{`\d+ms$`, `ms`},
		{`error`, `= error`},
		{`(?i)error`, `= i:error`},
		{`(?i:Conn)ection`, `i:connection`},
		{`Conn(?i:ection)`, `i:connection`},
		{`error|warn|fatal`, `= warn error fatal`},
		{`error|errors`, `= error`},
		{`https?://`, `= http:// https://`},
		{`\berror\b`, `error`},
		{`gr[ae]y`, `= gray grey`},
		{`[Ee]rror`, `i:error`},
		{`(?i)[k]m`, `= i:km`},
		{`(foo|bar)+\d`, `foo bar`},
		{`x{2,}ECONN`, `ECONN`},
		{`a.*ECONNREFUSED`, `ECONNREFUSED`},
		{`(ab|c).*(?:xyz|q)`, `q xyz`},
		{`foo|.*`, ``},
		{`foo|\d+`, ``},
		{`[a-z]+`, ``},
		{`(foo)?`, ``},
		{`e`, `= e`},
		{`e\d`, `= e0 e1 e2 e3 e4 e5 e6 e7 e8 e9`},
		{`e.t`, ``}, // too common to help
		{`a\nb`, ``},
		{`\x{FFFD}x`, ``},
	} {
		re, err := syntax.Parse(test.expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := describe(requiredTexts(re)); got != test.want {
			t.Errorf("%s: %q, want %q", test.expr, got, test.want)
		}
	}
}

func describe(finder textFinder, decisive bool) string {
	var needles []*needle
	switch f := finder.(type) {
	case *pairFinder:
		needles = append(needles, f.needle)
	case *teddy:
		for _, f := range f.all {
			needles = append(needles, f.needle)
		}
	}
	var words []string
	for _, n := range needles {
		word := string(n.text)
		if n.fold {
			word = "i:" + word
		}
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	out := strings.Join(words, " ")
	if decisive {
		out = fmt.Sprintf("= %s", out)
	}
	return out
}
