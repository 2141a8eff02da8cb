package events

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
)

// Options configure a [Pool]. Zero values mean the defaults.
type Options struct {
	Events  int   // how many are kept
	Bytes   int64 // how many bytes of texts they may carry
	Workers int   // goroutines that call handlers, at most MaxWorkers

	Metrics *metrics.Set
	Logf    func(format string, args ...any) // the program's own log; nil for none
}

// Defaults and limits.
const (
	DefaultEvents = 4096    // at the rate of a busy workspace (265 a second) about fifteen seconds for a client that has stopped reading
	DefaultBytes  = 4 << 20 // a compiler's message is a few hundred bytes; this bounds those that are not
	MaxWorkers    = 8       // handlers compute, they don't wait: more than a few cores of them would starve the rest
)

// Pool is the ring of the newest events, and those who listen.
type Pool struct {
	bells wake.Bells
	logf  func(string, ...any)
	wants atomic.Uint32 // the Set of types that somebody has asked for by name

	mu     sync.Mutex // held for a copy of an event or a batch, never while a handler runs
	ring   ring
	asked  [NumTypes]int // subscriptions and handlers that want the type
	closed bool

	crew               // who calls the handlers
	delivered   uint64 // to handlers
	undelivered uint64 // of them, when the pool was shut down
	gaps        uint64 // events that handlers have lost
	panics      uint64 // of handlers
	refused     uint64 // events published after the end
}

// New returns an empty pool. It starts nothing; see [Pool.Handle].
func New(o Options) *Pool {
	if o.Events <= 0 {
		o.Events = DefaultEvents
	}
	if o.Bytes <= 0 {
		o.Bytes = DefaultBytes
	}
	if o.Workers <= 0 || o.Workers > MaxWorkers {
		o.Workers = defaultWorkers()
	}
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	p := &Pool{ring: newRing(o.Events, o.Bytes), logf: o.Logf}
	p.crew = newCrew(&p.mu, o.Workers)
	p.register(o.Metrics)
	return p
}

// Publish adds an event and wakes who listens. It waits for nobody, unless a
// handler has been given the right to make it wait (see [Handler.Block]). It
// reports false if the pool has been shut down: then the event is counted as
// refused and nobody sees it.
func (p *Pool) Publish(e Event) bool {
	p.mu.Lock()
	if p.blocking > 0 {
		p.waitForRoomLocked(e)
	}
	if p.closed {
		p.refused++
		p.mu.Unlock()
		return false
	}
	p.ring.add(e)
	p.keepNewestLocked(e)
	call := p.sleepers > 0 && p.handled.Has(e.Type)
	if call {
		p.sleepers-- // here, so that the next event does not call the same worker again
	}
	p.mu.Unlock()
	if call {
		p.work.Signal()
	}
	p.bells.Ring()
	return true
}

// Now is the Time of an event that happens now.
func Now() int64 { return time.Now().UnixMilli() }

// Head is the number of the newest event, 0 before the first.
func (p *Pool) Head() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ring.next - 1
}

// Wants reports whether somebody listens for t. It costs an atomic load, for
// types that are made only on demand, such as [LogLine].
func (p *Pool) Wants(t Type) bool { return Set(p.wants.Load()).Has(t) }

// Watch rings b after every event until stop is called.
func (p *Pool) Watch(b *wake.Bell) (stop func()) { return p.bells.Add(b) }

// askLocked counts those who want the types; n is 1 or -1.
func (p *Pool) askLocked(types Set, n int) {
	types.each(func(t Type) { p.asked[t] += n })
	var wants Set
	for t, asked := range p.asked {
		if asked > 0 {
			wants |= Of(Type(t))
		}
	}
	p.wants.Store(uint32(wants))
}
