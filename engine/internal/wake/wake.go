// Package wake lets rooms wake those who read from them. A bell says "look
// again" and nothing else; it is not a queue and carries no data.
package wake

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Bell wakes one reader. Many rings between two looks make one wake-up.
type Bell struct {
	C chan struct{} // receives after a ring that follows Arm

	armed atomic.Bool
}

// NewBell returns a bell that is not armed.
func NewBell() *Bell { return &Bell{C: make(chan struct{}, 1)} }

// Arm asks for a wake-up. Look after Arm and before waiting: what changed
// before is there to be seen, what changes later rings.
func (b *Bell) Arm() { b.armed.Store(true) }

// Ring wakes the reader if it has armed. It never blocks.
func (b *Bell) Ring() {
	if b.armed.Load() && b.armed.CompareAndSwap(true, false) {
		select {
		case b.C <- struct{}{}:
		default:
		}
	}
}

// Bells is the set of bells that a room rings. The zero value is ready.
type Bells struct {
	all atomic.Pointer[[]*Bell] // replaced under mu

	mu sync.Mutex
}

// Add puts b into the set until the returned function is called.
func (s *Bells) Add(b *Bell) (remove func()) {
	s.change(func(all []*Bell) []*Bell { return append(all, b) })
	return func() {
		s.change(func(all []*Bell) []*Bell {
			return slices.DeleteFunc(all, func(o *Bell) bool { return o == b })
		})
	}
}

func (s *Bells) change(f func([]*Bell) []*Bell) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*Bell
	if old := s.all.Load(); old != nil {
		all = slices.Clone(*old)
	}
	all = f(all)
	s.all.Store(&all)
}

// Ring rings them all. It takes no lock.
func (s *Bells) Ring() {
	if all := s.all.Load(); all != nil {
		for _, b := range *all {
			b.Ring()
		}
	}
}
