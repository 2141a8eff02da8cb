package rpc

import (
	"context"
	"fmt"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// Values of $/setTrace.
const (
	traceOff      = "off"
	traceMessages = "messages"
	traceVerbose  = "verbose"
)

func setTrace(c *call, p wire.SetTraceParams) (wire.Null, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.setTraceLocked(p.Value)
	return wire.Null{}, nil
}

func (s *session) setTraceLocked(value string) {
	switch value {
	case traceOff, traceMessages, traceVerbose:
		s.trace = value
		s.tracing.Store(value != traceOff)
	}
}

// traced tells of a request that has been answered, if the client wants to know.
// Params are not repeated: they may hold secrets.
func (s *session) traced(ctx context.Context, r *front.Request, method string, begun time.Time, result []byte, failure *wire.Error) {
	if !s.tracing.Load() {
		return
	}
	s.mu.Lock()
	trace := s.trace
	s.mu.Unlock()
	if begun.IsZero() {
		begun = time.Now() // it is this request that has asked for it
	}
	p := wire.LogTraceParams{Message: fmt.Sprintf("%s: %.1f ms", method, float64(time.Since(begun).Microseconds())/1000)}
	if failure != nil {
		p.Message = fmt.Sprintf("%s: error %d", method, failure.Code)
	}
	if trace == traceVerbose {
		p.Verbose = fmt.Sprintf("a call: %v; result: %d bytes", r.Call != nil, len(result))
		if failure != nil {
			p.Verbose = failure.Message
		}
	}
	if params, err := wire.Encode(p); err == nil {
		s.conn.Notify(ctx, "$/logTrace", params)
	}
}

// maxSaid is how many messages may wait for a client; the rest is counted.
const maxSaid = 64

// say queues a message for the client's log window.
func (s *session) say(text string) {
	s.mu.Lock()
	p := s.pump
	s.mu.Unlock()
	if p == nil || s.framing != front.Header {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.said) < maxSaid {
		p.said = append(p.said, text)
	} else {
		p.unsaid++
	}
	p.kick()
}

// sendSaid sends what has been queued.
func (p *pump) sendSaid(ctx context.Context) error {
	p.mu.Lock()
	said, unsaid := p.said, p.unsaid
	p.said, p.unsaid = nil, 0
	p.mu.Unlock()
	if unsaid > 0 {
		said = append(said, fmt.Sprintf("%d more messages were dropped: the client does not read", unsaid))
	}
	for _, text := range said {
		params, err := wire.Encode(wire.LogMessageParams{Type: messageInfo, Message: text})
		if err == nil {
			err = p.notify(ctx, "window/logMessage", params)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const messageInfo = 3 // of window/logMessage
