// Package front is what every front has in common: how a client's framing is
// told, what a message's envelope must be, and which calls are in flight. It is
// not a front itself: it reads and writes nothing, imports no JSON-RPC library
// and knows no method.
//
// A front puts a [Gate] on both sides of its library:
//
//	bytes -> framing -> Gate.Admit -> library -> Handler (the method table)
//	bytes <- framing <- Gate.Outgoing <- library <-'
//
// The gate answers what is not a proper request itself, takes batches apart and
// puts their answers together again, so that both libraries only ever see one
// well-formed request at a time and a client can't tell them apart.
package front

import (
	"bufio"
	"context"
	"errors"
	"io"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// MaxMessage is how large an incoming message may be, in bytes.
const MaxMessage = 16 << 20

// Request is a call or a notification for the method table. Method and Params
// belong to the front and are good only until Overlap is called or the handler
// has returned.
type Request struct {
	Method string
	Params []byte // JSON; nil if absent or null
	Call   *Call  // nil for a notification
	Room   []byte // where the result may be written; nil if the front has none

	Next func(context.Context) // how the front lets the next request start
	Turn context.Context       // what Next takes
}

// Overlap lets the next request start: from here on this one only waits.
func (r *Request) Overlap() { r.Next(r.Turn) }

// Handler answers the requests of one session.
type Handler interface {
	// Handle answers one request with a result in JSON, or an error. Requests
	// arrive in the order read; the next one starts when this one has returned
	// or has called Overlap. ctx ends when the client has hung up.
	Handle(ctx context.Context, r *Request) ([]byte, *wire.Error)

	// Prompt names the method of a call whose handler never calls Overlap: nothing
	// is gained by preparing for it. "" is any other. Both arguments are JSON's, the
	// method without its quotes.
	Prompt(method, params []byte) string

	// Flush is called when a client that simply ends its input has been
	// answered: what its subscriptions have ready is sent.
	Flush(ctx context.Context)

	// Ended is closed when the session is over from the server's side.
	Ended() <-chan struct{}
}

// Framing is how messages are told apart on a stream.
type Framing int

// The framings.
const (
	Unknown Framing = iota
	Header          // LSP's Content-Length headers
	NDJSON          // a line per message
	HTTP            // POST /rpc and a few pages, on the workspace socket only
)

func (f Framing) String() string { return [...]string{"unknown", "header", "ndjson", "http"}[f] }

// Sniff tells the framing by the first byte that is no white space or byte order
// mark, which it leaves in r. At the end of input it returns io.EOF.
func Sniff(r *bufio.Reader) (Framing, error) {
	for {
		b, err := r.Peek(1)
		if err != nil {
			return Unknown, err
		}
		switch b[0] {
		case ' ', '\t', '\r', '\n':
			r.Discard(1)
		case 0xef:
			if bom, err := r.Peek(3); string(bom) != "\xef\xbb\xbf" {
				if errors.Is(err, io.EOF) {
					err = nil
				}
				return Unknown, err
			}
			r.Discard(3)
		case 'C', 'c':
			return Header, nil
		case '{', '[':
			return NDJSON, nil
		case 'G', 'P', 'H', 'O', 'D': // GET, POST, PUT, PATCH, HEAD, OPTIONS, DELETE
			return HTTP, nil
		default:
			return Unknown, nil
		}
	}
}
