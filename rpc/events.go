package rpc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func eventsSubscribe(c *call, p wire.EventsParams) (wire.Subscribed, error) {
	set, err := eventSet(p.Types)
	if err != nil {
		return wire.Subscribed{}, err
	}
	after, foreign := c.engine.Events.Head(), false
	if p.Since != nil {
		n, ours, err := parseCursor(c.engine.Epoch, *p.Since, "/since")
		if err != nil {
			return wire.Subscribed{}, err
		}
		after, foreign = n, !ours
		if foreign {
			after = 0
		}
	}
	sub, fresh := c.engine.Events.Subscribe(set, after)
	e := &eventSub{sub: sub, activity: c.pump.follow(p.Types)}
	cursor := c.cursor(sub.Cursor())
	id, err := c.pump.addEvents(e, c.request.Call)
	if err != nil {
		e.activity.close()
	}
	return wire.Subscribed{Subscription: id, Cursor: cursor, Fresh: fresh || foreign}, err
}

func eventsUnsubscribe(c *call, p wire.SubscriptionParams) (wire.Unsubscribed, error) {
	e, err := c.pump.removeEvents(p.Subscription)
	if err != nil {
		return wire.Unsubscribed{}, err
	}
	e.sub.Close()
	e.activity.close()
	return e.totals(), nil
}

// eventSet reads the names of types. A name ending in * is a prefix; a name of
// the protocol that no room publishes yet is fine, and never comes.
func eventSet(names []string) (events.Set, error) {
	if len(names) == 0 {
		return events.All(), nil
	}
	var set events.Set
	for _, name := range names {
		prefix, open := strings.CutSuffix(name, "*")
		known := false
		for _, t := range wire.EventTypes {
			if t != name && !(open && strings.HasPrefix(t, prefix)) {
				continue
			}
			known = true
			if typ, ok := events.ParseType(t); ok {
				set |= events.Of(typ)
			}
		}
		if !known {
			return set, invalidParams("/types", fmt.Sprintf("there is no event type %q: %s", name, strings.Join(slices.Clone(wire.EventTypes), ", ")))
		}
	}
	return set, nil
}

func eventOf(e events.Event) wire.Event {
	w := wire.Event{Type: e.Type.String(), T: e.Time, Process: e.Process}
	switch d := e.Data.(type) {
	case events.Started:
		w.Data = wire.StartedData{Run: d.Run, PID: d.PID}
	case events.Exited:
		data := wire.ExitedData{Run: d.Run, Signal: d.Signal, Core: d.Core, FinalSeq: d.FinalSeq}
		if d.Signal == "" {
			data.ExitCode = &d.ExitCode
		}
		w.Data, w.Seq = data, d.FinalSeq
	case events.Ready:
		w.Data = wire.ReadyData{Run: d.Run, AfterMs: d.AfterMs}
	case events.Restarting:
		w.Data = wire.RestartingData{Run: d.Run, Attempt: d.Attempt, DelayMs: d.DelayMs, Reason: d.Reason}
	case events.Conflict:
		w.Data = wire.ConflictData{Run: d.Run, Port: d.Port, PID: d.PID, Command: d.Command, Holder: d.Holder}
	case events.Line:
		w.Data, w.Seq = wire.LineData{Count: d.Count}, d.Seq
	case events.Request:
		w.Data = wire.RequestData{ID: d.ID, Proxy: d.Proxy, Method: d.Method, URL: d.URL, Status: d.Status, Ms: d.Millis, Failed: d.Failed}
	case events.PageError:
		w.Data = wire.PageErrorData{Session: d.Session, Proxy: d.Proxy, Kind: d.Kind, Message: d.Message, Source: d.Source, Line: d.Line, Column: d.Column}
	case events.Detected:
		w.Seq = d.Seq
		w.Data = wire.DetectedData{
			Problem: d.Problem, Severity: d.Severity, Source: d.Source, Type: d.Type, Message: d.Message,
			File: d.File, Line: d.Line, Character: d.Character, LastSeq: d.LastSeq, Group: d.Group, Final: d.Final,
		}
	case events.Build:
		data := wire.BuildData{Tool: d.Tool, Phase: d.Phase, Part: d.Part, Errors: d.Errors, Warnings: d.Warnings, Tests: d.Tests}
		if d.Percent >= 0 {
			data.Percent = &d.Percent
		}
		w.Data, w.Seq = data, d.Seq
	case events.Test:
		w.Data, w.Seq = wire.TestData{Name: d.Name, Message: d.Message, DurationMs: d.DurationMs}, d.Seq
	case events.URL:
		w.Data, w.Seq = wire.URLData{URL: d.URL, Port: d.Port, State: d.State}, d.Seq
	case events.Client:
		w.Data = wire.ClientData{Session: d.ID, Name: d.Name}
	case events.MCP:
		w.Data = wire.MCPData{Session: d.Session, Client: d.Client, Tool: d.Tool}
	}
	return w
}
