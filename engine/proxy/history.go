package proxy

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
)

// History holds the newest exchanges within a budget. The oldest make room:
// first their bodies, then they themselves, which is counted.
//
// mu is held for moments: for a few pointers of bookkeeping, or while a client
// copies a page of the list.
type History struct {
	bodyLimit int   // bytes of a body that are kept
	budget    int64 // bytes for bodies; heads have as much again
	bells     wake.Bells

	mu       sync.Mutex
	list     []*Exchange // in the order in which they began
	bare     int         // the first so many of list have no bodies any more
	next     uint64      // the number of the next exchange
	revision uint64
	dropped  uint64   // exchanges that had to make room
	gone     []uint64 // the revisions of those of them that went last, at most maxGone
	heads    int64    // bytes of all heads, roughly
	bodies   int64    // bytes of all chunks, free ones too
	free     *chunk
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
	return &History{budget: budget, bodyLimit: bodyLimit, next: 1}
}

// begin adds an exchange.
func (h *History) begin(x *Exchange) {
	x.history, x.Started = h, time.Now()
	x.outcome.timings = Timings{-1, -1, -1, -1, -1, false}
	h.mu.Lock()
	defer h.mu.Unlock()
	x.Number, x.id = h.next, "r"+strconv.FormatUint(h.next, 10)
	x.names = [2]string{`brummer;desc="` + x.id + `"`, x.id}
	h.next++
	h.list = append(h.list, x)
	h.touchLocked(x)
	h.weighLocked(x, 1024+int64(len(x.URL))+headerBytes(x.request))
}

// changed makes those who follow the history look at x again, which has become
// so many bytes heavier.
func (h *History) changed(x *Exchange, more int64) {
	h.mu.Lock()
	h.touchLocked(x)
	if !x.evicted {
		h.weighLocked(x, more)
	}
	h.mu.Unlock()
	h.bells.Ring()
}

// weighLocked notes what x's head costs, and makes room for it.
func (h *History) weighLocked(x *Exchange, more int64) {
	x.weight += more
	h.heads += more
	for len(h.list) > maxExchanges || h.heads > h.budget && len(h.list) > 1 {
		h.evictLocked()
	}
}

func (h *History) touchLocked(x *Exchange) {
	h.revision++
	x.revision = h.revision
}

// evictLocked drops the oldest exchange.
func (h *History) evictLocked() {
	x := h.list[0]
	h.stripLocked(x)
	x.evicted = true
	h.heads -= x.weight
	h.dropped++
	if len(h.gone) == maxGone {
		h.gone = append(h.gone[:0], h.gone[maxGone/2:]...)
	}
	h.gone = append(h.gone, x.revision)
	h.list[0] = nil
	h.list = h.list[1:]
	h.bare = max(0, h.bare-1)
}

// stripLocked takes an exchange's bodies away.
func (h *History) stripLocked(x *Exchange) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, c := range []*chunk{x.sent.drop(), x.got.drop()} {
		for c != nil {
			next := c.next
			h.giveLocked(c)
			c = next
		}
	}
}

// take returns an empty chunk; nil if every byte of the budget is in use for
// exchanges that are newer than all that could make room.
func (h *History) take() *chunk {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.free == nil && h.bodies+chunkSize > h.budget {
		if h.bare == len(h.list) {
			return nil
		}
		h.stripLocked(h.list[h.bare])
		h.bare++
	}
	if c := h.free; c != nil {
		h.free = c.next
		c.next, c.n = nil, 0
		return c
	}
	h.bodies += chunkSize
	return new(chunk)
}

func (h *History) give(c *chunk) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.giveLocked(c)
}

func (h *History) giveLocked(c *chunk) {
	c.next = h.free
	h.free = c
}

// Clear forgets everything that has ended.
func (h *History) Clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	var kept []*Exchange
	h.heads = 0
	for _, x := range h.list {
		x.mu.Lock()
		ended := x.outcome.ended
		x.mu.Unlock()
		if ended {
			h.stripLocked(x)
			x.evicted = true
			continue
		}
		kept = append(kept, x)
		h.heads += x.weight
	}
	h.list, h.bare = kept, 0
}

// Find returns an exchange by its id. The error is an [*UnknownRequestError].
func (h *History) Find(id string) (*Exchange, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(id, "r"), 10, 64)
	if err == nil && strings.HasPrefix(id, "r") {
		h.mu.Lock()
		defer h.mu.Unlock()
		i, found := slices.BinarySearchFunc(h.list, n, func(x *Exchange, n uint64) int { return cmp.Compare(x.Number, n) })
		if found {
			return h.list[i], nil
		}
	}
	return nil, &UnknownRequestError{id}
}

// Lost counts the exchanges that had to make room although their last change is
// newer than a revision. Beyond the last 2048 that went it is a lower bound.
func (h *History) Lost(since uint64) (n uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.gone {
		if r > since {
			n++
		}
	}
	return n
}

// Revision is that of the newest change.
func (h *History) Revision() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.revision
}

func headerBytes(h http.Header) (n int64) {
	for k, values := range h {
		for _, v := range values {
			n += int64(len(k) + len(v))
		}
	}
	return n
}
