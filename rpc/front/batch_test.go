package front

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func note(method string) string { return `{"jsonrpc":"2.0","method":"` + method + `"}` }

func called(id, method string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"method":"` + method + `"}`
}

func list(members ...string) string { return "[" + strings.Join(members, ",") + "]" }

// TestBatch: what comes through, what is answered at once, and the one array
// once every call has been answered in the order of finish.
func TestBatch(t *testing.T) {
	for _, tt := range []struct {
		name     string
		frame    string
		requests []string
		reply    string   // at once
		finish   []string // ids, as they are answered
		frames   []string // what goes out at each answer; "" for nothing yet
	}{
		{name: "empty", frame: `[]`, reply: rejected("null", wire.InvalidRequest, "the batch is empty")},
		{name: "empty with blanks", frame: "[ \n]", reply: rejected("null", wire.InvalidRequest, "the batch is empty")},
		{
			name: "one call", frame: list(called("1", "m")), requests: []string{called("1", "m")},
			finish: []string{"1"}, frames: []string{list(string(answer("1")))},
		},
		{
			name: "calls answered in another order", frame: list(called("1", "a"), called(`"x"`, "b"), called("3", "c")),
			requests: []string{called("1", "a"), called(`"x"`, "b"), called("3", "c")},
			finish:   []string{"3", "1", `"x"`},
			frames:   []string{"", "", list(string(answer("3")), string(answer("1")), string(answer(`"x"`)))},
		},
		{name: "only notifications", frame: list(note("a"), note("b")), requests: []string{note("a"), note("b")}},
		{name: "only answers", frame: list(`{"id":1,"result":1}`, `{"id":2,"error":{}}`)},
		{
			name: "only bad ones", frame: `[1,{},[]]`,
			reply: list(rejected("null", wire.InvalidRequest, noObject), rejected("null", wire.InvalidRequest, noVersion),
				rejected("null", wire.InvalidRequest, noObject)),
		},
		{name: "a batch in a batch", frame: list(list(called("1", "m"))), reply: list(rejected("null", wire.InvalidRequest, noObject))},
		{
			name: "everything at once", frame: list(note("n"), called("1", "m"), `{"id":2,"method":"m"}`, `null`, called("3", "m")),
			requests: []string{note("n"), called("1", "m"), called("3", "m")},
			finish:   []string{"1", "3"},
			frames: []string{"", list(rejected("2", wire.InvalidRequest, noVersion), rejected("null", wire.InvalidRequest, noObject),
				string(answer("1")), string(answer("3")))},
		},
		{
			name: "the same id twice", frame: list(called("1", "a"), called("1", "b")), requests: []string{called("1", "a")},
			finish: []string{"1"},
			frames: []string{list(rejected("1", wire.InvalidRequest, "a call with the id 1 is still in flight"), string(answer("1")))},
		},
		{name: "cut short", frame: `[` + called("1", "m"), reply: rejected("null", wire.ParseError, noJSON)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := NewGate()
			requests, reply := admit(g, []byte(tt.frame))
			if diff := cmp.Diff(tt.requests, texts(requests)); len(tt.requests)+len(requests) > 0 && diff != "" {
				t.Errorf("requests, -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(tt.reply, string(reply)); diff != "" {
				t.Errorf("reply, -want +got:\n%s", diff)
			}
			for i, id := range tt.finish {
				if isClosed(g.Answered()) {
					t.Errorf("Answered is closed before the answer to %s", id)
				}
				frame, answers := g.Outgoing(nil, answer(id))
				if diff := cmp.Diff(tt.frames[i], string(frame)); diff != "" {
					t.Errorf("after %s, -want +got:\n%s", id, diff)
				}
				g.Written(answers)
			}
			if !isClosed(g.Answered()) {
				t.Error("all is answered, but Answered is not closed")
			}
		})
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// TestAnswered: it is closed when the last answer has been written, not when it
// has been made, and also for those who asked before.
func TestAnswered(t *testing.T) {
	g := NewGate()
	if !isClosed(g.Answered()) {
		t.Fatal("nothing is in flight, but Answered is open")
	}
	admit(g, []byte(list(called("1", "m"), called("2", "m"))))
	admit(g, []byte(called("3", "m")))
	admit(g, []byte(note("m")))
	before := g.Answered()
	for _, id := range []string{"1", "3", "2"} {
		_, answers := g.Outgoing(nil, answer(id))
		if isClosed(before) {
			t.Fatalf("closed before the answer to %s was written", id)
		}
		g.Written(answers)
	}
	if !isClosed(before) || !isClosed(g.Answered()) {
		t.Error("all is written, but Answered is open")
	}
	admit(g, []byte(called("1", "m")))
	if isClosed(g.Answered()) {
		t.Error("closed although a new call is in flight")
	}
}

// FuzzGate: whatever comes in, what is let through is a plain request and what
// is sent back is a response; when everything has been answered there is one
// answer for each call, and nothing is in flight.
func FuzzGate(f *testing.F) {
	f.Add([]byte(called("1", "m") + "\n" + called("1", "m") + "\n[" + called(`"a"`, "b") + ",1]\n[]\nnonsense"))
	f.Add([]byte(`[{"jsonrpc":"2.0","id":-0,"method":"\ud800","params":[]},{"jsonrpc":"2.0","id":0,"method":"x"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		g := NewGate()
		var open []string
		for frame := range strings.SplitSeq(string(data), "\n") {
			requests, reply := admit(g, []byte(frame))
			for _, r := range requests {
				if id := checkRequest(t, r); id != "" {
					open = append(open, id)
				}
			}
			if reply != nil && checkResponses(t, reply) > 0 {
				t.Errorf("a result before anybody has answered: %s", reply)
			}
		}
		results := 0
		slices.Reverse(open)
		for i, id := range open {
			if isClosed(g.Answered()) {
				t.Fatalf("%d calls are open, but Answered is closed", len(open)-i)
			}
			frame, answers := g.Outgoing(nil, answer(id))
			if frame != nil {
				results += checkResponses(t, frame)
			}
			g.Written(answers)
		}
		if results != len(open) {
			t.Errorf("%d calls have %d answers", len(open), results)
		}
		if !isClosed(g.Answered()) {
			t.Error("everything is answered, but Answered is open")
		}
	})
}

// checkRequest holds what both libraries need of a request and returns its id
// token, "" for a notification.
func checkRequest(t *testing.T, request []byte) string {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal(request, &m); err != nil {
		t.Fatalf("%s: %v", request, err)
	}
	method := ""
	if json.Unmarshal(m["method"], &method); method == "" || string(m["jsonrpc"]) != `"2.0"` {
		t.Errorf("%s has no method or no version", request)
	}
	if p := m["params"]; p != nil && !strings.ContainsRune("{[n", rune(p[0])) {
		t.Errorf("%s has scalar params", request)
	}
	id := m["id"]
	if _, ok := ParseID(id); id != nil && !ok {
		t.Errorf("%s has an id that is none", request)
	}
	for _, known := range []string{"jsonrpc", "id", "method", "params"} {
		delete(m, known)
	}
	if len(m) > 0 {
		t.Errorf("%s has members that no request has", request)
	}
	return string(id)
}

// checkResponses holds what a client needs of a frame and returns how many
// results are in it.
func checkResponses(t *testing.T, frame []byte) (results int) {
	t.Helper()
	members := [][]byte{frame}
	if frame[0] == '[' {
		members, _ = parseBatch(frame)
	}
	for _, m := range members {
		var r struct {
			JSONRPC string           `json:"jsonrpc"`
			ID      *json.RawMessage `json:"id"`
			Result  json.RawMessage  `json:"result"`
			Error   *struct {
				Code    int    `json:"code"`
				Message string `json:"message"`
			} `json:"error"`
		}
		err := json.Unmarshal(m, &r)
		if err != nil || r.JSONRPC != "2.0" || (r.Result == nil) == (r.Error == nil) || r.Error != nil && r.Error.Message == "" {
			t.Fatalf("%s is no response: %v", m, err)
		}
		if r.Result != nil {
			results++
		}
	}
	return results
}
