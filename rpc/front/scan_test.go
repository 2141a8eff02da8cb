package front

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// scanned reports whether the whole is one JSON value, to the scanner.
func scanned(b []byte) bool {
	s := scanner{b: b}
	return s.value(0) != nil && s.end()
}

func TestScan(t *testing.T) {
	for in, want := range map[string]bool{
		`null`: true, ` true `: true, `false`: true, `0`: true, `-0`: true, `-1.50e+03`: true, `1E5`: true, `""`: true,
		`"\"\\\/\b\f\n\r\t\u00e9\uD83D"`: true, "\"\x7f\u2028\"": true,
		`[]`: true, `{}`: true, ` [ 1 , [ ] , { "a" : { } , "a" : null } ] `: true,

		``: false, ` `: false, `nul`: false, `nulll`: false, `True`: false, `01`: false, `-`: false, `+1`: false, `.5`: false, `1.`: false, `1e`: false,
		`1e+`: false, `0x1`: false, `NaN`: false, `"`: false, `"\`: false, `"\x"`: false, `"\u12"`: false, `"\u12g4"`: false, "\"\n\"": false, `'a'`: false,
		`[`: false, `[1`: false, `[1,`: false, `[1,]`: false, `[,1]`: false, `[1 2]`: false, `[}`: false, `{`: false, `{"a"`: false, `{"a":`: false,
		`{"a":1,}`: false, `{"a" 1}`: false, `{a:1}`: false, `{1:1}`: false, `{"a":1]`: false, `{} {}`: false, "\u00a0{}": false, "{}\x00": false,
		strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth):     true,
		strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1): false,
	} {
		if got := scanned([]byte(in)); got != want {
			t.Errorf("%.60q is JSON: %v, want %v", in, got, want)
		}
	}
}

// FuzzScan: the scanner takes what a JSON library takes, and nothing else.
func FuzzScan(f *testing.F) {
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[1,"}"]}}`))
	f.Add([]byte(`[{"i\u0064":"\ud83d"}, [],{"":-1.5e+9},true,null]`))
	lenient := json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	f.Fuzz(func(t *testing.T, b []byte) {
		if !utf8.Valid(b) {
			t.Skip("the gate refuses it before")
		}
		if got, want := scanned(b), jsontext.Value(b).IsValid(lenient); got != want {
			t.Errorf("%q is JSON: %v, the library says %v", b, got, want)
		}
	})
}
