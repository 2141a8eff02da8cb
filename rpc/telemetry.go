package rpc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy/telemetry"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func telemetrySessions(c *call, p wire.PagesParams) (wire.Pages, error) {
	pages := c.engine.Proxy.Telemetry.Sessions(p.Proxy)
	out := wire.Pages{Sessions: make([]wire.Page, len(pages)), Dropped: c.engine.Proxy.Telemetry.Dropped()}
	for i, s := range pages {
		out.Sessions[i] = wire.Page{
			ID: s.ID, Proxy: s.Proxy, URL: s.URL, Agent: s.Agent, Request: s.Request, Started: s.Started, Last: s.Last,
			Counts: s.Counts, Dropped: s.Dropped, Vitals: s.Vitals,
		}
	}
	return out, nil
}

func telemetryEvents(c *call, p wire.PageEventsParams) (wire.PageEvents, error) {
	limit, err := limitOf(p.Limit, defaultLimit, maxQuery, "limit")
	if err != nil {
		return wire.PageEvents{}, err
	}
	for i, k := range p.Kinds {
		if !slices.Contains(telemetry.Kinds, k) {
			return wire.PageEvents{}, invalidParams(fmt.Sprintf("/kinds/%d", i), fmt.Sprintf("there is no kind %q: %s", k, strings.Join(telemetry.Kinds, ", ")))
		}
	}
	after, err := c.position(p.After)
	if err != nil {
		return wire.PageEvents{}, err
	}
	s := c.engine.Proxy.Telemetry
	var lost uint64
	if after != nil {
		lost = s.Lost(*after)
	}
	list, next, more := s.Page(telemetry.Filter{Session: p.Session, Proxy: p.Proxy, Request: p.Request, Kinds: p.Kinds}, after, limit)
	return wire.PageEvents{Events: pageEvents(list), Next: formatCursor(c.engine.Epoch, next), More: more, Lost: lost}, nil
}

// position reads a cursor of the proxies' rooms, nil for none. One of another
// epoch stands for the beginning.
func (c *call) position(cursor *string) (*uint64, error) {
	if cursor == nil {
		return nil, nil
	}
	n, ours, err := parseCursor(c.engine.Epoch, *cursor, "/after")
	if err != nil {
		return nil, err
	}
	if !ours {
		n = 0
	}
	return &n, nil
}

func pageEvents(list []telemetry.Event) []wire.PageEvent {
	out := make([]wire.PageEvent, len(list))
	for i, e := range list {
		out[i] = wire.PageEvent{
			Seq: e.Seq, Session: e.Session, Proxy: e.Proxy, Kind: e.Kind, T: e.Time, Page: e.Page, Level: e.Level,
			Message: e.Message, Source: e.Source, Line: e.Line, Column: e.Column, Stack: e.Stack, Tag: e.Tag, URL: e.URL,
			Name: e.Name, Rating: e.Rating, Value: e.Value, Status: e.Status, Request: e.Request, Frames: pageFrames(e.Frames),
		}
	}
	return out
}

func pageFrames(list []telemetry.Frame) []wire.PageFrame {
	var out []wire.PageFrame
	for _, f := range list {
		out = append(out, wire.PageFrame{Function: f.Function, URL: f.URL, File: f.File, Line: f.Line, Column: f.Column})
	}
	return out
}
