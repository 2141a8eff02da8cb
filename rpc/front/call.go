package front

import (
	"context"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// Call is a call in flight.
type Call struct {
	Request Request // for the front, which hands it to the handler

	id    ID
	raw   []byte   // the id as the client spelled it
	short [24]byte // where raw is, if it is no longer
	batch *batch   // nil for a call of its own

	gate      *Gate
	cancelled bool
	cancel    context.CancelFunc
	after     []func()

	answered bool // result or failure is the answer, not what the library sends
	result   []byte
	failure  *wire.Error
}

// appendAnswer appends the answer to the call: its own, or the library's.
func (c *Call) appendAnswer(dst, message []byte) []byte {
	if c.answered {
		return appendResponse(dst, c.raw, c.result, c.failure)
	}
	return append(dst, message...)
}

// cancelLocked ends the context of the call, now or when it gets one.
func (c *Call) cancelLocked() {
	c.cancelled = true
	if c.cancel != nil {
		c.cancel()
	}
}

// Cancelled reports whether the client has cancelled the call.
func (c *Call) Cancelled() bool {
	if c == nil {
		return false
	}
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	return c.cancelled
}

// Bind returns a context that ends with parent or when the call is cancelled.
// A nil Call, a notification, can't be cancelled.
func (c *Call) Bind(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	if c == nil {
		return ctx, cancel
	}
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	if c.cancel = cancel; c.cancelled {
		cancel()
	}
	return ctx, cancel
}

// After has f called once the call's answer has been written, so that what f sets
// off can't overtake it. f must not wait. For a notification it is called at once.
func (c *Call) After(f func()) {
	if c == nil {
		f()
		return
	}
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	c.after = append(c.after, f)
}

// Answer sets what is sent for the call instead of what its library sends. The
// result is kept until it has been.
func (c *Call) Answer(result []byte, err *wire.Error) {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	c.answered, c.result, c.failure = true, result, err
}
