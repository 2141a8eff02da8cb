package front

import (
	"context"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// promptGate is a gate at which the method now is prompt, unless its params say
// later.
func promptGate() *Gate {
	g := NewGate()
	g.Prompt = func(method, params []byte) string {
		if string(method) == "now" && string(params) != `{"later":true}` {
			return "now"
		}
		return ""
	}
	return g
}

// TestPrompt: which messages are prompt calls, and what their handler sees.
func TestPrompt(t *testing.T) {
	for _, tt := range []struct{ name, frame, params string }{
		{"a call", `{"jsonrpc":"2.0","id":1,"method":"now","params":{"a":1}}`, `{"a":1}`},
		{"without params", `{"jsonrpc":"2.0","id":"x","method":"now"}`, ""},
		{"null params", `{"jsonrpc":"2.0","id":1,"method":"now","params":null}`, ""},
		{"an escaped method", `{"jsonrpc":"2.0","id":1,"method":"n\u006fw"}`, ""},
		{"other members", `{"x":1,"jsonrpc":"2.0","id":1,"method":"now","params":[]}`, "[]"},
	} {
		a := promptGate().Admit(nil, []byte(tt.frame))
		if a.Prompt == nil || len(a.Requests) > 0 || a.Reply != nil {
			t.Errorf("%s: %+v, want a prompt call alone", tt.name, a)
			continue
		}
		r := a.Prompt.Request
		if r.Method != "now" || string(r.Params) != tt.params || r.Call != a.Prompt {
			t.Errorf("%s: the handler sees %s %s", tt.name, r.Method, r.Params)
		}
	}
	for _, frame := range []string{
		`{"jsonrpc":"2.0","method":"now"}`, `{"jsonrpc":"2.0","id":null,"method":"now"}`,
		`[{"jsonrpc":"2.0","id":1,"method":"now"}]`, `{"jsonrpc":"2.0","id":1,"method":"m"}`,
		`{"jsonrpc":"2.0","id":1,"method":"now","params":{"later":true}}`,
	} {
		if a := promptGate().Admit(nil, []byte(frame)); a.Prompt != nil || len(a.Requests) != 1 {
			t.Errorf("%s: %+v, want a request for the library", frame, a)
		}
	}
}

// TestPromptAnswer: a prompt call is a call in flight until its answer is written,
// with its id as it was spelled; what is to follow the answer does.
func TestPromptAnswer(t *testing.T) {
	g := promptGate()
	for _, tt := range []struct {
		id, want string
		err      *wire.Error
	}{
		{`"\u0041"`, `{"jsonrpc":"2.0","id":"\u0041","result":true}`, nil},
		{`7`, `{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"m"}}`, &wire.Error{Code: wire.InvalidParams, Message: "m"}},
	} {
		c := g.Admit(nil, []byte(called(tt.id, "now"))).Prompt
		followed := false
		c.After(func() { followed = true })
		frame, answers := g.Respond([]byte("before"), c, []byte("true"), tt.err)
		if string(frame) != "before"+tt.want {
			t.Errorf("the answer is %s, want %s", frame, tt.want)
		}
		if isClosed(g.Answered()) || followed {
			t.Error("the call is over before its answer is written")
		}
		if g.Written(answers); !isClosed(g.Answered()) || !followed {
			t.Error("the answer is written, but the call is not over")
		}
	}
}

// TestPromptID: the id of a call that the library has is not a prompt call's.
func TestPromptID(t *testing.T) {
	g := promptGate()
	admit(g, []byte(called("1", "m")))
	if a := g.Admit(nil, []byte(called("1", "now"))); a.Prompt != nil || string(a.Reply) != rejected("1", wire.InvalidRequest, "a call with the id 1 is still in flight") {
		t.Errorf("%+v", a)
	}
}

// TestPromptOverlap: a handler that has promised not to overlap and does is a
// defect of ours.
func TestPromptOverlap(t *testing.T) {
	c := promptGate().Admit(nil, []byte(called("1", "now"))).Prompt
	c.Request.Turn = context.Background()
	defer func() {
		if recover() == nil {
			t.Error("it is not noticed")
		}
	}()
	c.Request.Overlap()
}
