package events

import (
	"runtime"
	"sync"
	"time"
)

// batch is how many events a worker gives to one handler before it looks
// whether another has waited longer.
const batch = 64

// crew is the workers and what they work on. All of it is guarded by Pool.mu:
// whether there is work is looked at, and slept on, under the lock under which
// work is added, so no call for a worker can be lost.
type crew struct {
	work      *sync.Cond // signalled once for each sleeper that is needed
	size      int
	alive     int
	sleepers  int           // those that have not been signalled yet
	finished  chan struct{} // closed by the last worker
	abandoned bool          // Shutdown has given up: nobody takes more work

	handlers  []*handling
	turn      int // the handler to look at first
	handled   Set // types that have a handler
	coalesced Set
	newest    [NumTypes]numbered // of the coalesced types

	blocking int           // handlers that may make a publisher wait
	room     chan struct{} // closed when one of them has moved; nil while nobody waits
}

func newCrew(mu sync.Locker, size int) crew {
	return crew{work: sync.NewCond(mu), size: size, finished: make(chan struct{})}
}

func defaultWorkers() int { return min(MaxWorkers, max(2, runtime.GOMAXPROCS(0))) }

// startLocked starts the workers, once.
func (p *Pool) startLocked() {
	if p.alive > 0 || p.closed {
		return
	}
	p.alive = p.size
	for range p.size {
		go p.toil()
	}
}

// toil is a worker's life.
func (p *Pool) toil() {
	buf := make([]Event, 0, max(batch, int(NumTypes)))
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.abandoned {
		if h := p.nextLocked(); h != nil {
			p.serveLocked(h, buf)
		} else if p.closed {
			break // what a busy handler leaves is taken by the worker that calls it
		} else {
			p.sleepers++
			p.work.Wait()
		}
	}
	if p.alive--; p.alive == 0 {
		close(p.finished)
	}
}

// nextLocked finds a handler that has something to handle, each in its turn.
func (p *Pool) nextLocked() *handling {
	for i := range p.handlers {
		at := (p.turn + i) % len(p.handlers)
		if h := p.handlers[at]; !h.busy && h.behind(&p.ring) {
			p.turn = at + 1
			return h
		}
	}
	return nil
}

// serveLocked gives a batch to a handler. While it runs the lock is free, and
// the handler is busy: no other worker calls it.
func (p *Pool) serveLocked(h *handling, buf []Event) {
	events, lost := h.take(p, buf, batch)
	p.gaps += lost.Count
	h.busy = true
	h.left.Store(int64(len(events)))
	if p.sleepers > 0 && p.nextLocked() != nil {
		p.sleepers--
		p.work.Signal() // one event may be work for several
	}
	p.movedLocked(h)
	p.mu.Unlock()
	if lost.Count > 0 {
		h.call(p, Event{Type: EngineGap, Time: Now(), Data: Gap(lost)})
	}
	for _, e := range events {
		if h.stopped.Load() {
			break
		}
		h.call(p, e)
		h.left.Add(-1)
	}
	clear(events) // let go of what they refer to
	p.mu.Lock()
	h.busy = false
	p.delivered += uint64(len(events)) - uint64(h.left.Load())
}

// movedLocked tells publishers that wait for room that there may be some.
func (p *Pool) movedLocked(h *handling) {
	if h.late && h.cursor+1 >= p.ring.first {
		h.late = false
	}
	if p.room != nil {
		close(p.room)
		p.room = nil
	}
}

// waitForRoomLocked is for handlers that may make a publisher wait: it returns
// when adding e pushes out nothing that one of them has not taken, or when they
// have been waited for long enough.
func (p *Pool) waitForRoomLocked(e Event) {
	var begun time.Time
	for p.ring.pressed(e) && !p.closed {
		h := p.unreadLocked()
		if h == nil {
			p.ring.drop()
			continue
		}
		if begun.IsZero() {
			begun = time.Now()
		}
		if wait := h.Wait - time.Since(begun); wait > 0 {
			p.awaitLocked(wait)
		} else {
			h.late = true
		}
	}
}

// unreadLocked is a blocking handler that has not taken the oldest event.
func (p *Pool) unreadLocked() *handling {
	for _, h := range p.handlers {
		if h.Policy == Block && !h.late && h.cursor < p.ring.first && h.types.Has(p.ring.at(p.ring.first).event.Type) {
			return h
		}
	}
	return nil
}

// awaitLocked lets go of the lock until a handler has moved, or for so long.
func (p *Pool) awaitLocked(wait time.Duration) {
	if p.room == nil {
		p.room = make(chan struct{})
	}
	room := p.room
	p.mu.Unlock()
	defer p.mu.Lock()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-room:
	case <-timer.C:
	}
}
