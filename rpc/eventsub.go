package rpc

import (
	"sync"
	"sync/atomic"

	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// eventsPerBatch bounds one events/batch.
const eventsPerBatch = 256

// eventSub is one events/subscribe: a position in the event ring.
type eventSub struct {
	id    string
	begun atomic.Bool // the client knows the id

	activity *activity // nil unless the client named types of the proxies

	mu        sync.Mutex
	sub       *events.Subscription
	delivered uint64
	dropped   uint64
}

// eventBatch is events that have been taken and are to be sent once the lines
// logged before them have been.
type eventBatch struct {
	sub    string
	events []events.Event
	lost   events.Lost
	next   uint64
	ended  bool // the end of a process is among them
}

// take returns what is new, nil if nothing is.
func (s *eventSub) take() *eventBatch {
	if !s.begun.Load() {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list, lost := s.sub.Next(eventsPerBatch)
	if len(list) == 0 && lost.Count == 0 {
		return nil
	}
	s.delivered += uint64(len(list))
	s.dropped += lost.Count
	b := &eventBatch{sub: s.id, events: list, lost: lost, next: s.sub.Cursor()}
	for _, e := range list {
		b.ended = b.ended || e.Type == events.ProcessExited
	}
	return b
}

func (s *eventSub) totals() wire.Unsubscribed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return wire.Unsubscribed{Delivered: s.delivered, Dropped: s.dropped}
}

func (b *eventBatch) full() bool { return len(b.events) == eventsPerBatch }

func (b *eventBatch) params(epoch string) ([]byte, error) {
	w := wire.EventsBatch{Subscription: b.sub, Events: make([]wire.Event, len(b.events)), Next: formatCursor(epoch, b.next)}
	for i, e := range b.events {
		w.Events[i] = eventOf(e)
	}
	if b.lost.Count > 0 {
		w.Gap = &wire.Gap{From: b.lost.From, To: b.lost.To, Count: b.lost.Count, Reason: "overwritten"}
	}
	return wire.Encode(w)
}
