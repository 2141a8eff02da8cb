// Package monitor watches the engine's own metrics over time, while somebody
// wants to know: it samples them, tells trends and judges budgets. It makes no
// metrics but those of Go's runtime, and knows no room; a name and a number is
// all it sees.
//
//	metrics.Set -> Read -> sampler, every second  -> the last 1000 of each name
//	                |        ^ Touch, Hold              |
//	                +-> Judge (budgets, now)            +-> Trend
package monitor

import (
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// How it samples.
const (
	Interval = time.Second      // unless somebody wants another one
	Kept     = 1000             // samples: at one a second about seventeen minutes
	Linger   = 10 * time.Minute // for which sampling goes on after the last question
)

// Monitor samples a set of metrics. Nothing runs until somebody asks.
type Monitor struct {
	set  *metrics.Set
	pace chan time.Duration // another interval for the sampler; holds one

	mu       sync.Mutex
	interval time.Duration
	history  history
	holds    int       // who must be sampled for
	until    time.Time // without holds, sampling ends then
	stop     chan struct{}
	done     chan struct{} // closed when the sampler has ended; nil if none runs
	closed   bool
}

// New returns a monitor of set, and adds the runtime's metrics to it.
func New(set *metrics.Set) *Monitor {
	register(set)
	return &Monitor{set: set, pace: make(chan time.Duration, 1), interval: Interval, history: history{}}
}

// SetInterval changes how far apart samples are; 0 means [Interval]. Those before
// are forgotten: windows of different lengths can't be compared.
func (m *Monitor) SetInterval(d time.Duration) {
	if d <= 0 {
		d = Interval
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if d == m.interval {
		return
	}
	m.interval, m.history = d, history{}
	select {
	case <-m.pace: // one that the sampler has not seen
	default:
	}
	m.pace <- d
}

// Touch starts sampling, or keeps it going for another [Linger]. The first
// sample is there when it returns.
func (m *Monitor) Touch() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.touchLocked()
}

// Hold keeps sampling going until release is called, and for [Linger] after.
func (m *Monitor) Hold() (release func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.holds++
	m.touchLocked()
	return sync.OnceFunc(func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.holds--
		m.until = time.Now().Add(Linger)
	})
}

func (m *Monitor) touchLocked() {
	m.until = time.Now().Add(Linger)
	if m.done != nil || m.closed {
		return
	}
	m.history = history{} // what was sampled before the pause is no neighbour of what comes
	m.history.add(time.Now(), m.Read())
	m.stop, m.done = make(chan struct{}), make(chan struct{})
	go m.sample(m.interval, m.stop, m.done)
}

// sample is the one sampler.
func (m *Monitor) sample(interval time.Duration, stop, done chan struct{}) {
	defer close(done)
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			if !m.tick(now) {
				return
			}
		case interval = <-m.pace:
			ticker.Reset(interval)
		case <-stop:
			return
		}
	}
}

// tick takes a sample, and reports false if nobody has asked for a long time.
func (m *Monitor) tick(now time.Time) bool {
	values := m.Read() // not under the lock: a question need not wait for it
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holds == 0 && now.After(m.until) {
		m.done = nil
		return false
	}
	m.history.add(now, values)
	return true
}

// Sampling reports whether a sampler runs.
func (m *Monitor) Sampling() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.done != nil
}

// Close ends sampling for good and waits for it.
func (m *Monitor) Close() {
	m.mu.Lock()
	m.closed = true
	done := m.done
	m.done = nil
	if done != nil {
		close(m.stop)
	}
	m.mu.Unlock()
	if done != nil {
		<-done
	}
}
