package rpc

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// session is one client. It implements [front.Handler].
type session struct {
	server  *Server
	conn    conn
	ctx     context.Context // ends with the connection
	id      string
	framing front.Framing
	strict  bool // unknown parameters are refused
	since   time.Time
	ended   chan struct{} // closed by exit
	hangUp  func()        // ends ctx
	watches sync.WaitGroup
	tracing atomic.Bool // trace is not off
	viaMCP  atomic.Bool // it speaks for an assistant

	mu     sync.Mutex
	phase  phase
	code   int // the exit code
	client wire.ClientInfo
	env    map[string]string // of what the client starts; nil: the engine's own
	linger time.Duration     // how long the engine outlives the client
	trace  string            // of $/setTrace
	engine *engine.Engine
	pump   *pump
	utf8   bool // positions count bytes, not UTF-16 units
}

// phase is where a session is in LSP's life cycle.
type phase int

const (
	fresh    phase = iota // no engine yet: only initialize is answered
	open                  // everything is answered
	shutDown              // only exit is expected
	over                  // exit has come
)

// Ended implements [front.Handler].
func (s *session) Ended() <-chan struct{} { return s.ended }

// Prompt implements [front.Handler].
func (s *session) Prompt(name, params []byte) string {
	if m := methods[string(name)]; m != nil && m.answersAtOnce(params) {
		return m.name
	}
	return ""
}

// Flush implements [front.Handler].
func (s *session) Flush(ctx context.Context) {
	s.mu.Lock()
	p := s.pump
	s.mu.Unlock()
	if p != nil {
		p.drain(ctx)
	}
}

// Handle implements [front.Handler].
func (s *session) Handle(ctx context.Context, r *front.Request) (result []byte, failure *wire.Error) {
	m := methods[r.Method]
	c := &call{session: s, request: r, ctx: ctx}
	var begun time.Time
	if s.tracing.Load() { // else nobody wants to know, and a look at the clock is felt
		begun = time.Now()
	}
	name := ""
	if m != nil {
		name = m.name
	} else {
		name = strings.Clone(r.Method) // the request's own is not good for long
	}
	defer func() {
		if p := recover(); p != nil {
			result, failure = nil, s.recovered(name, p)
		}
		if failure != nil {
			failure.Message = strings.ToValidUTF8(failure.Message, "\ufffd") // it may name a file
		}
		s.traced(ctx, r, name, begun, result, failure)
		if c.done != nil {
			c.done()
		}
	}()
	if err := s.admit(r, m != nil); err != nil {
		return nil, err
	}
	if s.viaMCP.Load() {
		s.tellMCP(events.MCPActivity, m.name)
	}
	result, err := m.serve(c, r.Params)
	if err != nil {
		return nil, s.toWire(c, err)
	}
	return result, nil
}

// admit checks a request against the life cycle.
func (s *session) admit(r *front.Request, known bool) *wire.Error {
	if err := s.admitPhase(r.Method); err != nil {
		return err
	}
	switch {
	case !known:
		return &wire.Error{Code: wire.MethodNotFound, Message: "there is no method " + r.Method + "; rpc.discover lists those there are"}
	case r.Call.Cancelled():
		return &wire.Error{Code: wire.RequestCancelled, Message: "cancelled by the client"}
	}
	return nil
}

func (s *session) admitPhase(method string) *wire.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case method == "exit" || method == "$/cancelRequest":
		return nil
	case s.phase >= shutDown:
		return &wire.Error{Code: wire.InvalidRequest, Message: "the session has been shut down: only exit may follow"}
	case s.phase == fresh && s.framing != front.Header:
		return s.openLocked("")
	case s.phase == fresh && method != "initialize":
		return &wire.Error{Code: wire.NotInitialized, Message: "the session has not been initialized: send initialize first"}
	}
	return nil
}

// openLocked gets the engine and starts the pump.
func (s *session) openLocked(root string) *wire.Error {
	e, err := s.server.o.Open(root)
	if err != nil {
		return failed("engine.unavailable", err.Error())
	}
	s.engine = e
	s.phase = open
	s.pump = newPump(s)
	if s.framing == front.Header {
		s.pump.watch([]string{topicProcess, "problems", "tests", "urls", topicProject})
	}
	s.pump.start()
	s.tellLocked(events.ClientConnected)
	s.autostartLocked(false)
	return nil
}

// header reports whether the client speaks LSP's framing.
func (s *session) header() bool { return s.framing == front.Header }

// close ends the pump. The front has stopped serving.
func (s *session) close() {
	s.mu.Lock()
	p := s.pump
	s.mu.Unlock()
	if p != nil {
		p.stop()
		if s.viaMCP.Load() {
			s.tellMCP(events.MCPDisconnected, "")
		}
		s.mu.Lock()
		s.tellLocked(events.ClientDisconnected)
		s.mu.Unlock()
	}
	s.watches.Wait()
}

// tellLocked publishes that the client has come or gone. One that has come over
// HTTP stays for a single call, which is not worth telling.
func (s *session) tellLocked(what events.Type) {
	if s.framing != front.HTTP {
		s.engine.Events.Publish(events.Event{Type: what, Time: events.Now(), Data: events.Client{ID: s.id, Name: s.client.Name}})
	}
}

// tellMCP publishes what the assistant does for whom the session speaks.
func (s *session) tellMCP(what events.Type, tool string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.engine.Events.Publish(events.Event{Type: what, Time: events.Now(), Data: events.MCP{Session: s.id, Client: s.client.Name, Tool: tool}})
}

func (s *session) outcome() Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Outcome{Code: s.code, Linger: s.linger}
}

// maxLinger bounds what a client may ask the engine to outlive it, in ms.
const maxLinger = 10 * 60 * 1000
