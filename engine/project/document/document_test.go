package document

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var formats = map[string]func([]byte) (*Node, *Error){"json": JSON, "yaml": YAML, "toml": TOML, "xml": XML}

// outline writes a tree, one value to a line, with its name's place and its own.
func outline(n *Node, indent string) string {
	text := fmt.Sprintf("%s%s %d:%d %s %d:%d %s\n", indent, n.Key, n.KeyAt.Line, n.KeyAt.Column, n.Kind, n.At.Line, n.At.Column, n.Text)
	for _, item := range n.Items {
		text += outline(item, indent+"  ")
	}
	return text
}

func TestFormats(t *testing.T) {
	for _, tc := range []struct{ format, text, want string }{
		{"json", "{ // note\n  \"a\": [1, \"é\\n\"],\n  \"ü\": {\"b\": true}, \"c\": null,\n}", `
 0:0 a table 1:1 
  a 2:3 an array 2:8 
     0:0 a number 2:9 1
     0:0 a string 2:12 é` + "\n" + `
  ü 3:3 a table 3:8 
    b 3:9 a boolean 3:14 true
  c 3:21 nothing 3:26 
`},
		{"yaml", "a: &x\n  b: true\n  n: 0x1\nc: *x\nd:\n  <<: *x\n  b: mine\n", `
 0:0 a table 1:1 
  a 1:1 a table 1:4 
    b 2:3 a boolean 2:6 true
    n 3:3 a number 3:6 0x1
  c 4:1 a table 4:4 
    b 2:3 a boolean 2:6 true
    n 3:3 a number 3:6 0x1
  d 5:1 a table 6:3 
    b 2:3 a boolean 2:6 true
    n 3:3 a number 3:6 0x1
    b 7:3 a string 7:6 mine
`},
		{"toml", "x = 1_000\n[a.b]\nd = 2020-01-01\ne.f = [ 'y', { g = true } ] # note\n[[l]]\n[[l]]\nh = \"i\"\n[l.m]\n", `
 0:0 a table 1:1 
  x 1:1 a number 1:5 1000
  a 2:2 a table 2:2 
    b 2:4 a table 2:4 
      d 3:1 a string 3:5 2020-01-01
      e 4:1 a table 4:1 
        f 4:3 an array 4:7 
           0:0 a string 4:9 y
           0:0 a table 4:14 
            g 4:16 a boolean 4:20 true
  l 5:3 an array 5:3 
     0:0 a table 5:3 
     0:0 a table 5:3 
      h 7:1 a string 7:5 i
      m 8:4 a table 8:4 
`},
		{"xml", "<?xml version='1.0' encoding='latin1'?>\n<p x='1'>\n <q> t </q><q/></p>", `
 0:0 a table 1:1 
  p 2:1 a table 2:1 
    @x 2:1 a string 2:1 1
    q 3:2 a string 3:2 t
    q 3:12 a string 3:12 
`},
	} {
		n, err := formats[tc.format]([]byte(tc.text))
		if err != nil {
			t.Errorf("%s: %v", tc.format, err)
			continue
		}
		if diff := cmp.Diff(tc.want[1:], outline(n, "")); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tc.format, diff)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tc := range []struct{ format, text, want string }{
		{"json", "{\n \"a\": ]}", "2:7: invalid character"},
		{"yaml", "a: b\n c: d\n", "2:1: mapping values are not allowed"},
		{"toml", "a = 1\na = 2\n", "2:1: "},
		{"toml", "a = \n", "1:"},
		{"xml", "<a>\n<b></a>", "2:1: element <b> closed by </a>"},
		{"json", strings.Repeat("[", 300), "1:201: more than 200 levels deep"},
		{"toml", "a = " + strings.Repeat("[", 300), "more than 200 levels deep"},
		{"yaml", strings.Repeat("[", 300) + strings.Repeat("]", 300), "more than 200 levels deep"},
		{"xml", strings.Repeat("<a>", 300), "more than 200 levels deep"},
	} {
		_, err := formats[tc.format]([]byte(tc.text))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s %.20q: %v, want %s", tc.format, tc.text, err, tc.want)
		}
	}
}

// TestAliasBomb: nine lines that would be a billion values.
func TestAliasBomb(t *testing.T) {
	text := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		text += fmt.Sprintf("%c: &%c [%s*%c]\n", c, c, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 8), c-1)
	}
	n, err := YAML([]byte(text))
	if err != nil {
		return // the library may refuse it, too
	}
	count := 0
	for range n.All() {
		count++
	}
	if count > 2*maxAliased {
		t.Errorf("%d values", count)
	}
}

func TestLookups(t *testing.T) {
	n, err := JSON([]byte(`{"a": {"b": 1, "b": "x"}, "l": ["y", 2], "t": true}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := n.Get("a", "b").String(); got != "x" {
		t.Errorf("the last of two fields: %q", got)
	}
	if got := len(n.Get("a").Fields()); got != 1 {
		t.Errorf("%d fields", got)
	}
	if diff := cmp.Diff([]string{"y"}, n.Get("l").Strings()); diff != "" {
		t.Error(diff)
	}
	if n.Get("a", "none", "more").String() != "" || n.Get("t", "x") != nil || !n.Get("t").True() {
		t.Error("a lookup of what is absent")
	}
}

func fuzz(f *testing.F, format string, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := formats[format](data)
		if (n == nil) == (err == nil) {
			t.Fatalf("%v, %v", n, err)
		}
		if err != nil && (err.Message == "" || strings.Contains(err.Message, "\n") || utf8.RuneCountInString(err.Message) > maxMessage+1) {
			t.Errorf("no line for a person: %q", err.Message)
		}
		count := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 2 // YAML ends lines by either
		for n := range n.All() {
			if n.At.Line > count || n.KeyAt.Line > count || n.At.Line < 1 {
				t.Errorf("%q at %v, %v of %d lines", n.Key, n.KeyAt, n.At, count)
			}
		}
	})
}

func FuzzJSON(f *testing.F) { fuzz(f, "json", "{\"a\": [1, true, null], // x\n}") }
func FuzzYAML(f *testing.F) { fuzz(f, "yaml", "a: &x {b: 1}\nc: [*x]\n<<: *x\n") }
func FuzzTOML(f *testing.F) {
	fuzz(f, "toml", "a.b = 1\n[x]\ny = {z = [1, 2]}\n[[l]]\n[l.m]\n", "[[a]]\n[a.b]\n[[a.b.c]]\n")
}
func FuzzXML(f *testing.F) { fuzz(f, "xml", "<a b='c'><d>e</d></a>") }
