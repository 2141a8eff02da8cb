package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// client speaks JSON-RPC 2.0 with a Content-Length header before each message,
// as editors do. It does one thing at a time, on its caller's goroutine: while
// it waits for an answer it passes notifications on, in the order sent.
//
//	Content-Length: 52\r\n
//	\r\n
//	{"jsonrpc":"2.0","id":1,"method":"session/info"}
type client struct {
	r      *bufio.Reader
	w      io.Writer
	calls  int
	notify func(method string, params jsontext.Value) error
}

func newClient(r io.Reader, w io.Writer, notify func(string, jsontext.Value) error) *client {
	return &client{r: bufio.NewReader(r), w: w, notify: notify}
}

// answeredError is an error that the server has answered with. Kind is there for
// programs to decide by, Message for people.
type answeredError struct {
	Method        string
	Code          int
	Message, Kind string
}

func (e *answeredError) Error() string {
	return fmt.Sprintf("%s: error %d %s: %s", e.Method, e.Code, e.Kind, e.Message)
}

func newAnsweredError(method string, object jsontext.Value) error {
	var o struct {
		Code    int
		Message string
		Data    struct{ Kind string }
	}
	if err := json.Unmarshal(object, &o, json.MatchCaseInsensitiveNames(true)); err != nil {
		return fmt.Errorf("%s: an error that can't be read: %w", method, err)
	}
	return &answeredError{method, o.Code, o.Message, o.Data.Kind}
}

// call sends a request and returns the result. The errors are *answeredError
// and those of the stream.
func (c *client) call(method string, params any) (jsontext.Value, error) {
	c.calls++
	id := strconv.Itoa(c.calls)
	if err := c.send(method, id, params); err != nil {
		return nil, err
	}
	for {
		answered, message, err := c.receive()
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: %w", method, err)
		case answered == "":
			continue
		case answered != id:
			return nil, fmt.Errorf("%s: answer to %s, which is not the call that waits", method, answered)
		case message["error"] != nil:
			return nil, newAnsweredError(method, message["error"])
		}
		return message["result"], nil
	}
}

// receive reads one message. If it is an answer, id says which call's; if it is
// a notification, it has been passed on.
func (c *client) receive() (id string, message map[string]jsontext.Value, err error) {
	body, err := readFrame(c.r)
	if err != nil {
		return "", nil, err
	}
	if err := json.Unmarshal(body, &message); err != nil {
		return "", nil, fmt.Errorf("the server sent no JSON object: %w", err)
	}
	if message["method"] == nil {
		return string(message["id"]), message, nil
	}
	var method string
	if err := json.Unmarshal(message["method"], &method); err != nil {
		return "", nil, err
	}
	return "", message, c.notify(method, message["params"])
}

// send writes a request, or a notification if id is empty.
func (c *client) send(method, id string, params any) error {
	body := wire.AppendString([]byte(`{"jsonrpc":"2.0","method":`), method)
	if id != "" {
		body = append(append(body, `,"id":`...), id...)
	}
	if params != nil {
		encoded, err := wire.Encode(params)
		if err != nil {
			return err
		}
		body = append(append(body, `,"params":`...), encoded...)
	}
	return writeFrame(c.w, append(body, '}'))
}

// writeFrame writes a message in one piece.
func writeFrame(w io.Writer, body []byte) error {
	_, err := w.Write(append([]byte("Content-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"), body...))
	return err
}

// maxFrame is more than the protocol lets the server send at once.
const maxFrame = 1 << 20

// readFrame reads a message. io.EOF is the end between two messages.
func readFrame(r *bufio.Reader) ([]byte, error) {
	length := -1
	for first := true; ; first = false {
		line, err := r.ReadString('\n')
		switch {
		case err != nil && (line != "" || !first) && errors.Is(err, io.EOF):
			return nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, err
		}
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		if name == "" {
			break
		}
		if strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return nil, fmt.Errorf("a header that makes no sense: %q", line)
			}
		}
	}
	if length < 0 || length > maxFrame {
		return nil, fmt.Errorf("a message of %d bytes", length)
	}
	body := make([]byte, length)
	_, err := io.ReadFull(r, body)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return body, err
}
