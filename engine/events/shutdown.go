package events

import (
	"context"
	"fmt"
	"strings"
)

// Shutdown refuses what is published from now on, gives the handlers what was
// published before, and ends the workers. If ctx ends first, the error says how
// many events which handlers were not given; a handler that never returns then
// keeps its worker, since Go can't end it.
func (p *Pool) Shutdown(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	p.sleepers = 0
	if p.room != nil {
		close(p.room)
		p.room = nil
	}
	started := p.alive > 0
	p.mu.Unlock()
	p.work.Broadcast()
	if !started {
		return nil
	}
	select {
	case <-p.finished:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.abandoned = true
	return p.missingLocked()
}

// missingLocked says what has not been delivered; nil if everything has.
func (p *Pool) missingLocked() error {
	var names []string
	for _, h := range p.handlers {
		if n := h.missing(&p.ring); n > 0 {
			p.undelivered += n
			names = append(names, fmt.Sprintf("%s: %d", h.Name, n))
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("events: shut down before handlers were given all events (%s)", strings.Join(names, ", "))
}

// missing counts the events that a handler has still to be given, the one that
// it is handling included.
func (h *handling) missing(r *ring) uint64 {
	n := uint64(0)
	h.types.each(func(t Type) {
		switch {
		case h.Policy != Coalesce:
			n += r.total[t] - h.seen[t]
		case r.last[t] > h.cursor:
			n++
		}
	})
	return n + uint64(h.left.Load())
}
