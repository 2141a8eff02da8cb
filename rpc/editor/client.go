package editor

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"go.lsp.dev/jsonrpc2"
)

// Client is the other end: for programs that follow an engine. Notifications
// come in the order sent, on the goroutine that reads, so a handler that takes
// its time holds back the rest, answers included.
type Client struct{ conn jsonrpc2.Conn }

// NewClient makes a client over a byte stream and starts reading. notify is
// called for every notification; params are good only until it returns.
func NewClient(r io.Reader, w io.WriteCloser, notify func(method string, params []byte)) *Client {
	c := &Client{jsonrpc2.NewConn(jsonrpc2.NewHeaderStream(duplex{r, w}))}
	c.conn.Go(context.Background(), func(_ context.Context, q *jsonrpc2.Request) (any, error) {
		if q.IsCall() {
			return nil, jsonrpc2.ErrMethodNotFound
		}
		notify(q.Method(), q.Params())
		return nil, nil
	})
	return c
}

type duplex struct {
	io.Reader
	io.WriteCloser
}

// Error is an error that the server has answered with.
type Error struct {
	Code    int
	Message string
	Data    json.RawMessage
}

func (e *Error) Error() string { return e.Message }

// Call sends a call and waits for its result. The errors are [*Error], the
// context's, and those of a lost connection.
func (c *Client) Call(ctx context.Context, method string, params, result any) error {
	_, err := c.conn.Call(ctx, method, params, result)
	var answered *jsonrpc2.Error
	if errors.As(err, &answered) {
		return &Error{int(answered.Code), answered.Message, json.RawMessage(answered.Data)}
	}
	return err
}

// Notify sends a notification.
func (c *Client) Notify(ctx context.Context, method string, params any) error {
	return c.conn.Notify(ctx, method, params)
}

// Done is closed when the connection has ended.
func (c *Client) Done() <-chan struct{} { return c.conn.Done() }

// Close ends the connection: the server sees the end of its input.
func (c *Client) Close() error { return c.conn.Close() }

// Kind is the error's data.kind, "" if it has none.
func (e *Error) Kind() string {
	var data struct{ Kind string }
	if json.Unmarshal(e.Data, &data) != nil {
		return ""
	}
	return data.Kind
}
