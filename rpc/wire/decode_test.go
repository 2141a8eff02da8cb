package wire

import (
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

// decoding is one line of a table: what comes in, and what it becomes or what
// the error says.
type decoding[T any] struct {
	in   string
	want T
	err  string
}

func (d decoding[T]) run(t *testing.T) {
	t.Helper()
	var got T
	err := json.Unmarshal([]byte(d.in), &got)
	switch {
	case d.err != "":
		if err == nil || !strings.Contains(err.Error(), d.err) {
			t.Errorf("%s: error %v, want one with %q", d.in, err, d.err)
		}
	case err != nil:
		t.Errorf("%s: %v", d.in, err)
	default:
		if diff := cmp.Diff(d.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", d.in, diff)
		}
	}
}

func TestCommand(t *testing.T) {
	const neither = "want a string for the shell, or an array of the program and its arguments"
	for _, d := range []decoding[Command]{
		{in: `"npm run dev"`, want: Command{Shell: "npm run dev"}},
		{in: `""`, want: Command{}},
		{in: `"\u0061\n"`, want: Command{Shell: "a\n"}},
		{in: `["go","run","."]`, want: Command{Args: []string{"go", "run", "."}}},
		{in: `[""]`, want: Command{Args: []string{""}}},
		{in: `[]`, want: Command{Args: []string{}}},
		{in: `7`, err: neither},
		{in: `true`, err: neither},
		{in: `null`, err: neither},
		{in: `{"shell":"x"}`, err: neither},
		{in: `["go",7]`, err: "number"},
		{in: `[["go"]]`, err: "array"},
		{in: `"\ud800"`, err: "surrogate"},
	} {
		d.run(t)
	}
}

func TestSince(t *testing.T) {
	const neither = `want a cursor, "now", or {tail: n}`
	tail := func(n int) Since { return Since{Tail: &n} }
	for _, d := range []decoding[Since]{
		{in: `"now"`, want: Since{}},
		{in: `""`, want: Since{}},
		{in: `"e-1:7"`, want: Since{Cursor: "e-1:7"}},
		{in: `"Now"`, want: Since{Cursor: "Now"}},
		{in: `{"tail":0}`, want: tail(0)},
		{in: `{"tail":7}`, want: tail(7)},
		{in: `{"tail":-1}`, err: "want {tail: n} with n >= 0"},
		{in: `{"tail":1.5}`, err: "number"},
		{in: `{"tail":"7"}`, err: "string"},
		{in: `{"tail":null}`, err: "want {tail: n} with n >= 0"},
		{in: `{}`, err: "want {tail: n} with n >= 0"},
		{in: `{"tail":7,"n":1}`, err: "unknown"},
		{in: `7`, err: neither},
		{in: `null`, err: neither},
		{in: `[7]`, err: neither},
	} {
		d.run(t)
	}
}

// TestRoundTrip: a client of ours writes what the server reads.
func TestRoundTrip(t *testing.T) {
	five := 5
	for want, v := range map[string]any{
		`"npm run dev"`:     Command{Shell: "npm run dev"},
		`["go","run","."]`:  Command{Args: []string{"go", "run", "."}},
		`"now"`:             Since{},
		`"e:7"`:             Since{Cursor: "e:7"},
		`{"tail":5}`:        Since{Tail: &five},
		`{"command":["a"]}`: StartParams{Command: Command{Args: []string{"a"}}},
		`{"since":"e:7"}`:   SubscribeParams{Since: Since{Cursor: "e:7"}},
		`{}`:                SubscribeParams{},
	} {
		b, err := json.Marshal(v)
		if err != nil || string(b) != want {
			t.Errorf("%+v is %s (%v), want %s", v, b, err, want)
			continue
		}
		back := reflect.New(reflect.TypeOf(v))
		if err := json.Unmarshal(b, back.Interface()); err != nil {
			t.Errorf("%s: %v", b, err)
		} else if diff := cmp.Diff(v, back.Elem().Interface()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", b, diff)
		}
	}
}

// TestTokens: every request's params take the tokens, in whatever form.
func TestTokens(t *testing.T) {
	tokens := reflect.TypeFor[Tokens]()
	for _, p := range []any{
		None{},
		ID{},
		InitializeParams{},
		WatchParams{},
		QueryParams{},
		SearchParams{},
		SubscribeParams{},
		SubscriptionParams{},
		ClearParams{},
		StartParams{},
		StopParams{},
		InputParams{},
		WaitParams{},
		EventsParams{},
	} {
		typ := reflect.TypeOf(p)
		if f, ok := typ.FieldByName("Tokens"); !ok || f.Type != tokens || !f.Anonymous {
			t.Errorf("%v does not embed Tokens", typ)
			continue
		}
		for _, in := range []string{
			`{"workDoneToken":1}`, `{"workDoneToken":"a","partialResultToken":"b"}`, `{"partialResultToken":null}`,
		} {
			if err := json.Unmarshal([]byte(in), reflect.New(typ).Interface(), json.RejectUnknownMembers(true)); err != nil {
				t.Errorf("%v refuses %s: %v", typ, in, err)
			}
		}
	}
}

// TestEncode: lists are never null, nothing is escaped for HTML, and a result
// that says nothing is null.
func TestEncode(t *testing.T) {
	for _, v := range []any{
		Process{},
		ProcessList{},
		Processes{},
		ProcessChanged{},
		&QueryResult{},
		SearchResult{},
		Scripts{},
		EventsBatch{},
		Hit{},
		&LinesColumns{},
		Brummer{},
		Subscribed{},
		Unsubscribed{},
		Cleared{},
	} {
		b, err := Encode(v)
		if err != nil || strings.Contains(string(b), "null") {
			t.Errorf("%T without anything is %s (%v)", v, b, err)
		}
	}
	for want, v := range map[string]any{
		"{\"id\":\"a\ufffd\"}": ID{ID: "a\xff"},
		`null`:                 Null{},
		`{"id":"<&>"}`:         ID{ID: "<&>"},
		`{"id":"a","name":"","command":"a <b && c","cwd":"","state":"","ready":false,"run":0,"restarts":0,` +
			`"blockedBy":[],"urls":[],"problems":{"errors":0,"warnings":0},"source":"","stdio":""}`: Process{ID: "a", Command: "a <b && c"},
	} {
		if b, err := Encode(v); err != nil || string(b) != want {
			t.Errorf("%T is %s (%v), want %s", v, b, err, want)
		}
	}
}
