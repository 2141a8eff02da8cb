package rpc

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/editor"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/script"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// Options configure a [Server].
type Options struct {
	Version string // of the program

	// Open returns the engine for a workspace root, an absolute path of an
	// existing folder; "" asks for the root that was chosen on the command line.
	// It is called once per session.
	Open func(root string) (*engine.Engine, error)

	// Stop ends the engine for all clients. It returns at once; nil: there is
	// nothing to end but the session.
	Stop func()

	Autostart bool // what brummer.toml wants to be started with the engine is, at the first session

	Socket string                           // path of the workspace socket, "" without one
	Logf   func(format string, args ...any) // the program's own log; nil for none
}

// Server serves the method table on any number of connections.
type Server struct {
	o       Options
	pid     int
	started time.Time

	autostart sync.Once

	mu       sync.Mutex
	sessions []*session
	count    int
}

// New returns a server without sessions.
func New(o Options) *Server {
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	if o.Stop == nil {
		o.Stop = func() {}
	}
	return &Server{o: o, pid: os.Getpid(), started: time.Now()}
}

// Exit codes of a session, for the program that served it on stdio.
const (
	ExitOK       = 0
	ExitNoReason = 1  // exit without shutdown
	ExitFraming  = 65 // the first byte was of no framing (EX_DATAERR)
)

// Outcome is what a connection came to.
type Outcome struct {
	Code   int           // the exit code that it stands for
	Linger time.Duration // how long the client wants the engine to outlive it
	Silent bool          // it has sent nothing
}

// ServeConn serves one connection until it ends. framing Unknown means that the
// first byte decides. It returns after everything that belongs to the session
// has ended. The error is that of a broken stream.
func (s *Server) ServeConn(ctx context.Context, r io.Reader, w io.WriteCloser, framing front.Framing) (Outcome, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	sniffed, err := front.Sniff(in)
	switch {
	case errors.Is(err, io.EOF):
		return Outcome{Silent: true}, nil
	case err != nil:
		return Outcome{Silent: true}, err
	case framing == front.Unknown:
		framing = sniffed
	}
	switch framing {
	case front.Header:
		return s.serve(ctx, editor.New(in, w), framing)
	case front.NDJSON:
		return s.serve(ctx, script.New(in, w), framing)
	case front.HTTP:
		if conn, ok := w.(net.Conn); ok && s.o.Socket != "" {
			return Outcome{}, serveHTTP(ctx, in, conn, s.handler())
		}
	}
	_, err = w.Write(append(front.Response(nil, nil, &wire.Error{
		Code:    wire.ParseError,
		Message: "the input is neither a Content-Length header nor a line of JSON",
	}), '\n'))
	return Outcome{Code: ExitFraming}, err
}

// conn is what the two fronts have in common.
type conn interface {
	Serve(context.Context, front.Handler) error
	Notify(ctx context.Context, method string, params []byte) error
}

func (s *Server) serve(ctx context.Context, c conn, framing front.Framing) (Outcome, error) {
	ctx, cancel := context.WithCancel(ctx)
	session := s.newSession(ctx, c, framing)
	session.hangUp = cancel
	err := c.Serve(ctx, session)
	cancel()
	session.close()
	s.forget(session)
	return session.outcome(), err
}

func (s *Server) newSession(ctx context.Context, c conn, framing front.Framing) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	session := &session{
		server: s, conn: c, ctx: ctx, id: strconv.Itoa(s.count),
		framing: framing, strict: framing != front.Header,
		since: time.Now(), ended: make(chan struct{}),
	}
	s.sessions = append(s.sessions, session)
	return session
}

// Logf is the program's own log: to the operator, and to every client that has
// a window for it. It never waits for a client.
func (s *Server) Logf(format string, args ...any) {
	s.o.Logf(format, args...)
	text := fmt.Sprintf(format, args...)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, session := range s.sessions {
		session.say(text)
	}
}

func (s *Server) forget(gone *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = slices.DeleteFunc(s.sessions, func(o *session) bool { return o == gone })
}
