package script

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/channel"
)

// Client sends single calls, as `brummer-rpc call` does. It is not for following
// logs: its library does not keep the order of notifications.
type Client struct {
	c    *jrpc2.Client
	done chan struct{}
}

// NewClient makes a client over a byte stream. notify, if it is not nil, is called
// for every notification, in no certain order and at any time.
func NewClient(r io.Reader, w io.WriteCloser, notify func(method string, params []byte)) *Client {
	done := make(chan struct{})
	o := &jrpc2.ClientOptions{OnStop: func(*jrpc2.Client, error) { close(done) }}
	if notify != nil {
		o.OnNotify = func(r *jrpc2.Request) { notify(r.Method(), []byte(r.ParamString())) }
	}
	return &Client{jrpc2.NewClient(channel.Line(r, w), o), done}
}

// Done is closed when the connection has ended.
func (c *Client) Done() <-chan struct{} { return c.done }

// Error is an error that the server has answered with; JSON is its error object.
type Error struct {
	Code    int
	Message string
	JSON    json.RawMessage
}

func (e *Error) Error() string { return e.Message }

// ErrLost: the connection ended before the answer came.
var ErrLost = errors.New("the connection to the engine was lost")

// Call sends one request and returns the result as it came. params is an object,
// an array or nil. The errors are [*Error], [ErrLost] and the context's.
func (c *Client) Call(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error) {
	var p any
	if params != nil {
		p = params
	}
	rsp, err := c.c.Call(ctx, method, p)
	if err != nil {
		return nil, callError(ctx, err)
	}
	var result json.RawMessage
	err = rsp.UnmarshalResult(&result)
	return result, err
}

func callError(ctx context.Context, err error) error {
	var answered *jrpc2.Error
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &answered):
		object := append([]byte(nil), `{"code":`...)
		code, _ := json.Marshal(answered.Code)
		message, _ := json.Marshal(answered.Message)
		object = append(append(append(object, code...), `,"message":`...), message...)
		if answered.Data != nil {
			object = append(append(object, `,"data":`...), answered.Data...)
		}
		return &Error{int(answered.Code), answered.Message, append(object, '}')}
	}
	return errors.Join(ErrLost, err)
}

// Close ends the connection.
func (c *Client) Close() error { return c.c.Close() }

// Kind is the error's data.kind, "" if it has none.
func (e *Error) Kind() string {
	var object struct{ Data struct{ Kind string } }
	if json.Unmarshal(e.JSON, &object) != nil {
		return ""
	}
	return object.Data.Kind
}
