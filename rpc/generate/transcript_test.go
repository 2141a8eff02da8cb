package generate

import (
	"strings"
	"testing"
)

const greeting = `# Remarks stay.
--> {"id":1,"method":"a/b"}

--> {"method":"c/d"}
<~~ {"method":"e/f"}
<-- {"id":2,"result":1}
<-- {"id":1,"result":2}
<--
...
-- file --
text
`

// TestTranscript: what is read is written as it was, and an example is a call
// with its own answer.
func TestTranscript(t *testing.T) {
	script, err := ParseTranscript([]byte(greeting))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(script.Format()); got != greeting {
		t.Errorf("it becomes\n%s", got)
	}
	for method, want := range map[string]string{
		"a/b": `--> {"id":1,"method":"a/b"}; <-- {"id":1,"result":2}`,
		"c/d": `--> {"method":"c/d"}`,
		"e/f": "",
	} {
		got := each(script.Example(method), func(l Line) string { return l.Arrow + " " + l.Text })
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: %q, want %s", method, got, want)
		}
	}
	for _, wrong := range []string{"-> {}", "--> {", "<-- 1 2", "hello"} {
		if _, err := ParseTranscript([]byte(wrong)); err == nil {
			t.Errorf("%s is no error", wrong)
		}
	}
}

// TestLayout: what does not fit on a line gets a line per member, in its order.
func TestLayout(t *testing.T) {
	long := strings.Repeat("x", wide)
	for in, want := range map[string]string{
		`{"id":1,"result":{"b":1,"a":2}}`:                   `{"id":1,"result":{"b":1,"a":2}}`,
		`{"id":1,"result":{"b":["` + long + `",{}],"a":2}}`: "{\"id\":1,\"result\":{\n  \"b\": [\n    \"" + long + "\",\n    {}\n  ],\n  \"a\": 2\n}}",
		`{"id":1,"result":"` + long + `"}`:                  `{"id":1,"result":"` + long + `"}`,
	} {
		if got := layoutMessage([]byte(in)); got != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", in, got, want)
		}
	}
}
