package rpc

import (
	"reflect"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// TestEventData: what the document says of an event's data is what eventOf
// makes of it, and an event that eventOf knows is not called unpublished.
func TestEventData(t *testing.T) {
	samples := map[events.Type]events.Data{
		events.ProcessStarted: events.Started{}, events.ProcessReady: events.Ready{},
		events.ProcessExited: events.Exited{}, events.ProcessRestarting: events.Restarting{},
		events.LogLine: events.Line{}, events.ErrorDetected: events.Detected{}, events.BuildEvent: events.Build{},
		events.TestPassed: events.Test{}, events.TestFailed: events.Test{}, events.URLDetected: events.URL{},
		events.ClientConnected: events.Client{}, events.ClientDisconnected: events.Client{},
		events.MCPConnected: events.MCP{}, events.MCPDisconnected: events.MCP{}, events.MCPActivity: events.MCP{},
		events.EngineGap: events.Gap{}, events.PortConflict: events.Conflict{},
		events.ProxyRequest: events.Request{}, events.TelemetryError: events.PageError{},
	}
	if len(samples) != int(events.NumTypes) {
		t.Errorf("%d samples, but there are %d types", len(samples), events.NumTypes)
	}
	for typ, data := range samples {
		got := eventOf(events.Event{Type: typ, Data: data}).Data
		for _, w := range wire.Events {
			if w.Name == typ.String() && reflect.TypeOf(w.Data) != reflect.TypeOf(got) {
				t.Errorf("%s: the document says %T, eventOf makes %T", typ, w.Data, got)
			}
		}
	}
}

// TestClientsAndLinesAreTold: a client learns that another comes and goes, and,
// if it asks for log.line by name, that lines have come and which.
func TestClientsAndLinesAreTold(t *testing.T) {
	s := newServer(t, newEngine(t, engine.Options{}))
	c := connect(t, s, front.NDJSON)
	c.call("events/subscribe", `{"types":["client.*","log.line"]}`)
	other := connect(t, s, front.Header)
	other.call("process/start", `{"name":"two","command":"echo one; echo two"}`)
	var told []wire.Event // and not yet looked at: several may come at once
	seen := func(typ string) wire.Event {
		for {
			for len(told) > 0 {
				e := told[0]
				if told = told[1:]; e.Type == typ {
					return e
				}
			}
			message, ok := c.receive()
			if !ok {
				t.Fatalf("no %s", typ)
			}
			var m struct{ Params wire.EventsBatch }
			if err := json.Unmarshal([]byte(message), &m, json.MatchCaseInsensitiveNames(true)); err != nil {
				t.Fatal(err)
			}
			told = m.Params.Events
		}
	}
	if data := seen("client.connected").Data.(map[string]any); data["session"] != "2" {
		t.Errorf("connected: %v", data)
	}
	for last := uint64(0); last < 2; {
		last = seen("log.line").Seq
	}
	other.eof()
	if data := seen("client.disconnected").Data.(map[string]any); data["session"] != "2" {
		t.Errorf("disconnected: %v", data)
	}
}
