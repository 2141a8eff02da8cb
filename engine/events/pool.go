package events

import (
	"sync"

	"github.com/VictoriaMetrics/metrics"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
)

// capacity is how many events are kept: at the rate of a busy workspace
// (265 a second) about fifteen seconds for a client that has stopped reading.
const capacity = 4096

// Pool is the ring of the newest events.
type Pool struct {
	bells wake.Bells

	mu    sync.Mutex
	ring  [capacity]slot
	next  uint64           // the number of the next event; the first is 1
	total [NumTypes]uint64 // events published, by type
	gone  [NumTypes]uint64 // of those, overwritten
}

type slot struct {
	event Event
	nth   uint64 // among the events of its type, from 1
}

// New returns an empty pool whose metrics are in set.
func New(set *metrics.Set) *Pool {
	p := &Pool{next: 1}
	if set != nil {
		set.NewGauge("brummer_events_published_total", func() float64 { return float64(p.Head()) })
	}
	return p
}

// Publish adds an event and wakes the subscribers. It never waits for one.
func (p *Pool) Publish(e Event) {
	p.mu.Lock()
	s := &p.ring[p.next%capacity]
	if s.nth != 0 {
		p.gone[s.event.Type]++
	}
	p.total[e.Type]++
	*s = slot{e, p.total[e.Type]}
	p.next++
	p.mu.Unlock()
	p.bells.Ring()
}

// Head is the number of the newest event, 0 before the first.
func (p *Pool) Head() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.next - 1
}

// Watch rings b after every event until stop is called.
func (p *Pool) Watch(b *wake.Bell) (stop func()) { return p.bells.Add(b) }

// Subscription is a reader's position. It is used by one goroutine at a time.
type Subscription struct {
	pool   *Pool
	types  Set
	cursor uint64           // the number of the last event that was looked at
	seen   [NumTypes]uint64 // events of each type up to there
}

// Subscribe returns a position behind event number after; fresh reports that
// some of the events behind it are gone, or that it is not of this pool, and
// the position is before the oldest event held.
func (p *Pool) Subscribe(types Set, after uint64) (s *Subscription, fresh bool) {
	s = &Subscription{pool: p, types: types, cursor: after}
	p.mu.Lock()
	defer p.mu.Unlock()
	if after >= p.next || after+1 < p.oldestLocked() {
		s.cursor, fresh = p.oldestLocked()-1, true
	}
	s.seen = p.total
	for n := s.cursor + 1; n < p.next; n++ {
		s.seen[p.ring[n%capacity].event.Type]--
	}
	return s, fresh
}

func (p *Pool) oldestLocked() uint64 {
	if p.next <= capacity {
		return 1
	}
	return p.next - capacity
}

// Cursor is the number of the last event that was read.
func (s *Subscription) Cursor() uint64 { return s.cursor }

// Lost says what was overwritten before it could be read: Count events of the
// subscription's types, with numbers between From and To.
type Lost struct{ From, To, Count uint64 }

// Next returns up to limit events behind the position, and what was lost; that
// comes first.
func (s *Subscription) Next(limit int) (events []Event, lost Lost) {
	p := s.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if oldest := p.oldestLocked(); s.cursor+1 < oldest {
		lost = Lost{From: s.cursor + 1, To: oldest - 1}
		s.cursor = oldest - 1
	}
	for t := range s.types {
		if gone := p.gone[t]; gone > s.seen[t] {
			if s.types[t] {
				lost.Count += gone - s.seen[t]
			}
			s.seen[t] = gone
		}
	}
	for s.cursor+1 < p.next && len(events) < limit {
		s.cursor++
		e := p.ring[s.cursor%capacity]
		s.seen[e.event.Type] = e.nth
		if s.types[e.event.Type] {
			events = append(events, e.event)
		}
	}
	return events, lost
}
