package rpc

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// How long a client may take to send the head of a request, and how long it may
// keep a connection on which it asks nothing.
const (
	headTime = 10 * time.Second
	idleTime = time.Minute
)

// serveHTTP serves one connection, of which in may have read some bytes already.
// It returns when the connection has ended and its last request with it. When ctx
// ends, nothing more is read; what is being answered may still be written. (To close
// the server would wait for the listener, which waits for the connection.)
func serveHTTP(ctx context.Context, in io.Reader, conn net.Conn, handler http.Handler) error {
	l := &oneConn{conn: peeked{conn, ctx, in}, ended: make(chan struct{})}
	server := &http.Server{
		Handler:           handler,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ConnState:         l.state,
		ReadHeaderTimeout: headTime,
		IdleTimeout:       idleTime,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
	defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Now()) })()
	if err := server.Serve(l); !errors.Is(err, net.ErrClosed) && !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// peeked is a connection of which some bytes have been read already.
type peeked struct {
	net.Conn
	ctx context.Context
	in  io.Reader
}

// Read looks at ctx itself as well: net/http sets deadlines of its own.
func (c peeked) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.in.Read(b)
}

// oneConn is a listener for net/http that has one connection, and waits until it
// has been served.
type oneConn struct {
	conn  net.Conn
	given bool
	ended chan struct{}
}

// state is told by the connection's goroutine, at its very end, that it is closed.
func (l *oneConn) state(_ net.Conn, s http.ConnState) {
	if s == http.StateClosed {
		close(l.ended)
	}
}

func (l *oneConn) Accept() (net.Conn, error) {
	if !l.given {
		l.given = true
		return l.conn, nil
	}
	<-l.ended
	return nil, net.ErrClosed
}

func (l *oneConn) Close() error   { return nil }
func (l *oneConn) Addr() net.Addr { return l.conn.LocalAddr() }
