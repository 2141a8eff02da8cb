// Package script is the front for people and shell scripts: a line of JSON per
// message on creachadair/jrpc2, and the one-shot client behind `call`. It knows
// no methods; it is the only package that imports that library.
//
// What the library does not do, or does otherwise than the protocol wants, is
// done here and in the [front.Gate] around it:
//
//	calls run at once, in any order      a ticket per request, taken in the order read
//	answers are dropped after EOF        EOF is held back until every call is answered
//	the last line needs a newline        it does not
//	no limit for a line                  16 MiB; what is over is skipped and answered
//	json.Marshal escapes <, > and &      the gate writes the answers itself
//	pushes wait for the server's mutex   they go to the channel directly
//	a panic ends the program             none leaves the method table
//	no handler once a context has ended  the contexts are ours
package script

import (
	"context"
	"errors"
	"io"
	"math"
	"sync"

	"github.com/creachadair/jrpc2"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// Conn is one connection. Create it with [New] and drive it with [Conn.Serve].
type Conn struct{ ch *lines }

// New makes a connection over a byte stream, of which r is the reading side.
func New(r io.Reader, w io.WriteCloser) *Conn { return &Conn{newLines(r, w)} }

// Notify sends a notification. It may be called from anywhere.
func (c *Conn) Notify(_ context.Context, method string, params []byte) error {
	return c.ch.notify(method, params)
}

// Serve answers requests until the input has ended and all of it is answered,
// the client has hung up, the handler has ended the session, or ctx ends. It
// returns nil for all of these; an error is the stream's.
func (c *Conn) Serve(ctx context.Context, h front.Handler) error {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	c.ch.ctx, c.ch.hangUp, c.ch.handler = ctx, hangUp, h
	go c.ch.readLines()
	server := jrpc2.NewServer(&queue{ch: c.ch, handler: h}, &jrpc2.ServerOptions{
		DisableBuiltin: true,
		Concurrency:    math.MaxInt32, // the gate bounds the calls; waiting ones must not stop the rest
		// Not ctx: the library would answer a request whose context has ended by
		// itself, with a code of its own, and whoever is next would wait for ever.
		NewContext: context.Background,
	}).Start(c.ch)
	err := server.Wait()
	if errors.Is(err, io.EOF) || ctx.Err() != nil {
		return nil
	}
	return err
}

// queue lets requests start in the order in which they were read. The library
// runs each on a goroutine of its own, but assigns handlers one by one in that
// order, so that is where the tickets are given.
type queue struct {
	ch      *lines
	handler front.Handler
	last    chan struct{} // closed when the request before may be followed
}

// Assign implements [jrpc2.Assigner]. The library calls it under a lock.
func (q *queue) Assign(_ context.Context, method string) jrpc2.Handler {
	turn, done := q.last, make(chan struct{})
	q.last = done
	return func(_ context.Context, r *jrpc2.Request) (any, error) {
		var once sync.Once
		release := func() {
			once.Do(func() {
				close(done)
				<-q.ch.starting
			})
		}
		defer release()
		if turn != nil {
			select {
			case <-turn:
			case <-q.ch.closed: // the one before may never run
				return nil, nil
			}
		}
		q.handle(q.ch.ctx, r, method, release)
		return nil, nil // the gate has the answer
	}
}

func (q *queue) handle(ctx context.Context, r *jrpc2.Request, method string, release func()) {
	request := front.Request{Method: method, Next: func(context.Context) { release() }}
	if r.HasParams() {
		request.Params = []byte(r.ParamString())
	}
	if r.IsNotification() {
		q.handler.Handle(ctx, &request)
		return
	}
	call := q.ch.gate.Find([]byte(r.ID()))
	request.Call = call
	result, err := q.handler.Handle(ctx, &request)
	if call != nil {
		call.Answer(result, err)
	}
}
