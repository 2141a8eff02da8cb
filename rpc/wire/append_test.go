package wire

import (
	stdjson "encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

func TestAppendString(t *testing.T) {
	for in, want := range map[string]string{
		"":                       `""`,
		"plain":                  `"plain"`,
		`"\`:                     `"\"\\"`,
		"a\nb\rc\td":             `"a\nb\rc\td"`,
		"\x00\x1b\x1f\x7f":       `"\u0000\u001b\u001f` + "\x7f\"",
		"<&>\u2028\u2029":        "\"<&>\u2028\u2029\"",
		"é€😀\ufffd\ufeff":        "\"é€😀\ufffd\ufeff\"",
		"\n":                     `"\n"`,
		strings.Repeat("x\"", 3): `"x\"x\"x\""`,
	} {
		if got := string(AppendString([]byte("before"), in)); got != "before"+want {
			t.Errorf("AppendString(%q) = %s, want %s behind what was there", in, got, want)
		}
	}
}

// FuzzAppendString: encoding/json reads back what was written, whether it was a
// string or bytes.
func FuzzAppendString(f *testing.F) {
	f.Add("a \"quoted\" \\ line\r\n\twith \x1b[31mcolour\x1b[0m")
	f.Add("\x00\x01\x7f\u0080\u2028😀")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip("the caller promises valid UTF-8")
		}
		b := AppendString(nil, s)
		if other := AppendString([]byte{}, []byte(s)); string(other) != string(b) {
			t.Errorf("%q as bytes is %s, as a string %s", s, other, b)
		}
		var back string
		if err := stdjson.Unmarshal(b, &back); err != nil || back != s {
			t.Errorf("%q becomes %s, which is %q (%v)", s, b, back, err)
		}
	})
}

// A line, a gap and a head with everything in them.
func fullLine() Line {
	return Line{
		Seq: 1<<53 - 1, T: 1_700_000_000_123, Process: "web#1", Run: math.MaxUint32,
		Stream: "stderr", Level: "warn", Text: "a \"b\" \\ <&> é😀\u2028\n\t\x1b", Partial: true, Redraw: true,
	}
}

func fullGap() *Gap {
	return &Gap{From: 1, To: 9, Count: 5, Reason: "overwritten", Filtered: true}
}

func fullHead() LinesHead {
	return LinesHead{Subscription: "s\"1", Batch: math.MaxUint64, Next: "e-1:7", Gap: fullGap()}
}

// TestAppenders: a shape that writes itself writes what the JSON package makes
// of its tags.
func TestAppenders(t *testing.T) {
	line, plain := fullLine(), Line{Seq: 1, T: -1, Stream: "stdout", Level: "info"}
	objects := &LinesObjects{LinesHead: fullHead(), Lines: []Line{line, plain}}
	for name, v := range map[string]Appender{
		"line":                  &line,
		"line without anything": &Line{},
		"gap":                   fullGap(),
		"gap without a mark":    &Gap{From: 3, To: 3, Count: 1, Reason: "cleared"},
		"query":                 &QueryResult{Lines: []Line{line, plain}, Next: "e:2", Prev: "e:1", More: true, Gap: fullGap(), Fresh: true},
		"query without lines":   &QueryResult{Lines: []Line{}},
		"query with nil lines":  &QueryResult{},
		"raw":                   &LinesRaw{LinesHead: fullHead(), Run: 3, Stream: "stdout", Data: []byte("\x00\xff\x1b[0m\n??>")},
		"raw without data":      &LinesRaw{LinesHead: LinesHead{Subscription: "1", Batch: 1, Next: "e:1"}},
		"objects":               written{objects},
		"objects without lines": written{&LinesObjects{LinesHead: LinesHead{Gap: fullGap()}}},
	} {
		var value any = v
		if w, ok := v.(written); ok {
			value = w.LinesObjects
		}
		want, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(v.AppendJSON(nil))); diff != "" {
			t.Errorf("%s: -json +AppendJSON:\n%s", name, diff)
		}
		if got := string(v.AppendJSON([]byte("before"))); got != "before"+string(want) {
			t.Errorf("%s: behind other bytes it is %s", name, got)
		}
	}
}

// written is how the pump writes objects: in three steps.
type written struct{ *LinesObjects }

func (w written) AppendJSON(dst []byte) []byte {
	dst = w.AppendOpen(dst)
	for i := range w.Lines {
		if i > 0 {
			dst = append(dst, ',')
		}
		l := w.Lines[i]
		text := []byte(l.Text)
		l.Text = "not this one"
		dst = AppendLine(dst, &l, text)
	}
	return w.AppendClose(dst)
}

// TestColumns: the shape has no tags of its own for its arrays, so the text is
// given. Amendment 11 has the rules.
func TestColumns(t *testing.T) {
	head := LinesHead{Subscription: "1", Batch: 2, Next: "e:9"}
	const open = `{"subscription":"1","batch":2,"next":"e:9"`
	web := ColumnRun{Count: 2, Process: "we\"b", Run: 1, Stream: "stdout", Level: "info"}
	for _, tt := range []struct {
		name string
		in   LinesColumns
		want string
	}{
		{"nothing", LinesColumns{LinesHead: head}, open + `,"first":0,"t0":0,"dt":[],"runs":[],"text":[]}`},
		{
			"a gap and nothing else",
			LinesColumns{LinesHead: LinesHead{Subscription: "1", Batch: 2, Next: "e:9", Gap: &Gap{1, 2, 2, "cleared", false}}},
			open + `,"gap":{"from":1,"to":2,"count":2,"reason":"cleared"},"first":0,"t0":0,"dt":[],"runs":[],"text":[]}`,
		},
		{
			"steps of one are not said",
			LinesColumns{LinesHead: head, First: 7, T0: 100, DT: []int64{0, 5}, DSeq: []uint64{0, 1}, Runs: []ColumnRun{web}, Text: []byte(`"a","b"`)},
			open + `,"first":7,"t0":100,"dt":[0,5],"runs":[[2,"we\"b",1,"stdout","info"]],"text":["a","b"]}`,
		},
		{
			"other steps are, and time may go back",
			LinesColumns{
				LinesHead: head, First: 7, T0: 100, DT: []int64{0, -3, 0}, DSeq: []uint64{0, 1, 4},
				Runs: []ColumnRun{web, {Count: 1, Process: "a", Run: 2, Stream: "stderr", Level: "error"}}, Partial: []int{0, 2}, Redraw: []int{1}, Text: []byte(`"a","b","c"`),
			},
			open + `,"first":7,"t0":100,"dt":[0,-3,0],"dseq":[0,1,4],"runs":[[2,"we\"b",1,"stdout","info"],[1,"a",2,"stderr","error"]],"partial":[0,2],"redraw":[1],"text":["a","b","c"]}`,
		},
	} {
		if diff := cmp.Diff(tt.want, string(tt.in.AppendJSON(nil))); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tt.name, diff)
		}
	}
}

func TestError(t *testing.T) {
	for _, tt := range []struct {
		in   Error
		want string
	}{
		{Error{Code: ParseError, Message: "m"}, `{"code":-32700,"message":"m"}`},
		{Error{Code: InvalidParams, Message: "no \"x\"\n", Data: ErrorData{Path: "/a~1b"}}, `{"code":-32602,"message":"no \"x\"\n","data":{"path":"/a~1b"}}`},
		{Error{Code: RequestFailed, Data: ErrorData{Kind: "limit.tooLarge", Path: "/tail"}}, `{"code":-32803,"message":"","data":{"kind":"limit.tooLarge","path":"/tail"}}`},
		{Error{Code: InternalError, Message: "m", Data: ErrorData{Incident: "1-2"}}, `{"code":-32603,"message":"m","data":{"incident":"1-2"}}`},
	} {
		if got := string(tt.in.AppendJSON(nil)); got != tt.want {
			t.Errorf("%+v is %s, want %s", tt.in, got, tt.want)
		}
	}
}
