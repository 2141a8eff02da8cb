package rpc

import (
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// maxSubscriptions is how many subscriptions one session may have.
const maxSubscriptions = 256

func (p *pump) addLogs(s *logSub, answer *front.Call) (id string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.id, err = p.nextIDLocked(); err == nil {
		if len(p.logs) == 0 { // a flood that nobody follows need not wake the pump
			p.unwatch = p.engine.Logs.Watch(p.bell)
		}
		p.logs = append(slices.Clip(p.logs), s)
		p.beginAfter(answer, &s.begun)
	}
	return s.id, err
}

func (p *pump) addEvents(s *eventSub, answer *front.Call) (id string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.id, err = p.nextIDLocked(); err == nil {
		p.events = append(slices.Clip(p.events), s)
		p.beginAfter(answer, &s.begun)
	}
	return s.id, err
}

func (p *pump) addMetrics(s *metricSub, answer *front.Call) (id string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.id, err = p.nextIDLocked(); err == nil {
		s.release = p.engine.Monitor.Hold()
		p.metrics = append(slices.Clip(p.metrics), s)
		p.beginAfter(answer, &s.begun)
	}
	return s.id, err
}

// beginAfter lets a subscription begin once the client has been told its id: a
// client that reads in order never gets anything of a subscription that it does
// not know.
func (p *pump) beginAfter(answer *front.Call, begun *atomic.Bool) {
	answer.After(func() {
		begun.Store(true)
		p.kick()
	})
}

func (p *pump) nextIDLocked() (string, error) {
	if p.session.framing == front.HTTP {
		return "", failed("session.noPush", "a subscription needs a connection that stays open: HTTP has none, use logs/query or the socket itself")
	}
	if n := len(p.logs) + len(p.events) + len(p.metrics); n >= maxSubscriptions {
		return "", failed("limit.tooLarge", fmt.Sprintf("the session has %d subscriptions, which is the limit: unsubscribe some", n))
	}
	p.count++
	return strconv.Itoa(p.count), nil
}

func (p *pump) findLogs(id string) (*logSub, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.logs {
		if s.id == id {
			return s, nil
		}
	}
	return nil, noSubscription(id)
}

func (p *pump) removeLogs(id string) (*logSub, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, s := range p.logs {
		if s.id == id {
			p.logs = slices.Delete(slices.Clone(p.logs), i, i+1)
			if len(p.logs) == 0 {
				p.unwatch()
				p.unwatch = nil
			}
			return s, nil
		}
	}
	return nil, noSubscription(id)
}

func (p *pump) removeEvents(id string) (*eventSub, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, s := range p.events {
		if s.id == id {
			p.events = slices.Delete(slices.Clone(p.events), i, i+1)
			return s, nil
		}
	}
	return nil, noSubscription(id)
}

func (p *pump) removeMetrics(id string) (*metricSub, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, s := range p.metrics {
		if s.id == id {
			p.metrics = slices.Delete(slices.Clone(p.metrics), i, i+1)
			return s, nil
		}
	}
	return nil, noSubscription(id)
}

func noSubscription(id string) error {
	if id == "" {
		return missing("subscription")
	}
	return failed("subscription.notFound", fmt.Sprintf("there is no subscription %q in this session", id))
}
