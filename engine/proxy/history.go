package proxy

import (
	"iter"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
)

// History holds the newest exchanges within a budget. The oldest make room:
// first their bodies, then they themselves, which is counted.
//
// There is no lock over all of it, so requests don't wait for each other, nor for
// a client that lists them. An exchange gets its number and its slot by atomic
// steps. What comes of it is behind its own lock, which a reader holds for as long
// as it takes to copy a row.
type History struct {
	bodyLimit int   // bytes of a body that are kept
	budget    int64 // bytes for bodies; heads have as much again
	bells     wake.Bells

	slots    [maxExchanges]atomic.Pointer[Exchange] // number n lies in slot n % maxExchanges
	begun    atomic.Uint64                          // the number of the newest exchange
	revision atomic.Uint64                          // of the newest change

	heads  atomic.Int64  // bytes of all heads, see headWeight
	bodies atomic.Int64  // bytes of what is kept of bodies
	light  atomic.Uint64 // up to this number, exchanges went for their heads' bytes
	bare   atomic.Uint64 // up to this number, they have no bodies any more
	chunks sync.Pool     // of *chunk that nobody uses

	dropped atomic.Uint64          // exchanges that had to make room
	gone    [maxGone]atomic.Uint64 // the last revisions of those of them that went last
}

// Bounds that a history has by default.
const (
	DefaultHistory = 32 << 20 // bytes of bodies, and of heads
	DefaultBody    = 64 << 10 // bytes kept of each body
	maxExchanges   = 4096
	maxGone        = 4096
)

func newHistory(budget int64, bodyLimit int) *History {
	if budget <= 0 {
		budget = DefaultHistory
	}
	if bodyLimit <= 0 {
		bodyLimit = DefaultBody
	}
	return &History{budget: budget, bodyLimit: bodyLimit}
}

// begin adds an exchange.
func (h *History) begin(x *Exchange) {
	x.history, x.Started = h, time.Now()
	x.outcome.timings = Timings{-1, -1, -1, -1, -1, false}
	x.name(h.begun.Add(1))
	// It can be found before it has a revision: who has seen the revision finds it.
	h.put(x)
	x.mu.Lock()
	x.changed(headWeight + int64(len(x.URL)) + headerBytes(x.request))
}

// put lays x into its slot. Who lies there already is a whole round older, and
// goes; or younger, if x was held up for so long, and x goes.
func (h *History) put(x *Exchange) {
	slot := &h.slots[x.Number%maxExchanges]
	for {
		old := slot.Load()
		switch {
		case old != nil && old.Number > x.Number:
			h.drop(x)
			return
		case slot.CompareAndSwap(old, x):
			if old != nil {
				h.drop(old)
			}
			return
		}
	}
}

// at returns the exchange with a number, nil if it is not held.
func (h *History) at(number uint64) *Exchange {
	if x := h.slots[number%maxExchanges].Load(); x != nil && x.Number == number {
		return x
	}
	return nil
}

// first is the lowest number that may be held beside a newest one.
func first(newest uint64) uint64 { return max(newest, maxExchanges) - maxExchanges + 1 }

// all gives the exchanges in the order in which they began.
func (h *History) all() iter.Seq[*Exchange] {
	return func(yield func(*Exchange) bool) {
		newest := h.begun.Load()
		for n := first(newest); n <= newest; n++ {
			if x := h.at(n); x != nil && !yield(x) {
				return
			}
		}
	}
}

// pass moves a cursor over the oldest exchange that it has not passed, and returns
// that one: nil if it is held no more. It never passes the newest, which is not ok.
func (h *History) pass(cursor *atomic.Uint64) (x *Exchange, ok bool) {
	for {
		last, newest := cursor.Load(), h.begun.Load()
		next := max(last+1, first(newest))
		if next >= newest {
			return nil, false
		}
		if cursor.CompareAndSwap(last, next) {
			return h.at(next), true
		}
	}
}

// weigh notes that the heads have become heavier, and makes room for them.
func (h *History) weigh(more int64) {
	if more == 0 {
		return
	}
	for over := h.heads.Add(more) > h.budget; over; over = h.heads.Load() > h.budget {
		x, ok := h.pass(&h.light)
		if !ok {
			return
		}
		if x != nil {
			h.slots[x.Number%maxExchanges].CompareAndSwap(x, nil)
			h.drop(x)
		}
	}
}

// drop forgets an exchange that has to make room, and counts it.
func (h *History) drop(x *Exchange) {
	if revision, held := h.forget(x); held {
		h.gone[(h.dropped.Add(1)-1)%maxGone].Store(revision)
	}
}

// forget lets go of what an exchange holds. It is no longer held by then.
func (h *History) forget(x *Exchange) (revision uint64, held bool) {
	x.mu.Lock()
	held, revision = !x.evicted, x.revision
	x.evicted = true
	weight := x.weight
	x.weight = 0
	sent, got := x.sent.drop(), x.got.drop()
	x.mu.Unlock()
	h.heads.Add(-weight)
	h.release(sent)
	h.release(got)
	return revision, held
}

// Clear forgets everything that has ended.
func (h *History) Clear() {
	for x := range h.all() {
		x.mu.Lock()
		ended := x.outcome.ended
		x.mu.Unlock()
		if ended && h.slots[x.Number%maxExchanges].CompareAndSwap(x, nil) {
			h.forget(x)
		}
	}
}

// Find returns an exchange by its id. The error is an [*UnknownRequestError].
func (h *History) Find(id string) (*Exchange, error) {
	if number, ok := strings.CutPrefix(id, "r"); ok {
		if n, err := strconv.ParseUint(number, 10, 64); err == nil {
			if x := h.at(n); x != nil {
				return x, nil
			}
		}
	}
	return nil, &UnknownRequestError{id}
}

// Lost counts the exchanges that had to make room although their last change is
// newer than a revision. Beyond the last 4096 that went it is a lower bound.
func (h *History) Lost(since uint64) (n uint64) {
	for i := range min(h.dropped.Load(), maxGone) {
		if h.gone[i].Load() > since {
			n++
		}
	}
	return n
}

// Dropped counts the exchanges that had to make room since the beginning.
func (h *History) Dropped() uint64 { return h.dropped.Load() }

// Revision is that of the newest change.
func (h *History) Revision() uint64 { return h.revision.Load() }

// held is how many bytes the history holds.
func (h *History) held() int64 { return h.heads.Load() + h.bodies.Load() }

// Bytes of a head besides its texts, measured: an exchange with its context and
// its two maps, and each line of a header in them.
const (
	headWeight = 1024
	lineWeight = 64
)

func headerBytes(h http.Header) (n int64) {
	for k, values := range h {
		for _, v := range values {
			n += lineWeight + int64(len(k)+len(v))
		}
	}
	return n
}
