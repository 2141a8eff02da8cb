package rpc

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// TestSince: where a subscription begins, of ten lines that are there and five
// that come later.
func TestSince(t *testing.T) {
	for _, tt := range []struct {
		since string // E is the engine's epoch
		first uint64 // the first line that comes
		fresh bool
	}{
		{`"now"`, 11, false},
		{`""`, 11, false},
		{`{"tail":3}`, 8, false},
		{`{"tail":0}`, 11, false},
		{`{"tail":1000}`, 1, false},
		{`"E:0"`, 1, false},
		{`"E:4"`, 5, false},
		{`"E:10"`, 11, false},
		{`"E:11"`, 1, true},
		{`"other:4"`, 1, true},
		{`"other:4000"`, 1, true},
	} {
		for _, framing := range framings {
			e := newEngine(t, engine.Options{})
			c := connect(t, newServer(t, e), framing)
			c.run("count", count(10))
			since := strings.ReplaceAll(tt.since, "E:", e.Epoch+":")
			var answer struct{ Result wire.Subscribed }
			f := follow(c, `{"window":0,"since":`+since+`}`)
			json.Unmarshal([]byte(c.call("logs/subscribe", `{"since":`+since+`}`)), &answer)
			c.run("more", count(5), f)
			if len(f.lines) == 0 || f.lines[0].Seq != tt.first || f.last != 15 || answer.Result.Fresh != tt.fresh {
				t.Errorf("%v since %s: lines %v, fresh %v; want lines %d to 15, fresh %v",
					framing, tt.since, f.lines, answer.Result.Fresh, tt.first, tt.fresh)
			}
			if want := fmt.Sprint(e.Epoch, ":", tt.first-1); answer.Result.Cursor != want {
				t.Errorf("%v since %s: the cursor is %s, want %s", framing, tt.since, answer.Result.Cursor, want)
			}
		}
	}
}

// TestSinceOverwritten: a cursor whose lines are gone is told to be fresh, with
// the loss counted, and so is what is left.
func TestSinceOverwritten(t *testing.T) {
	e := newEngine(t, engine.Options{LogBudget: engine.MinLogBudget})
	c := connect(t, newServer(t, e), front.NDJSON)
	c.run("count", flood)
	var answer struct{ Result wire.Subscribed }
	json.Unmarshal([]byte(c.call("logs/subscribe", `{"since":"`+e.Epoch+`:7"}`)), &answer)
	if !answer.Result.Fresh {
		t.Errorf("lines behind 7 are gone, but: %+v", answer.Result)
	}
	f := follow(c, `{"window":0,"since":"`+e.Epoch+`:7"}`)
	c.run("more", count(1), f)
	if f.delivered+f.lost() != floodLines-7+1 || len(f.gaps) != 1 || f.gaps[0].From != 8 {
		t.Errorf("%d lines and %d lost behind 7 of %d; gaps %+v", f.delivered, f.lost(), floodLines+1, f.gaps)
	}
}

// TestResume: the cursor of any batch continues behind it, on another session
// too: nothing twice, nothing lost.
func TestResume(t *testing.T) {
	s := newServer(t, newEngine(t, engine.Options{}))
	c := connect(t, s, front.Header)
	f := follow(c, `{"window":1,"maxBatch":7}`)
	c.run("count", count(50), f)
	total := f.delivered
	for next := `"` + f.epoch() + `:7"`; total < 50; {
		other := connect(t, s, front.NDJSON)
		g := follow(other, `{"window":1,"maxBatch":7,"since":`+next+`}`)
		m := other.until(`"logs/lines"`, g)
		if g.lines[0].Seq != total+1 {
			t.Fatalf("since %s: begins with line %d, want %d", next, g.lines[0].Seq, total+1)
		}
		total += g.delivered
		var note struct{ Params batchParams }
		json.Unmarshal([]byte(m), &note)
		next = `"` + note.Params.Next + `"`
	}
}

// epoch is the engine's.
func (c *client) epoch() string {
	c.t.Helper()
	var answer struct{ Result wire.SessionInfo }
	json.Unmarshal([]byte(c.call("session/info", "{}")), &answer)
	return answer.Result.Epoch
}

// TestSystemLines: what the engine remarks about a stream comes only to who asks
// for the stream system.
func TestSystemLines(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("there is no setsid here")
	}
	c := connect(t, newServer(t, newEngine(t, engine.Options{})), front.NDJSON)
	plain := follow(c, `{"window":0}`)
	system := follow(c, `{"window":0,"filter":{"streams":["system"]}}`)
	both := follow(c, `{"window":0,"format":"columns","filter":{"streams":["stdout","system"]}}`)
	// It leaves the group and holds the output open.
	c.run("leaver", "setsid sleep 3 & echo hello", plain, system, both)
	if len(plain.lines) != 1 || plain.lines[0].Stream != "stdout" {
		t.Errorf("who asks for no stream gets %+v", plain.lines)
	}
	if len(system.lines) == 0 {
		t.Skip("nothing was remarked: what leaves the group is ended with it")
	}
	for _, l := range system.lines {
		if l.Stream != "system" || l.Process != "leaver" || l.Text == "" {
			t.Errorf("the stream system has %+v", l)
		}
	}
	if len(both.lines) != 1+len(system.lines) {
		t.Errorf("stdout and system: %+v", both.lines)
	}
	for _, l := range c.query() {
		if l.Stream == "system" {
			t.Errorf("logs/query without streams has %+v", l)
		}
	}
}

// TestAnswerBeforeBatches: a client knows a subscription's id before anything of
// it comes, also if there is much to tell at once and the call is in a batch.
func TestAnswerBeforeBatches(t *testing.T) {
	e := newEngine(t, engine.Options{})
	s := newServer(t, e)
	connect(t, s, front.NDJSON).run("count", count(50))
	for _, framing := range framings {
		for _, call := range []string{
			`{"jsonrpc":"2.0","id":1,"method":"logs/subscribe","params":{"since":"E:0"}}`,
			`[{"jsonrpc":"2.0","id":1,"method":"logs/subscribe","params":{"since":"E:0"}},{"jsonrpc":"2.0","id":2,"method":"process/wait","params":{"id":"count"}}]`,
			`{"jsonrpc":"2.0","id":1,"method":"events/subscribe","params":{"since":"E:0"}}`,
		} {
			for range 50 {
				c := connect(t, s, framing)
				c.send(strings.ReplaceAll(call, "E:", e.Epoch+":"))
				if m, _ := c.receive(); !strings.Contains(m, `"id":1`) {
					t.Fatalf("%v: before the answer to %s comes %.200s", framing, call, m)
				}
				if m, _ := c.receive(); !strings.Contains(m, `"subscription":"1"`) {
					t.Fatalf("%v: behind the answer to %s comes %.200s", framing, call, m)
				}
				c.eof()
			}
		}
	}
}
