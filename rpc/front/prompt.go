package front

import (
	"context"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// Most calls of an editor that polls are answered in a microsecond. What a library
// does so that a call can go on while others are read costs as much again: an entry
// in its table and in ours, a message of its own to encode and to decode. A prompt
// call is spared that. Its id can't be another's meanwhile, and nothing can cancel
// it, since nothing is read until it has been answered.

// promptCall is the call if it is a prompt one, else nil. It is good until the next
// Admit.
func (g *Gate) promptCall(id ID, e envelope) *Call {
	if g.Prompt == nil {
		return nil
	}
	params := e.params
	if isNull(params) {
		params = nil
	}
	method := g.Prompt(text(e.method), params)
	if method == "" {
		return nil
	}
	c := &g.prompt
	*c = Call{id: id, gate: g}
	c.raw = append(c.short[:0], e.id...)
	c.Request = Request{Method: method, Params: params, Call: c, Next: stay}
	return c
}

// stay is Next of a prompt call: there is nobody else to read the next request.
func stay(context.Context) { panic("BUG: a prompt call overlaps") }

// Respond appends the answer to a prompt call to dst. When it has been written, or
// could not be, the front calls [Gate.Written].
func (g *Gate) Respond(dst []byte, c *Call, result []byte, err *wire.Error) (frame []byte, answers Answers) {
	return appendResponse(dst, c.raw, result, err), Answers{1, c.after}
}
