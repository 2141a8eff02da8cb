// Package pace makes who writes wait for a reader that is to miss nothing. It knows
// neither processes nor logs: a writer has a name, and what it writes has numbers that
// grow. Without such a reader it costs a look at a pointer.
package pace

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Pacer knows the readers that are to miss nothing. Its zero value knows none.
type Pacer struct {
	mu    sync.Mutex
	holds atomic.Pointer[[]*Hold] // replaced under mu; nil for none
}

// Hold is one such reader. It is to be closed.
type Hold struct {
	pacer *Pacer
	names []string // of the writers; none means all

	mu      sync.Mutex
	reached uint64        // what it has read, up to this number
	closed  bool          // it reads no more
	moved   chan struct{} // closed at the next change; nil while nobody waits for it
}

// Hold makes the writers with these names, or all if there are none, wait for a reader
// that has read up to a number.
func (p *Pacer) Hold(reached uint64, names []string) *Hold {
	h := &Hold{pacer: p, names: names, reached: reached}
	p.edit(func(list []*Hold) []*Hold { return append(list, h) })
	return h
}

func (p *Pacer) edit(change func([]*Hold) []*Hold) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []*Hold
	if old := p.holds.Load(); old != nil {
		list = slices.Clone(*old)
	}
	if list = change(list); len(list) == 0 {
		p.holds.Store(nil)
		return
	}
	p.holds.Store(&list)
}

// Reached notes how far the reader has come.
func (h *Hold) Reached(number uint64) {
	h.change(func() { h.reached = number })
}

// Close lets everybody go who waits for the reader. It may be called again.
func (h *Hold) Close() {
	h.pacer.edit(func(list []*Hold) []*Hold {
		return slices.DeleteFunc(list, func(o *Hold) bool { return o == h })
	})
	h.change(func() { h.closed = true })
}

func (h *Hold) change(edit func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	edit()
	if h.moved != nil {
		close(h.moved)
		h.moved = nil
	}
}

// position is how far the reader has come, and what is closed at its next change; no
// number is too high for a closed one.
func (h *Hold) position() (reached uint64, moved <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return ^uint64(0), nil
	}
	if h.moved == nil {
		h.moved = make(chan struct{})
	}
	return h.reached, h.moved
}

// Writer is who may have to wait. One goroutine at a time may use it.
type Writer struct {
	pacer *Pacer
	name  string
	limit int // bytes that it may be ahead

	ahead []mark // what a reader has not read, oldest first
}

// mark is that up to a number so many bytes have been written since the mark before.
type mark struct {
	number uint64
	bytes  int
}

// Writer is a writer that may be ahead of each reader by so many bytes.
func (p *Pacer) Writer(name string, limit int) *Writer {
	return &Writer{pacer: p, name: name, limit: limit}
}

// Wrote is called after so many bytes have been written, which end at a number. If a
// reader is too far behind it returns when half of what is allowed is left, or when
// over is closed.
func (w *Writer) Wrote(number uint64, bytes int, over <-chan struct{}) {
	holds := w.pacer.holds.Load()
	if holds == nil {
		w.ahead = nil
		return
	}
	w.note(number, bytes)
	slowest := number
	for _, h := range *holds {
		if len(h.names) == 0 || slices.Contains(h.names, w.name) {
			slowest = min(slowest, w.await(h, over))
		}
	}
	w.forget(slowest)
}

// note adds a mark, or to the last one: a process may write a line of few bytes at a
// time.
func (w *Writer) note(number uint64, bytes int) {
	if last := len(w.ahead) - 1; last >= 0 && w.ahead[last].bytes+bytes <= w.limit/64 {
		w.ahead[last] = mark{number, w.ahead[last].bytes + bytes}
		return
	}
	w.ahead = append(w.ahead, mark{number, bytes})
}

// await waits for one reader and returns how far it has come.
func (w *Writer) await(h *Hold, over <-chan struct{}) uint64 {
	reached, moved := h.position()
	if w.behind(reached) <= w.limit {
		return reached
	}
	for w.behind(reached) > w.limit/2 {
		select {
		case <-moved:
			reached, moved = h.position()
		case <-over:
			return reached
		}
	}
	return reached
}

// behind is how many bytes are not read by who has read up to a number.
func (w *Writer) behind(reached uint64) (bytes int) {
	for _, m := range slices.Backward(w.ahead) {
		if m.number <= reached {
			break
		}
		bytes += m.bytes
	}
	return bytes
}

// forget drops what everybody has read.
func (w *Writer) forget(reached uint64) {
	first := slices.IndexFunc(w.ahead, func(m mark) bool { return m.number > reached })
	if first < 0 {
		first = len(w.ahead)
	}
	w.ahead = slices.Delete(w.ahead, 0, first)
}
