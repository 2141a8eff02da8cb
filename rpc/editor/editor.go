// Package editor is the front for programs that hold a connection open: LSP's
// Content-Length framing on go.lsp.dev/jsonrpc2. It knows no methods; it is the
// only package that imports that library.
//
// What the library does not do, or does otherwise than the protocol wants, is
// done here and in the [front.Gate] around it:
//
//	malformed JSON ends the connection      answered by the gate, never seen by the library
//	handler contexts outlive a hang-up      our own context, ended at end of input
//	answers are dropped after end of input  it is held back until they are written, a second at most
//	a plain error has code 0                the gate writes the answers itself
//	an error or panic ends the connection   neither leaves the method table
//	Content-Length up to 1 GiB              16 MiB; what is over is skipped and answered
//
// Of a prompt call the library does not learn: the stream answers it before it reads
// on, in the order that the library would, for half of the cost.
package editor

import (
	"context"
	"errors"
	"io"
	"time"

	"go.lsp.dev/jsonrpc2"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// farewell is how long answers may take that are still due when the client has
// hung up.
const farewell = time.Second

const closePatience = 100 * time.Millisecond

// Conn is one connection. Create it with [New] and drive it with [Conn.Serve].
type Conn struct {
	stream *stream
	conn   jsonrpc2.Conn
}

// New makes a connection over a byte stream, of which r is the reading side.
func New(r io.Reader, w io.WriteCloser) *Conn {
	s := newStream(r, w)
	return &Conn{stream: s, conn: jsonrpc2.NewConn(s)}
}

// Notify sends a notification. It may be called before Serve and from anywhere. It
// does not go through the library, which would copy it twice.
func (c *Conn) Notify(_ context.Context, method string, params []byte) error {
	return c.stream.notify(method, params)
}

// Serve answers requests until the client hangs up, the handler has ended the
// session or ctx ends. It returns nil for all of these; an error is the
// stream's.
func (c *Conn) Serve(ctx context.Context, h front.Handler) error {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	c.stream.serve(ctx, hangUp, h)
	// The library's own context stays alive: ending it would drop answers.
	c.conn.Go(context.WithoutCancel(ctx), func(ir context.Context, r *jsonrpc2.Request) (any, error) {
		return handle(ctx, ir, r, c.stream.gate, h)
	})
	select {
	case <-c.conn.Done():
	case <-ctx.Done():
		c.waitAnswered()
	}
	return c.close()
}

func (c *Conn) waitAnswered() {
	select {
	case <-c.stream.gate.Answered():
	case <-time.After(farewell):
	case <-c.stream.closed: // the library sends nothing any more
	case <-c.conn.Done():
	}
}

// close ends the library's connection. Its own Close waits without a limit: for
// handlers, which have had their second, and for a read that nothing may end.
func (c *Conn) close() error {
	closed := make(chan error, 1)
	go func() { closed <- c.conn.Close() }()
	select {
	case <-closed:
	case <-time.After(closePatience):
		c.stream.Close()
	}
	if err := c.conn.Err(); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !c.stream.gone.Load() {
		return err
	}
	return nil
}

// handle passes one request on. It runs on the library's read loop, so the next
// request waits for it, until Overlap releases the loop. The gate has the answer;
// what the library sends only says that it is there.
func handle(ctx, ir context.Context, r *jsonrpc2.Request, gate *front.Gate, h front.Handler) (any, error) {
	call := (*front.Call)(nil)
	if r.IsCall() {
		call = gate.FindID(idOf(r.ID()))
	}
	if call == nil {
		h.Handle(ctx, &front.Request{Method: r.Method(), Params: r.Params(), Next: jsonrpc2.Async, Turn: ir})
		return nil, nil
	}
	call.Request = front.Request{Method: r.Method(), Params: r.Params(), Call: call, Next: jsonrpc2.Async, Turn: ir}
	call.Answer(h.Handle(ctx, &call.Request))
	return nil, nil
}

func idOf(id jsonrpc2.ID) front.ID {
	if n, ok := id.Number(); ok {
		return front.NumberID(n)
	}
	s, _ := id.StringValue()
	return front.StringID(s)
}
