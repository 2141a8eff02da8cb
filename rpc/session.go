package rpc

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"slices"
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

func initialize(c *call, p wire.InitializeParams) (wire.InitializeResult, error) {
	s := c.session
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase == fresh {
		s.client = p.ClientInfo // before it opens, for the event that tells of it
		root, err := rootOf(p)
		if err != nil {
			return wire.InitializeResult{}, err
		}
		if err := s.openLocked(root); err != nil {
			return wire.InitializeResult{}, err
		}
	} else if s.framing == front.Header {
		return wire.InitializeResult{}, &wire.Error{Code: wire.InvalidRequest, Message: "the session has been initialized already"}
	}
	s.client = p.ClientInfo
	s.setTraceLocked(p.Trace)
	if p.ProcessID != nil {
		s.watchParent(*p.ProcessID)
	}
	if o := p.InitializationOptions; o.Env != nil || o.LingerMs != 0 {
		s.env, s.linger = o.Env, time.Duration(max(0, min(o.LingerMs, maxLinger)))*time.Millisecond
	}
	s.autostartLocked(p.InitializationOptions.Autostart)
	s.utf8 = slices.Contains(p.Capabilities.General.PositionEncodings, "utf-8")
	return wire.InitializeResult{
		Capabilities: capabilities(s.utf8),
		ServerInfo:   wire.ServerInfo{Name: "brummer-rpc", Version: s.server.o.Version},
	}, nil
}

func capabilities(utf8 bool) wire.Capabilities {
	caps := wire.Capabilities{PositionEncoding: "utf-16"}
	if utf8 {
		caps.PositionEncoding = "utf-8"
	}
	b := &caps.Experimental.Brummer
	b.Protocol = wire.Protocol
	for _, n := range notifications {
		if !ofLSP(n.Name) {
			b.Notifications = append(b.Notifications, n.Name)
		}
	}
	for name := range methods {
		if !ofLSP(name) {
			b.Methods = append(b.Methods, name)
		}
	}
	slices.Sort(b.Methods)
	return caps
}

// rootOf is the folder that a client opens: rootUri, or its only workspace
// folder; "" if it names none.
func rootOf(p wire.InitializeParams) (string, error) {
	switch {
	case p.RootURI != nil && *p.RootURI != "":
		return folderOf(*p.RootURI, "/rootUri")
	case len(p.WorkspaceFolders) == 1:
		return folderOf(p.WorkspaceFolders[0].URI, "/workspaceFolders/0/uri")
	case len(p.WorkspaceFolders) > 1:
		return "", invalidParams("/workspaceFolders", "several workspace folders need a connection each: name one as rootUri")
	}
	return "", nil
}

// RootOf is the folder that the params of an initialize name, "" if they name
// none that can be used; initialize itself says what is wrong with it.
func RootOf(params []byte) string {
	var p wire.InitializeParams
	if decode(params, &p, false) != nil {
		return ""
	}
	root, err := rootOf(p)
	if err != nil {
		return ""
	}
	return root
}

func folderOf(uri, param string) (string, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Host != "" && u.Host != "localhost" {
		return "", invalidParams(param, uri+" is not a file URI of this machine")
	}
	path := filepath.FromSlash(u.Path)
	if drive := strings.TrimPrefix(path, `\`); filepath.VolumeName(drive) != "" {
		path = drive
	}
	if info, err := os.Stat(path); !filepath.IsAbs(path) || err != nil || !info.IsDir() {
		return "", invalidParams(param, path+" is not an existing folder")
	}
	return path, nil
}

// maxLinger bounds what a client may ask the engine to outlive it, in ms.
const maxLinger = 10 * 60 * 1000

func sessionHello(c *call, p wire.HelloParams) (wire.Null, error) {
	if p.Via != "" && p.Via != "mcp" {
		return wire.Null{}, invalidParams("/via", "there is no "+p.Via+": mcp is all")
	}
	c.mu.Lock()
	c.env = p.Env
	if p.Client != (wire.ClientInfo{}) {
		c.client = p.Client
	}
	c.mu.Unlock()
	if p.Via == "mcp" && c.viaMCP.CompareAndSwap(false, true) {
		c.tellMCP(events.MCPConnected, "")
	}
	return wire.Null{}, nil
}

// sessionStopEngine ends the engine for everyone, once this answer is on its way.
func sessionStopEngine(c *call, _ wire.None) (wire.Null, error) {
	c.server.o.Stop()
	return wire.Null{}, nil
}

func initialized(c *call, _ wire.None) (wire.Null, error) {
	if c.header() {
		c.pump.introduce()
	}
	return wire.Null{}, nil
}

func shutdown(c *call, _ wire.None) (wire.Null, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.phase = shutDown
	return wire.Null{}, nil
}

func exit(c *call, _ wire.None) (wire.Null, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase != over {
		if c.phase != shutDown {
			c.code = ExitNoReason
		}
		c.phase = over
		close(c.ended)
	}
	return wire.Null{}, nil
}

// cancelRequest has nothing left to do: the gate has cancelled the call when it
// read the notification, since by now the id may be another call's.
func cancelRequest(*call, wire.CancelParams) (wire.Null, error) { return wire.Null{}, nil }

func sessionWatch(c *call, p wire.WatchParams) (wire.Null, error) {
	for _, t := range p.Topics {
		if !slices.Contains(topics, t) {
			return wire.Null{}, invalidParams("/topics", "there is no topic "+t+": "+strings.Join(topics, ", ")+" are all")
		}
	}
	c.pump.watch(p.Topics)
	return wire.Null{}, nil
}

func sessionInfo(c *call, _ wire.None) (wire.SessionInfo, error) {
	e := c.engine
	return wire.SessionInfo{
		Version: c.server.o.Version, Protocol: wire.Protocol,
		Epoch: e.Epoch, Root: e.Root, PID: c.server.pid,
		Sessions: c.server.list(c.session),
		UptimeMs: time.Since(e.Started).Milliseconds(), Socket: c.server.socket(),
		Limits: wire.Limits{
			MessageBytes: front.MaxMessage, LogBudgetBytes: e.Logs.Budget(), LineBytes: e.MaxLine(),
			QueryLines: maxQuery, SearchHits: maxHits, BatchLines: maxBatch, GraceMs: e.Grace().Milliseconds(),
		},
	}, nil
}

// socket is the path of the workspace socket, nil without one.
func (s *Server) socket() *string {
	if s.o.Socket == "" {
		return nil
	}
	return &s.o.Socket
}

func (s *Server) list(self *session) []wire.Session {
	s.mu.Lock()
	sessions := slices.Clone(s.sessions)
	s.mu.Unlock()
	out := make([]wire.Session, len(sessions))
	for i, o := range sessions {
		o.mu.Lock()
		out[i] = wire.Session{
			ID: o.id, Client: o.client, Framing: o.framing.String(),
			SinceMs: o.since.UnixMilli(), Self: o == self,
		}
		o.mu.Unlock()
	}
	return out
}
