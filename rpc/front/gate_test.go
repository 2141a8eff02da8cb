package front

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// rejected is what the gate answers to something that is no proper request.
func rejected(id string, code wire.Code, message string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":%q}}`, id, code, message)
}

// What the gate has to say.
const (
	noObject  = "a message must be an object"
	noVersion = `the message has no "jsonrpc":"2.0"`
	noMethod  = "the message has no method"
	noID      = "the id must be a string or a whole number"
	noParams  = "params must be an object"
	noJSON    = "the message is not valid JSON"
	noUTF8    = "the message is not valid UTF-8"
)

// answer is what a library sends for the call with this id.
func answer(id string) []byte { return Response([]byte(id), []byte("true"), nil) }

// admit is what a gate makes of one frame.
func admit(g *Gate, frame []byte) (requests [][]byte, reply []byte) {
	a := g.Admit(nil, frame)
	return a.Requests, a.Reply
}

func texts(frames [][]byte) []string {
	out := make([]string, len(frames))
	for i, f := range frames {
		out[i] = string(f)
	}
	return out
}

// TestAdmit: one frame at an empty gate; what comes through, and what is
// answered at once.
func TestAdmit(t *testing.T) {
	call := func(members string) []string { return []string{`{"jsonrpc":"2.0",` + members + `}`} }
	for _, tt := range []struct {
		name, frame string
		requests    []string
		reply       string
	}{
		{"a call", `{"jsonrpc":"2.0","id":1,"method":"m"}`, call(`"id":1,"method":"m"`), ""},
		{"a notification", `{"jsonrpc":"2.0","method":"m"}`, call(`"method":"m"`), ""},
		{"id null is a notification", `{"jsonrpc":"2.0","id":null,"method":"m"}`, call(`"method":"m"`), ""},
		{
			"params are passed on as they are", `{"jsonrpc":"2.0","id":1,"method":"m","params":{"a": [1 , 2]}}`,
			call(`"id":1,"method":"m","params":{"a": [1 , 2]}`), "",
		},
		{"null params too", `{"jsonrpc":"2.0","id":1,"method":"m","params":null}`, call(`"id":1,"method":"m","params":null`), ""},
		{"and positional ones", `{"jsonrpc":"2.0","id":1,"method":"m","params":[1]}`, call(`"id":1,"method":"m","params":[1]`), ""},
		{"blanks around and inside", " \r\n{ \"jsonrpc\" : \"2.0\" ,\t\"id\" : 1 , \"method\" : \"m\" }\n", []string{"{ \"jsonrpc\" : \"2.0\" ,\t\"id\" : 1 , \"method\" : \"m\" }"}, ""},
		{"extra members are dropped", `{"x":1,"jsonrpc":"2.0","id":1,"token":{"id":2},"method":"m"}`, call(`"id":1,"method":"m"`), ""},
		{
			"escaped member names", `{"json\u0072pc":"2.0","\u0069d":1,"m\u0065thod":"m","par\u0061ms":{}}`,
			call(`"id":1,"method":"m","params":{}`), "",
		},
		{"escapes in method and id stay", `{"jsonrpc":"2.0","id":"\u0061","method":"\u006d"}`, call(`"id":"\u0061","method":"\u006d"`), ""},
		{"an escaped version", `{"jsonrpc":"\u0032.0","id":1,"method":"m"}`, []string{`{"jsonrpc":"\u0032.0","id":1,"method":"m"}`}, ""},
		{"a request with a result is a request", `{"jsonrpc":"2.0","id":1,"method":"m","result":1}`, call(`"id":1,"method":"m"`), ""},
		{"a string id", `{"jsonrpc":"2.0","id":"x","method":"m"}`, call(`"id":"x","method":"m"`), ""},
		{"an empty id", `{"jsonrpc":"2.0","id":"","method":"m"}`, call(`"id":"","method":"m"`), ""},
		{"a negative id", `{"jsonrpc":"2.0","id":-3,"method":"m"}`, call(`"id":-3,"method":"m"`), ""},

		{"a fractional id", `{"jsonrpc":"2.0","id":1.5,"method":"m"}`, nil, rejected("null", wire.InvalidRequest, noID)},
		{"an id with an exponent", `{"jsonrpc":"2.0","id":1e2,"method":"m"}`, nil, rejected("null", wire.InvalidRequest, noID)},
		{"an id beyond 64 bits", `{"jsonrpc":"2.0","id":9223372036854775808,"method":"m"}`, nil, rejected("null", wire.InvalidRequest, noID)},
		{"a list as id", `{"jsonrpc":"2.0","id":[1],"method":"m"}`, nil, rejected("null", wire.InvalidRequest, noID)},
		{"true as id", `{"jsonrpc":"2.0","id":true,"method":"m"}`, nil, rejected("null", wire.InvalidRequest, noID)},
		{"no version", `{"id":1,"method":"m"}`, nil, rejected("1", wire.InvalidRequest, noVersion)},
		{"no version, no id", `{"method":"m"}`, nil, rejected("null", wire.InvalidRequest, noVersion)},
		{"another version", `{"jsonrpc":"1.0","id":"a","method":"m"}`, nil, rejected(`"a"`, wire.InvalidRequest, noVersion)},
		{"a number as version", `{"jsonrpc":2.0,"id":1,"method":"m"}`, nil, rejected("1", wire.InvalidRequest, noVersion)},
		{"no method", `{"jsonrpc":"2.0","id":1}`, nil, rejected("1", wire.InvalidRequest, noMethod)},
		{"an empty method", `{"jsonrpc":"2.0","id":1,"method":""}`, nil, rejected("1", wire.InvalidRequest, noMethod)},
		{"a method that is no string", `{"jsonrpc":"2.0","id":1,"method":7}`, nil, rejected("1", wire.InvalidRequest, noMethod)},
		{"scalar params", `{"jsonrpc":"2.0","id":1,"method":"m","params":7}`, nil, rejected("1", wire.InvalidRequest, noParams)},
		{"a string as params", `{"jsonrpc":"2.0","id":1,"method":"m","params":"{}"}`, nil, rejected("1", wire.InvalidRequest, noParams)},
		{"scalar params of a notification", `{"jsonrpc":"2.0","method":"m","params":true}`, nil, rejected("null", wire.InvalidRequest, noParams)},
		{"an empty object", `{}`, nil, rejected("null", wire.InvalidRequest, noVersion)},
		{"a scalar", `7`, nil, rejected("null", wire.InvalidRequest, noObject)},
		{"null", `null`, nil, rejected("null", wire.InvalidRequest, noObject)},

		{"a result is ignored", `{"jsonrpc":"2.0","id":1,"result":null}`, nil, ""},
		{"an error is ignored", `{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m"}}`, nil, ""},

		{"nothing", ``, nil, rejected("null", wire.ParseError, noJSON)},
		{"cut short", `{"jsonrpc":"2.0","id":1,"method":"m"`, nil, rejected("null", wire.ParseError, noJSON)},
		{"two values", `{} {}`, nil, rejected("null", wire.ParseError, noJSON)},
		{"a byte order mark", "\ufeff{}", nil, rejected("null", wire.ParseError, noJSON)},
		{"a space that is not JSON's", "\u00a0{}", nil, rejected("null", wire.ParseError, noJSON)},
		{"a control character in a string", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\x01\"}", nil, rejected("null", wire.ParseError, noJSON)},
		{"invalid UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", nil, rejected("null", wire.ParseError, noUTF8)},
		{"invalid UTF-8 outside of strings", "\xff", nil, rejected("null", wire.ParseError, noUTF8)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			requests, reply := admit(NewGate(), []byte(tt.frame))
			if diff := cmp.Diff(tt.requests, texts(requests)); len(tt.requests)+len(requests) > 0 && diff != "" {
				t.Errorf("requests, -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(tt.reply, string(reply)); diff != "" {
				t.Errorf("reply, -want +got:\n%s", diff)
			}
		})
	}
}

// TestDuplicateID: an id in flight is refused however it is spelled, and is free
// again once its answer is on its way.
func TestDuplicateID(t *testing.T) {
	for _, tt := range []struct{ first, again string }{
		{`1`, `1`}, {`-0`, `0`}, {`"a"`, `"a"`}, {`"a"`, `"\u0061"`}, {`""`, `""`},
	} {
		g := NewGate()
		call := func(id string) []byte { return []byte(`{"jsonrpc":"2.0","id":` + id + `,"method":"m"}`) }
		if requests, _ := admit(g, call(tt.first)); len(requests) != 1 {
			t.Fatalf("%s is not admitted", tt.first)
		}
		requests, reply := admit(g, call(tt.again))
		message := strings.ReplaceAll("a call with the id "+tt.again+" is still in flight", `"`, `\"`)
		message = strings.ReplaceAll(message, `\u`, `\\u`)
		want := fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-32600,"message":"%s"}}`, tt.again, message)
		if requests != nil || string(reply) != want {
			t.Errorf("%s after %s: %q is let through; the reply is\n%s, want\n%s", tt.again, tt.first, requests, reply, want)
		}
		g.Outgoing(nil, answer(tt.first))
		if requests, reply := admit(g, call(tt.again)); len(requests) != 1 {
			t.Errorf("%s is not free after its answer: %s", tt.again, reply)
		}
	}
	g := NewGate()
	admit(g, []byte(`{"jsonrpc":"2.0","id":1,"method":"m"}`))
	if requests, _ := admit(g, []byte(`{"jsonrpc":"2.0","id":"1","method":"m"}`)); len(requests) != 1 {
		t.Error(`"1" is refused while 1 is in flight`)
	}
}

func TestTooManyCalls(t *testing.T) {
	g := NewGate()
	call := func(n int) []byte { return fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"method":"m"}`, n) }
	for n := range MaxCalls {
		if requests, reply := admit(g, call(n)); len(requests) != 1 {
			t.Fatalf("call %d of %d is refused: %s", n, MaxCalls, reply)
		}
	}
	_, reply := admit(g, call(MaxCalls))
	if want := `"code":-32803`; !strings.Contains(string(reply), want) || !strings.Contains(string(reply), `"kind":"limit.tooLarge"`) {
		t.Errorf("one too many: %s, want %s", reply, want)
	}
	if requests, _ := admit(g, []byte(`{"jsonrpc":"2.0","method":"m"}`)); len(requests) != 1 {
		t.Error("a notification waits for no answer, but is refused")
	}
	_, answers := g.Outgoing(nil, answer("0"))
	if requests, _ := admit(g, call(MaxCalls)); requests != nil {
		t.Error("an answer that has not been written makes room already")
	}
	g.Written(answers)
	if requests, reply := admit(g, call(MaxCalls)); len(requests) != 1 {
		t.Errorf("there is no room after an answer: %s", reply)
	}
}

func TestOutgoing(t *testing.T) {
	g := NewGate()
	for _, m := range []string{
		`{"jsonrpc":"2.0","method":"note","params":{"id":1}}`,
		`{"jsonrpc":"2.0","id":5,"result":null}`,
		`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}`,
	} {
		if frame, answers := g.Outgoing(nil, []byte(m)); string(frame) != m || answers.Count != 0 {
			t.Errorf("%s becomes %s, %d answers", m, frame, answers.Count)
		}
	}
	admit(g, []byte(`{"jsonrpc":"2.0","id":"\u0041","method":"m"}`))
	own := `{"jsonrpc":"2.0","id":"A","result":null}`
	if frame, answers := g.Outgoing(nil, []byte(own)); string(frame) != own || answers.Count != 1 {
		t.Errorf("a library's own answer becomes %s, %d answers", frame, answers.Count)
	}
	g.Written(Answers{Count: 1})
	admit(g, []byte(`{"jsonrpc":"2.0","id":"\u0041","method":"m"}`))
	g.Find([]byte(`"A"`)).Answer([]byte(`{"x":"<&>"}`), nil)
	frame, _ := g.Outgoing(nil, []byte(own))
	if want := `{"jsonrpc":"2.0","id":"\u0041","result":{"x":"<&>"}}`; string(frame) != want {
		t.Errorf("an answer of ours is %s, want %s", frame, want)
	}
}

// cancel sends a $/cancelRequest.
func cancel(g *Gate, id string) {
	admit(g, []byte(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":`+id+`}}`))
}

func TestCancel(t *testing.T) {
	g := NewGate()
	admit(g, []byte(`{"jsonrpc":"2.0","id":1,"method":"m"}`))
	admit(g, []byte(`{"jsonrpc":"2.0","id":2,"method":"m"}`))
	early, late := g.Find([]byte("1")), g.FindID(NumberID(2))
	cancel(g, `1`)
	ctx, release := early.Bind(context.Background())
	defer release()
	if ctx.Err() == nil || !early.Cancelled() {
		t.Error("a call cancelled before it had a context has a live one")
	}
	ctx, release = late.Bind(context.Background())
	defer release()
	if ctx.Err() != nil || late.Cancelled() {
		t.Error("a call that nobody cancelled is cancelled")
	}
	cancel(g, `2`)
	cancel(g, `2`)
	if ctx.Err() == nil {
		t.Error("cancelling does not end the context")
	}
	g.Outgoing(nil, answer("1"))
	for _, unknown := range []string{"1", "3", `"2"`, "null", "", "2.5", "{}"} {
		c := g.Find([]byte(unknown))
		if c != nil {
			t.Errorf("Find(%s) finds a call", unknown)
		}
		cancel(g, unknown)
	}
	var notification *Call
	parent, end := context.WithCancel(context.Background())
	ctx, release = notification.Bind(parent)
	defer release()
	if end(); notification.Cancelled() || ctx.Err() == nil {
		t.Error("a notification can't be cancelled, but ends with its parent")
	}
}

// TestAfter: what is to follow an answer does, once and not before that has been
// written; in a batch, not before the whole of it has.
func TestAfter(t *testing.T) {
	g := NewGate()
	admit(g, []byte(called("1", "m")))
	admit(g, []byte(list(called("2", "m"), called("3", "m"))))
	var done string
	for _, id := range []string{"1", "2", "3"} {
		g.Find([]byte(id)).After(func() { done += id })
	}
	for _, tt := range []struct{ id, before, after string }{{"2", "", ""}, {"1", "", "1"}, {"3", "1", "123"}} {
		_, answers := g.Outgoing(nil, answer(tt.id))
		if done != tt.before {
			t.Errorf("with the answer to %s made, %q has followed; want %q", tt.id, done, tt.before)
		}
		if g.Written(answers); done != tt.after {
			t.Errorf("with the answer to %s written, %q has followed; want %q", tt.id, done, tt.after)
		}
	}
	var notification *Call
	if notification.After(func() { done = "at once" }); done != "at once" {
		t.Error("after a notification, which has no answer, nothing follows")
	}
}

// TestFrameIsNotKept: the front may use a frame's memory again while the call
// is in flight, once it has passed the requests in it on.
func TestFrameIsNotKept(t *testing.T) {
	g := NewGate()
	frame := []byte(`{"jsonrpc":"2.0","id":"abc","method":"m"}`)
	admit(g, frame)
	copy(frame, bytes.Repeat([]byte("x"), len(frame)))
	c := g.Find([]byte(`"abc"`))
	if c == nil {
		t.Fatal("the call is lost")
	}
	c.Answer(nil, nil)
	if frame, _ := g.Outgoing(nil, answer(`"abc"`)); string(frame) != `{"jsonrpc":"2.0","id":"abc","result":null}` {
		t.Errorf("the answer is %s", frame)
	}
}
