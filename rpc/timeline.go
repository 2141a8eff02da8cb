package rpc

import (
	"cmp"
	"slices"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy/telemetry"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// Why an event is in a timeline; see wire.TimelineEvent.
const (
	byAsked   = "asked"
	byID      = "id"
	bySession = "session"
	byProcess = "process"
	byTime    = "time"
)

// timelineQuery puts side by side what the browser, the proxy and the processes
// know of the same moments. What belongs together by an id is said to; what only
// happened at the same time is said to have done that.
func timelineQuery(c *call, p wire.TimelineParams) (wire.Timeline, error) {
	limit, err := limitOf(p.Limit, defaultLimit, maxQuery, "limit")
	if err != nil {
		return wire.Timeline{}, err
	}
	given := 0
	for _, is := range []bool{p.Request != "", p.Session != "", p.SinceMs != 0} {
		if is {
			given++
		}
	}
	if given != 1 {
		return wire.Timeline{}, invalidParams("", "give one of request, session and sinceMs")
	}
	t := &timeline{call: c, limit: limit, lines: map[uint64]bool{}}
	switch {
	case p.Request != "":
		err = t.ofRequest(p.Request)
	case p.Session != "":
		err = t.ofSession(p.Session)
	default:
		err = t.since(p.SinceMs)
	}
	if err != nil {
		return wire.Timeline{}, err
	}
	slices.SortStableFunc(t.out.Events, func(a, b wire.TimelineEvent) int { return cmp.Compare(a.T, b.T) })
	return t.out, nil
}

// timeline gathers events.
type timeline struct {
	call  *call
	limit int
	lines map[uint64]bool // the lines that are in it, by number
	out   wire.Timeline
}

func (t *timeline) ofRequest(id string) error {
	x, err := t.call.engine.Proxy.History.Find(id)
	if err != nil {
		return err
	}
	row := x.Row()
	t.addRequest(row, byAsked)
	t.addPages(telemetry.Filter{Request: id}, byID)
	return t.addWindow(row)
}

func (t *timeline) ofSession(id string) error {
	store := t.call.engine.Proxy.Telemetry
	events, _, _ := store.Page(telemetry.Filter{Session: id}, nil, t.limit)
	if len(events) == 0 {
		return failed("telemetry.sessionNotFound", "nothing is held of a page \""+id+"\"; telemetry/sessions lists those there are")
	}
	t.addPages(telemetry.Filter{Session: id}, bySession)
	seen := map[string]bool{}
	for _, e := range events {
		if e.Request == "" || seen[e.Request] {
			continue
		}
		seen[e.Request] = true
		x, err := t.call.engine.Proxy.History.Find(e.Request)
		if err != nil {
			continue // it had to make room
		}
		row := x.Row()
		t.addRequest(row, byID)
		if err := t.addWindow(row); err != nil {
			return err
		}
	}
	return nil
}

func (t *timeline) since(ms int64) error {
	rows, _, _ := t.call.engine.Proxy.History.Page(proxy.Filter{Since: time.UnixMilli(ms)}, nil, t.limit+1)
	t.out.More = len(rows) > t.limit
	for _, r := range rows[max(0, len(rows)-t.limit):] {
		t.addRequest(r, byTime)
	}
	t.addPages(telemetry.Filter{Since: ms}, byTime)
	return t.addLines(logs.Filter{Since: ms}, byTime)
}

func (t *timeline) add(e wire.TimelineEvent) { t.out.Events = append(t.out.Events, e) }

func (t *timeline) addRequest(r proxy.Row, by string) {
	w := requestOf(r)
	t.add(wire.TimelineEvent{T: w.T, By: by, Request: &w})
}

func (t *timeline) addPages(f telemetry.Filter, by string) {
	list, _, _ := t.call.engine.Proxy.Telemetry.Page(f, nil, t.limit+1)
	t.out.More = t.out.More || len(list) > t.limit
	events := pageEvents(list[max(0, len(list)-t.limit):])
	for i := range events {
		t.add(wire.TimelineEvent{T: events[i].T, By: by, Page: &events[i]})
	}
}

// addWindow adds what the request's process printed while it was under way.
func (t *timeline) addWindow(r proxy.Row) error {
	if r.Process == "" {
		return nil
	}
	until := time.Now()
	if r.Ended {
		until = r.Started.Add(r.Timings.Total)
	}
	return t.addLines(logs.Filter{
		Processes: []string{r.Process}, Since: r.Started.UnixMilli(), Until: until.UnixMilli(),
	}, byProcess)
}

func (t *timeline) addLines(f logs.Filter, by string) error {
	page, err := t.call.engine.Logs.ReadBack(t.call.overlap(), logs.Query{Filter: f, Limit: t.limit, Bytes: pageBytes}, 0)
	if err != nil {
		return err
	}
	t.out.More = t.out.More || page.More
	for i := range page.Records {
		l := lineOf(&page.Records[i], false)
		if !t.lines[l.Seq] {
			t.lines[l.Seq] = true
			t.add(wire.TimelineEvent{T: l.T, By: by, Line: &l})
		}
	}
	return nil
}
