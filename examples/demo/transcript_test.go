package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func TestShorten(t *testing.T) {
	const process = `{"id":"web","command":"go run ./cmd/web","state":"running","run":1,"pid":42,"restarts":0,"blockedBy":[]}`
	for _, test := range []struct {
		name, value string
		width       int
		want        string
	}{
		{"scalar", `null`, 40, `null`},
		{"number as it is written", `1e3`, 40, `1e3`},
		{"all that fits", `{"id":"web","run":1,"urls":[],"more":false}`, 60, `{id: "web", run: 1, urls: [], more: false}`},
		{"empty members go first", `{"id":"web","run":1,"urls":[],"gap":null,"more":false}`, 40, `{id: "web", run: 1, more: false}`},
		{"then those that are not essential", process, 60, `{id: "web", state: "running", run: 1, pid: 42, …}`},
		{"a list", `["one","two","three","four","five","six","seven"]`, 30, `["one", "two", …]`},
		{"a long text", `{"text":"a text that is longer than all the rest of the line"}`, 60, `{text: "a text that is longer than all the rest…"}`},
		{"deep", `{"a":{"b":{"c":{"d":{"e":1}}}}}`, 24, `{a: {b: {c: {d: {…}}}}}`},
		{"deeper", `{"a":{"b":{"c":{"d":{"e":1}}}}}`, 12, `{a: {…}}`},
		{"the end of the line", `{"first":1,"second":2,"third":3}`, 20, `{first: 1, second: …`},
		{"a name that is not simple", `{"a b":1,"$":2,"":3}`, 40, `{"a b": 1, "$": 2, "": 3}`},
		{"control characters", `"\u001b[2J\n\u0007\u009b"`, 40, `"\u001b[2J\n\u0007?"`},
		{"no JSON", "{\x1b[2J", 40, `{?[2J`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := shorten(jsontext.Value(test.value), test.width); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Whatever the value and the width, it must fit, and say that it was cut.
func TestShortenFits(t *testing.T) {
	value := jsontext.Value(`{"restarts":1,"id":"wéb","lines":[{"text":"` + strings.Repeat("ü", 300) + `","seq":[1,2,3]},{},[]],"état":{"a":{"b":[{}]}}}`)
	for width := range 500 {
		got := shorten(value, width)
		if n := utf8.RuneCountInString(got); n > max(width, 1) || !utf8.ValidString(got) {
			t.Fatalf("width %d: %d columns: %s", width, n, got)
		}
		if width < 300 && !strings.Contains(got, "…") {
			t.Fatalf("width %d: not said to be cut: %s", width, got)
		}
	}
}

func TestUnderline(t *testing.T) {
	for _, test := range []struct {
		text        string
		ranges      [][2]int
		width       int
		shown, mark string
	}{
		{"one two", [][2]int{{4, 7}}, 20, "one two", "    ^^^"},
		{"one two", nil, 20, "one two", ""},
		{"one two", [][2]int{{0, 1}, {4, 5}}, 20, "one two", "^   ^"},
		{"é two", [][2]int{{3, 6}}, 20, "é two", "  ^^^"}, // é has two bytes
		{"one two three", [][2]int{{4, 7}}, 9, "one two …", "    ^^^"},
		{"one two three", [][2]int{{4, 13}}, 9, "one two …", "    ^^^^^"},
		{"zero one two three", [][2]int{{13, 18}}, 9, "…o three", "   ^^^^^"},
	} {
		shown, mark := underline(test.text, test.ranges, test.width)
		if shown != test.shown || mark != test.mark {
			t.Errorf("%q %v in %d columns:\ngot  %q\n     %q\nwant %q\n     %q", test.text, test.ranges, test.width, shown, mark, test.shown, test.mark)
		}
	}
}

// A process must not be able to draw on the terminal, nor to break the columns.
func TestTranscriptWidth(t *testing.T) {
	var b bytes.Buffer
	tr := newTranscript(&b)
	long := strings.Repeat("wörd \x1b[2J\t", 100)
	value := jsontext.Value(`{"a":"` + strings.Repeat("ü", 300) + `"}`)
	tr.line(wire.Line{Process: "web", Stream: "stderr", Text: long})
	tr.line(wire.Line{Process: "web", Text: string(value)})
	tr.hit(wire.Hit{Line: wire.Line{Process: "a-long-name", Text: long}, Ranges: [][2]int{{400, 500}}})
	tr.request("process/input", wire.InputParams{ID: "web", Data: long})
	tr.answer(value, 0)
	tr.refusal(&answeredError{Message: long}, 0)
	tr.notification("logs/lines", long)
	tr.note("%s", long)
	tr.words(slices.Repeat([]string{"process/start"}, 20))
	tr.table([][]string{{"ID", "NAME"}, {"make:web", "web"}})
	tr.check(true, "%s", long)
	for l := range strings.Lines(b.String()) {
		l = strings.TrimSuffix(l, "\n")
		if n := utf8.RuneCountInString(l); n > columns || strings.ContainsFunc(l, func(r rune) bool { return r < ' ' }) {
			t.Errorf("%d columns: %q", n, l)
		}
	}
	if len(tr.failed) != 0 {
		t.Errorf("failed: %q", tr.failed)
	}
	if tr.check(false, "%s", "one"); !slices.Equal(tr.failed, []string{"one"}) {
		t.Errorf("failed: %q, want one", tr.failed)
	}
}
