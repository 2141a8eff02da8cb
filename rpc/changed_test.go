package rpc

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// mirror is a client's own list of processes, kept up by process/changed.
type mirror struct {
	*client
	revision uint64
	byID     map[string]wire.Process
}

// newMirror begins with the list as it is.
func newMirror(c *client) *mirror {
	c.t.Helper()
	m := &mirror{client: c}
	m.revision, m.byID = m.list()
	return m
}

func (m *mirror) list() (uint64, map[string]wire.Process) {
	m.t.Helper()
	var answer struct{ Result wire.ProcessList }
	if err := json.Unmarshal([]byte(m.call("process/list", "{}")), &answer); err != nil {
		m.t.Fatal(err)
	}
	byID := map[string]wire.Process{}
	for _, p := range answer.Result.Processes {
		byID[p.ID] = p
	}
	return answer.Result.Revision, byID
}

// catchUp applies notifications up to a revision.
func (m *mirror) catchUp(revision uint64) {
	m.t.Helper()
	for m.revision < revision {
		message, ok := m.receive()
		if !ok {
			m.t.Fatal("the session has ended")
		}
		var note struct {
			Method string
			Params wire.ProcessChanged
		}
		if json.Unmarshal([]byte(message), &note); note.Method != "process/changed" {
			continue
		}
		if p := note.Params; p.Previous != m.revision || p.Revision <= p.Previous {
			m.t.Fatalf("the client has revision %d, and is told what has changed from %d to %d", m.revision, p.Previous, p.Revision)
		}
		m.revision = note.Params.Revision
		for _, p := range note.Params.Processes {
			m.byID[p.ID] = p
		}
		for _, id := range note.Params.Removed {
			delete(m.byID, id)
		}
	}
}

// TestChanged: a client that applies every process/changed has at any time what
// process/list says.
func TestChanged(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing.String(), func(t *testing.T) {
			s := newServer(t, newEngine(t, engine.Options{}))
			c := connect(t, s, framing)
			c.call("session/watch", `{"topics":["process"]}`)
			m := newMirror(c)
			actor := connect(t, s, front.NDJSON)
			for _, step := range []struct{ method, params string }{
				{"process/start", `{"name":"a","command":["sleep","600"]}`},
				{"process/start", `{"name":"b","command":["true"]}`},
				{"process/start", `{"name":"c","command":["/no/such/program"]}`},
				{"process/wait", `{"id":"b"}`},
				{"process/restart", `{"id":"a"}`},
				{"process/remove", `{"id":"c"}`},
				{"process/start", `{"name":"b","command":["false"]}`},
				{"process/wait", `{"id":"b"}`},
				{"process/stopAll", `{}`},
				{"process/remove", `{"id":"a"}`},
			} {
				if answer := actor.call(step.method, step.params); strings.Contains(answer, `"code"`) && !strings.Contains(answer, "no/such") {
					t.Fatal(answer)
				}
				if step.method == "process/start" {
					continue // let some of it gather
				}
				revision, want := m.list()
				m.catchUp(revision)
				if diff := cmp.Diff(want, maps.Clone(m.byID)); diff != "" {
					t.Errorf("after %s: -process/list +process/changed:\n%s", step.method, diff)
				}
			}
		})
	}
}

// TestUnasked: only header clients are told of processes without asking.
func TestUnasked(t *testing.T) {
	const news = `"process/changed"`
	for _, framing := range framings {
		c := dial(t, newServer(t, newEngine(t, engine.Options{})), framing)
		c.call("initialize", "{}")
		c.call("process/start", `{"name":"a","command":["true"]}`)
		c.call("process/wait", `{"id":"a"}`)
		if framing == front.Header { // it comes by itself, and the end of input would cut it off
			for !strings.Contains(strings.Join(c.early, "\n"), news) {
				m, ok := c.next()
				if !ok {
					t.Fatalf("nothing came unasked but %q", c.early)
				}
				c.early = append(c.early, m)
			}
			continue
		}
		c.eof()
		c.exitCode()
		for m := range c.inbox {
			c.early = append(c.early, m)
		}
		if strings.Contains(strings.Join(c.early, "\n"), news) {
			t.Errorf("%v: unasked came %q", framing, c.early)
		}
	}
}
