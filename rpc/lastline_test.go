package rpc

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// TestExitAfterLastLine: no client is told of the end of a process before its
// last line, whether by an event, a changed state or the answer to a wait, each
// alone. Ends with code and by signal, with and without output, and lines that
// come shortly behind each other, so that the second is gathered.
func TestExitAfterLastLine(t *testing.T) {
	scripts := []string{
		"echo one; echo two", "printf 'no end of line'", "seq 1000", "echo out; echo err >&2", "true",
		"echo bye; exit 3", "echo bye; kill $$", "seq 300 >&2; printf x", "sleep 0.08; echo a; sleep 0.005; echo b",
	}
	for _, framing := range framings {
		for how, prepare := range map[string]func(c *client){
			"state": func(c *client) { c.call("session/watch", `{"topics":["process"]}`) },
			"event": func(c *client) { c.call("events/subscribe", `{"types":["process.exited"]}`) },
			"wait":  func(*client) {},
		} {
			t.Run(framing.String()+" "+how, func(t *testing.T) {
				c := connect(t, newServer(t, newEngine(t, engine.Options{})), framing)
				prepare(c)
				f := follow(c, `{"window":0}`)
				told := map[string]int{}
				for n := range 3 * len(scripts) {
					name := fmt.Sprint("p", n)
					command, _ := json.Marshal(scripts[n%len(scripts)])
					c.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"process/start","params":{"name":%q,"command":%s}}`, 2*n, name, command))
					if how == "wait" {
						c.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"process/wait","params":{"id":%q}}`, 2*n+1, name))
					}
					for told[how+" of "+name] == 0 {
						m, ok := c.receive()
						if !ok {
							t.Fatal("the session has ended")
						}
						f.take(m)
						for _, end := range endsIn(m) {
							told[end.how+" of "+end.process]++
							if end.final > f.last {
								t.Errorf("%s: the %s of %s comes when %d lines have, but its last line is %d", command, end.how, end.process, f.last, end.final)
							}
						}
					}
				}
				for what, times := range told {
					if times != 1 && how != "state" {
						t.Errorf("the %s is told %d times", what, times)
					}
				}
			})
		}
	}
}

// end is that somebody was told of the end of a process.
type end struct {
	how, process string
	final        uint64
}

// endsIn is the ends that a message tells of.
func endsIn(message string) (ends []end) {
	var m struct {
		Method string
		Params struct {
			Processes []wire.Process
			Events    []struct {
				Process string
				Data    wire.ExitedData
			}
		}
		Result wire.Process
	}
	json.Unmarshal([]byte(message), &m)
	for _, p := range m.Params.Processes {
		if p.ExitedAt != 0 {
			ends = append(ends, end{"state", p.ID, p.FinalSeq})
		}
	}
	for _, e := range m.Params.Events {
		ends = append(ends, end{"event", e.Process, e.Data.FinalSeq})
	}
	if m.Result.ExitedAt != 0 {
		ends = append(ends, end{"wait", m.Result.ID, m.Result.FinalSeq})
	}
	return ends
}
