package events

import (
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"
)

// Policy says what becomes of events that come faster than a handler takes them.
type Policy uint8

const (
	// Queue keeps them in the ring until they are overwritten; then the handler
	// gets an [EngineGap] with the exact count, in their place. For edges.
	Queue Policy = iota
	// Coalesce gives only the newest of each type. For levels: what has been
	// skipped is no loss.
	Coalesce
	// Block makes who publishes wait for the handler, for Handler.Wait at the
	// most; then it is like Queue until the handler has caught up. For rooms of
	// the engine, where slowing down is better than losing: never for a client.
	// A handler of this kind must not publish: it would wait for itself.
	Block
)

// Handler is called with events, by one goroutine at a time and in the order in
// which they were published.
type Handler struct {
	Name   string // for the program's log
	Types  Set
	Policy Policy
	Wait   time.Duration // of Block
	Handle func(Event)   // a panic in it is counted and logged, and the next event is handled
}

// handling is a handler at work.
type handling struct {
	Handler
	stopped atomic.Bool
	left    atomic.Int64 // events of the batch under way that have not been handled

	// Guarded by Pool.mu.
	position
	busy bool // a worker is calling it
	late bool // has made somebody wait in vain, and not yet caught up
}

// Handle calls h for every event of its types that is published from now on,
// until stop is called; a call that is under way may end after stop has
// returned. The first handler starts the workers, [Pool.Shutdown] ends them.
func (p *Pool) Handle(h Handler) (stop func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := &handling{Handler: h}
	w.position, _ = p.ring.newPosition(h.Types, p.ring.next-1)
	p.handlers = append(p.handlers, w)
	p.askLocked(h.Types, 1)
	p.countLocked()
	p.startLocked()
	return func() { p.stop(w) }
}

func (p *Pool) stop(w *handling) {
	if w.stopped.Swap(true) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handlers = slices.DeleteFunc(p.handlers, func(o *handling) bool { return o == w })
	p.askLocked(w.Types, -1)
	p.countLocked()
	p.movedLocked(w)
}

// countLocked brings what Publish looks at up to date.
func (p *Pool) countLocked() {
	p.handled, p.coalesced, p.blocking = 0, 0, 0
	for _, h := range p.handlers {
		p.handled |= h.Types
		switch h.Policy {
		case Coalesce:
			p.coalesced |= h.Types
		case Block:
			p.blocking++
		}
	}
}

// take reads what the handler is to be given next.
func (h *handling) take(p *Pool, buf []Event, limit int) ([]Event, Lost) {
	if h.Policy == Coalesce {
		return p.takeNewestLocked(h, buf), Lost{}
	}
	return h.read(&p.ring, buf, limit)
}

// numbered is an event with its number.
type numbered struct {
	event Event
	n     uint64
}

// keepNewestLocked keeps an event for those who want only the newest: it may be
// pushed out of the ring before they come to it.
func (p *Pool) keepNewestLocked(e Event) {
	if p.coalesced.Has(e.Type) {
		p.newest[e.Type] = numbered{e, p.ring.next - 1}
	}
}

// takeNewestLocked takes the newest of each type that the handler has not seen,
// in the order in which they were published.
func (p *Pool) takeNewestLocked(h *handling, buf []Event) []Event {
	var found [NumTypes]numbered
	some := found[:0]
	h.types.each(func(t Type) {
		if p.ring.last[t] > h.cursor {
			some = append(some, p.newest[t])
		}
	})
	slices.SortFunc(some, func(a, b numbered) int { return int(int64(a.n) - int64(b.n)) })
	for _, e := range some {
		buf = append(buf, e.event)
	}
	h.cursor, h.seen = p.ring.next-1, p.ring.total
	return buf
}

// call gives the handler one event. It reports whether it went well.
func (h *handling) call(p *Pool, e Event) {
	defer func() {
		if v := recover(); v != nil {
			p.panicked(h, e, v)
		}
	}()
	h.Handler.Handle(e)
}

func (p *Pool) panicked(h *handling, e Event, v any) {
	p.mu.Lock()
	p.panics++
	p.mu.Unlock()
	p.logf("events: the handler %s has panicked at %s: %v\n%s", h.Name, e.Type, v, debug.Stack())
}
