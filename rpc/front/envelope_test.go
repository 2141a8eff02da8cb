package front

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// members is an envelope in a form that can be compared and printed.
type members struct {
	Version, ID, Method, Params string
	Response                    bool
}

// parsed are the members of an object.
func parsed(object []byte) members {
	e, ok := parseEnvelope(object)
	if !ok || !e.object {
		return members{Version: "no object"}
	}
	return members{string(e.version), string(e.id), string(e.method), string(e.params), e.response}
}

func TestParseEnvelope(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     members
	}{
		{"empty", `{}`, members{}},
		{
			"a call", `{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[1,{"id":2}]}}`,
			members{`"2.0"`, `1`, `"m"`, `{"a":[1,{"id":2}]}`, false},
		},
		{
			"blanks everywhere", " {\t\"jsonrpc\" :\n\"2.0\"\r, \"id\" : -1 ,\"method\":\"m\" } ",
			members{`"2.0"`, `-1`, `"m"`, "", false},
		},
		{"nulls are tokens", `{"id":null,"params":null}`, members{"", "null", "", "null", false}},
		{
			"other members are skipped", `{"x":"}","y":[{"id":1},"]"],"z":{"method":"a"},"method":"m"}`,
			members{"", "", `"m"`, "", false},
		},
		{
			"escapes in strings", `{"x":"\"}\\","method":"a\"b\\","params":["\\\"]"]}`,
			members{"", "", `"a\"b\\"`, `["\\\"]"]`, false},
		},
		{
			"escaped names", `{"\u006aso\u006erpc":"2.0","i\u0064":1,"\u006Dethod":"m","p\u0061rams":[]}`,
			members{`"2.0"`, `1`, `"m"`, `[]`, false},
		},
		{"names that look alike", `{"Method":"m","ID":1,"method ":"m","":"m","\"id\"":1}`, members{}},
		{"of doubles the last", `{"id":1,"method":"a","id":"2","method":"b"}`, members{"", `"2"`, `"b"`, "", false}},
		{"a result", `{"id":1,"result":null}`, members{"", "1", "", "", true}},
		{"an error", `{"id":1,"error":{"code":1}}`, members{"", "1", "", "", true}},
		{"scalars", `{"params":true,"id":-1.5e+3}`, members{"", "-1.5e+3", "", "true", false}},
	} {
		if diff := cmp.Diff(tt.want, parsed(trimmed([]byte(tt.in)))); diff != "" {
			t.Errorf("%s: %s\n-want +got:\n%s", tt.name, tt.in, diff)
		}
	}
}

func TestParseBatch(t *testing.T) {
	for in, want := range map[string][]string{
		`[]`:                            nil,
		" [ \n ] ":                      nil,
		`[1]`:                           {`1`},
		`[ {"a":[1,2]} , [3,[4]],"," ]`: {`{"a":[1,2]}`, `[3,[4]]`, `","`},
		`[null,-1.5,true,"\"]"]`:        {`null`, `-1.5`, `true`, `"\"]"`},
	} {
		var got []string
		list, ok := parseBatch(trimmed([]byte(in)))
		for _, m := range list {
			got = append(got, string(m))
		}
		if !ok {
			t.Errorf("%s is no array", in)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", in, diff)
		}
	}
}

// FuzzEnvelope: on every object that encoding/json can read, parseEnvelope sees
// the members that it sees.
func FuzzEnvelope(f *testing.F) {
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[1,"}"]}}`))
	f.Add([]byte(`{"i\u0064":"\ud83d\ude00","x":[[],{}],"error":-1e9,"params":"\\"}`))
	f.Fuzz(func(t *testing.T, object []byte) {
		var m map[string]json.RawMessage
		if !utf8.Valid(object) || json.Unmarshal(object, &m) != nil || m == nil {
			t.Skip()
		}
		_, result := m["result"]
		_, failure := m["error"]
		want := members{string(m["jsonrpc"]), string(m["id"]), string(m["method"]), string(m["params"]), result || failure}
		if diff := cmp.Diff(want, parsed(trimmed(object))); diff != "" {
			t.Errorf("%s: -encoding/json +parseEnvelope:\n%s", object, diff)
		}
	})
}

// FuzzBatch: an array has the elements that encoding/json sees.
func FuzzBatch(f *testing.F) {
	f.Add([]byte(`[{"a":1}, [] ,"]",1.5,null]`))
	f.Add([]byte(` [ ] `))
	f.Fuzz(func(t *testing.T, array []byte) {
		var want []json.RawMessage
		if !utf8.Valid(array) || json.Unmarshal(array, &want) != nil || want == nil {
			t.Skip()
		}
		got, ok := parseBatch(trimmed(array))
		if !ok || len(got) != len(want) {
			t.Fatalf("%s has %d elements, not %d", array, len(want), len(got))
		}
		for i := range got {
			if string(got[i]) != string(want[i]) {
				t.Errorf("element %d of %s is %s, not %s", i, array, want[i], got[i])
			}
		}
	})
}

// trimmed is a message as Admit passes it on.
func trimmed(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	return b
}
