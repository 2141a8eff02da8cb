package rpc

import (
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// TestLossless: a subscription that asks for that gets each line, however late it
// takes them and however little the log holds.
func TestLossless(t *testing.T) {
	c := connect(t, newServer(t, newEngine(t, engine.Options{LogBudget: engine.MinLogBudget})), front.NDJSON)
	f := follow(c, `{"window":1,"lossless":true,"format":"columns","filter":{"processes":["count"]}}`)
	c.send(startFlood, `{"jsonrpc":"2.0","id":"end","method":"process/wait","params":{"id":"count"}}`)
	for {
		m, ok := c.receive()
		if !ok {
			t.Fatal("the session has ended")
		}
		if f.take(m) {
			f.ack()
		}
		if strings.Contains(m, `"id":"end"`) {
			break
		}
	}
	for f.last < floodLines {
		f.ack()
		c.until(`"logs/lines"`, f)
	}
	checkFlood(t, f)
	if f.lost() > 0 {
		t.Errorf("%d lines are lost", f.lost())
	}
}

const startFlood = `{"jsonrpc":"2.0","id":"run","method":"process/start","params":{"name":"count","command":"` + flood + `"}}`

// TestLosslessLetsGo: a process that waits for a subscription goes on when that ends,
// with its session too; and that it waits is no reason for a stop to.
func TestLosslessLetsGo(t *testing.T) {
	for name, end := range map[string]struct {
		how   func(c, other *client, f *follower)
		state string
	}{
		"unsubscribe": {func(_, _ *client, f *follower) { f.unsubscribe() }, "exited"},
		"hang up":     {func(c, _ *client, _ *follower) { c.hangUp() }, "exited"},
		"stop":        {func(_, other *client, _ *follower) { other.call("process/stop", `{"id":"count"}`) }, "stopped"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t, engine.Options{LogBudget: engine.MinLogBudget})
			s := newServer(t, e)
			c, other := connect(t, s, front.NDJSON), connect(t, s, front.NDJSON)
			f := follow(c, `{"window":1,"lossless":true,"filter":{"processes":["count"]}}`)
			other.send(startFlood)
			other.until(`"id":"run"`)
			for e.Logs.Bytes() < engine.MinLogBudget/16 {
				c.call("session/info", `{}`)
			}
			if p, err := e.Process.Get("count"); err != nil || !p.State().Alive() {
				t.Errorf("it has not waited: %+v, %v", p.Snapshot(), err)
			}
			end.how(c, other, f)
			if m := other.call("process/wait", `{"id":"count"}`); !strings.Contains(m, `"state":"`+end.state+`"`) {
				t.Errorf("it is %s", m)
			}
		})
	}
}
