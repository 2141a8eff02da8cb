package rpc

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy/telemetry"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// activity follows the proxies for one events/subscribe that names their types.
// It belongs to the pump's goroutine once the subscription has begun. It is a
// position in what the rooms hold, not a queue: nil is a position that is not
// followed.
type activity struct {
	requests *uint64 // revision of the history
	reports  *uint64 // number of an event of a page
	sentAt   time.Time
	stop     func()
}

// activityDelay is how long changes are gathered, and activityItems how many go
// into one notification.
const (
	activityDelay = 100 * time.Millisecond
	activityItems = 200
)

// follow makes an activity for the types that a client has named, nil for none.
// All types, unnamed, are events only.
func (p *pump) follow(types []string) *activity {
	named := func(prefix string) bool {
		return slices.ContainsFunc(types, func(t string) bool { return strings.HasPrefix(t, prefix) })
	}
	a := &activity{}
	if named("proxy.") {
		n := p.engine.Proxy.History.Revision()
		a.requests = &n
	}
	if named("telemetry.") {
		n := p.engine.Proxy.Telemetry.Head()
		a.reports = &n
	}
	if a.requests == nil && a.reports == nil {
		return nil
	}
	a.stop = p.engine.Proxy.Watch(p.bell)
	return a
}

// close ends it; a may be nil.
func (a *activity) close() {
	if a != nil {
		a.stop()
	}
}

// send tells what is new, if enough time has passed or everything must go. It
// returns when to look again.
func (a *activity) send(ctx context.Context, p *pump, all bool) (time.Duration, error) {
	if !a.behind(p) {
		return never, nil
	}
	if wait := time.Until(a.sentAt.Add(activityDelay)); wait > 0 && !all {
		return wait, nil
	}
	a.sentAt = time.Now()
	if a.requests != nil {
		if err := a.sendRequests(ctx, p); err != nil {
			return 0, err
		}
	}
	if a.reports != nil {
		if err := a.sendReports(ctx, p); err != nil {
			return 0, err
		}
	}
	if a.behind(p) {
		return activityDelay, nil
	}
	return never, nil
}

func (a *activity) behind(p *pump) bool {
	return a.requests != nil && *a.requests < p.engine.Proxy.History.Revision() ||
		a.reports != nil && *a.reports < p.engine.Proxy.Telemetry.Head()
}

func (a *activity) sendRequests(ctx context.Context, p *pump) error {
	h := p.engine.Proxy.History
	lost := h.Lost(*a.requests)
	rows, next, _ := h.Page(proxy.Filter{}, a.requests, activityItems)
	*a.requests = next
	if len(rows) == 0 && lost == 0 {
		return nil
	}
	w := wire.ProxyActivity{Items: make([]wire.Request, len(rows)), Next: formatCursor(p.engine.Epoch, next), Lost: lost}
	for i, r := range rows {
		w.Items[i] = requestOf(r)
	}
	return p.tell(ctx, "proxy/activity", w)
}

func (a *activity) sendReports(ctx context.Context, p *pump) error {
	s := p.engine.Proxy.Telemetry
	lost := s.Lost(*a.reports)
	list, next, _ := s.Page(telemetry.Filter{}, a.reports, activityItems)
	*a.reports = next
	if len(list) == 0 && lost == 0 {
		return nil
	}
	return p.tell(ctx, "telemetry/activity", wire.TelemetryActivity{
		Items: pageEvents(list), Next: formatCursor(p.engine.Epoch, next), Lost: lost,
	})
}

// tell encodes and sends a notification.
func (p *pump) tell(ctx context.Context, method string, params any) error {
	encoded, err := wire.Encode(params)
	if err != nil {
		return err
	}
	return p.notify(ctx, method, encoded)
}
