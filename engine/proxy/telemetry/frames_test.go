package telemetry

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestParseStack has the words of the three engines.
func TestParseStack(t *testing.T) {
	for _, c := range []struct {
		stack string
		want  []Frame
	}{
		{"TypeError: x is undefined\n    at load (http://localhost:5173/src/main.ts?t=17:10:5)\n    at async Promise.all (index 0)\n    at async http://localhost:5173/src/app.ts:3:1\n    at <anonymous>", []Frame{
			{Function: "load", URL: "http://localhost:5173/src/main.ts?t=17", Line: 10, Column: 5},
			{URL: "http://localhost:5173/src/app.ts", Line: 3, Column: 1},
		}},
		{"load@http://127.0.0.1:80/a.js:1:2\n@http://127.0.0.1:80/b.js:3:4\n[native code]", []Frame{
			{Function: "load", URL: "http://127.0.0.1:80/a.js", Line: 1, Column: 2},
			{URL: "http://127.0.0.1:80/b.js", Line: 3, Column: 4},
		}},
		{"    at new Widget (https://h/x.js:1:2)\n    at Object.run [as go] (https://h/x.js:3:4)", []Frame{
			{Function: "new Widget", URL: "https://h/x.js", Line: 1, Column: 2},
			{Function: "Object.run [as go]", URL: "https://h/x.js", Line: 3, Column: 4},
		}},
		{"Error: see http://h/x.js:1:2 for more", nil},
		{"", nil},
	} {
		if diff := cmp.Diff(c.want, ParseStack(c.stack)); diff != "" {
			t.Errorf("%s\n%s", c.stack, diff)
		}
	}
	if n := len(ParseStack(strings.Repeat("at http://h/x.js:1:2\n", 1000))); n != maxFrames {
		t.Errorf("%d frames", n)
	}
}
