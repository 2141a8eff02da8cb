package proxy

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// Exchange is one request and what was answered, while it is under way and
// after. What it is about never changes; what has come of it is guarded by mu
// and read as a [Record].
type Exchange struct {
	Number   uint64 // its id is "r" and this
	Proxy    string
	Process  string
	Method   string
	URL      string // path and query, as they were asked for
	Host     string
	Started  time.Time
	ReplayOf string // the id of the request that this one repeats

	request http.Header // the client's own; shared with nobody who writes
	history *History
	id      string
	names   [2]string // the values of Server-Timing and of requestHeader

	// Of the request that is under way: they lie here because each allocation is
	// paid by every request, and are let go of in finish, with all they hold.
	client  prompt   // what answers the client
	reading recorded // the body of the answer

	// Guarded by history.mu.
	revision uint64 // the history's, when it last changed
	weight   int64  // of the head, in bytes, roughly
	evicted  bool   // it is in the history no more

	mu      sync.Mutex
	outcome outcome
	sent    body // of the request
	got     body // of the answer
}

// outcome is what has come of an exchange so far.
type outcome struct {
	status   int
	proto    string
	header   http.Header // as the server sent it
	timings  Timings
	ended    bool
	failure  Failure
	upgrade  string // the protocol that the connection went over to
	in, out  int64  // bytes through an upgraded connection
	injected bool
	skipped  string // why the script was not put in
	heard    bool   // the page has reported that it was loaded
}

// Timings are how long the parts of an exchange took, -1 where there was no such
// part or it has not ended. They are those of the connection to the target.
type Timings struct {
	DNS, Connect, TLS time.Duration
	TTFB              time.Duration // from the beginning to the head of the answer
	Total             time.Duration
	Reused            bool // the connection had served before
}

// Failure says where an exchange broke off, and why. The zero value is none.
type Failure struct {
	Stage string
	Text  string
}

// Stages at which an exchange can break off.
const (
	StageDial   = "dial"
	StageTLS    = "tls"
	StageHeader = "header" // the request was sent, and no answer came
	StageBody   = "body"   // the answer is not whole
	StageClient = "client" // the client has gone
)

type exchangeKey struct{}

// exchangeOf returns the exchange that a context belongs to, nil if none.
func exchangeOf(ctx context.Context) *Exchange {
	x, _ := ctx.Value(exchangeKey{}).(*Exchange)
	return x
}

// exchangeContext is the context of a request. The exchange does not keep it: it
// holds the client's connection.
type exchangeContext struct {
	context.Context
	x *Exchange
}

// Value implements [context.Context].
func (c *exchangeContext) Value(key any) any {
	if key == (exchangeKey{}) {
		return c.x
	}
	return c.Context.Value(key)
}

// ID names the exchange to clients.
func (x *Exchange) ID() string { return x.id }

// bind returns a context in which the exchange learns how its request goes: of
// connections from dial, of TLS from the transport. The trace is not reused: a
// handshake that was begun for it may end after it.
func (x *Exchange) bind(ctx context.Context, secure bool) context.Context {
	ctx = &exchangeContext{ctx, x}
	if !secure {
		return ctx
	}
	var begun time.Time
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		TLSHandshakeStart: func() { begun = time.Now() },
		TLSHandshakeDone:  func(tls.ConnectionState, error) { x.set(&x.outcome.timings.TLS, begun) },
	})
}

// set stores how long ago a part has begun.
func (x *Exchange) set(d *time.Duration, begun time.Time) {
	took := time.Since(begun)
	x.mu.Lock()
	*d = took
	x.mu.Unlock()
}

// connecting begins to time a connection, without the look-up of the name; x may
// be nil.
func (x *Exchange) connecting() (connected func()) {
	if x == nil {
		return func() {}
	}
	begun := time.Now()
	return func() {
		took := time.Since(begun)
		x.mu.Lock()
		x.outcome.timings.Connect = took - max(0, x.outcome.timings.DNS)
		x.mu.Unlock()
	}
}

// resolving returns a context in which the look-up of a name is timed.
func (x *Exchange) resolving(ctx context.Context) context.Context {
	if x == nil {
		return ctx
	}
	var begun time.Time
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { begun = time.Now() },
		DNSDone:  func(httptrace.DNSDoneInfo) { x.set(&x.outcome.timings.DNS, begun) },
	})
}

// answered records the head of the answer. Its header is kept as it is: who
// edits it for the client makes a copy first.
func (x *Exchange) answered(r *http.Response) {
	took := time.Since(x.Started)
	x.mu.Lock()
	x.outcome.status, x.outcome.proto, x.outcome.header = r.StatusCode, r.Proto, r.Header
	x.outcome.timings.TTFB = took
	x.outcome.timings.Reused = x.outcome.timings.Connect < 0
	x.mu.Unlock()
	x.history.changed(x, headerBytes(r.Header))
}

// upgraded records that the connection speaks another protocol from here on.
func (x *Exchange) upgraded(protocol string) {
	x.mu.Lock()
	x.outcome.upgrade = protocol
	x.mu.Unlock()
}

// injection records what was done to the page.
func (x *Exchange) injection(injected bool, skipped string) {
	x.mu.Lock()
	x.outcome.injected, x.outcome.skipped = injected, skipped
	x.mu.Unlock()
}

// heard records that the page reports.
func (x *Exchange) heard() {
	x.mu.Lock()
	x.outcome.heard = true
	x.mu.Unlock()
	x.history.changed(x, 0)
}

// fail records where the exchange broke off. The first failure is the cause.
func (x *Exchange) fail(stage, text string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.outcome.failure == (Failure{}) {
		x.outcome.failure = Failure{stage, text}
	}
}

// end closes the record.
func (x *Exchange) end() {
	took := time.Since(x.Started)
	x.mu.Lock()
	x.outcome.timings.Total, x.outcome.ended = took, true
	x.mu.Unlock()
	x.history.changed(x, 0)
}
