package proxy

import (
	"context"
	"crypto/tls"
	"net/http/httptrace"
	"time"
)

type exchangeKey struct{}

// exchangeContext is the context of a request that is under way. It may outlive
// the request, as the context of a connection that is still being made for it; so
// the exchange does not keep it, which holds the client's connection.
type exchangeContext struct {
	context.Context
	x   *Exchange
	way *passage // until the request is over
}

// Value implements [context.Context].
func (c *exchangeContext) Value(key any) any {
	if key == (exchangeKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// boundTo is the part of a context that [Exchange.bind] has made, nil if none.
func boundTo(ctx context.Context) *exchangeContext {
	c, _ := ctx.Value(exchangeKey{}).(*exchangeContext)
	return c
}

// exchangeOf returns the exchange that a context belongs to, nil if none.
func exchangeOf(ctx context.Context) *Exchange {
	if c := boundTo(ctx); c != nil {
		return c.x
	}
	return nil
}

// bind returns a context in which the exchange learns how its request goes: of
// connections from dial, of TLS from the transport. The trace is not reused: a
// handshake that was begun for it may end after it.
func (x *Exchange) bind(ctx context.Context, way *passage, secure bool) context.Context {
	ctx = &exchangeContext{ctx, x, way}
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
