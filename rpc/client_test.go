package rpc

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// patience bounds every wait of these tests. It is no measure of speed: a test
// that fails takes this long, one that passes does not.
const patience = 30 * time.Second

var framings = []front.Framing{front.Header, front.NDJSON}

// newEngine makes an engine that ends, and all its processes with it, when the
// test does.
func newEngine(t *testing.T, o engine.Options) *engine.Engine {
	t.Helper()
	if o.Root == "" {
		o.Root = t.TempDir()
	}
	e, err := engine.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-done })
	return e
}

// newServer serves one engine.
func newServer(t *testing.T, e *engine.Engine) *Server {
	t.Helper()
	return New(Options{Version: "test", Open: func(string) (*engine.Engine, error) { return e, nil }})
}

// client is the other end of a connection: bytes in, messages out, and nothing
// between the test and the server that would tidy them up.
type client struct {
	t       *testing.T
	framing front.Framing
	in      io.WriteCloser
	out     io.Closer
	inbox   chan string // messages in the order sent; closed at the end of output
	log     atomic.Bool // whether those for the client's log window are among them
	reading sync.Mutex  // held by a test that wants the client to read no further
	early   []string    // messages that have come before an answer
	ended   chan struct{}
	cancel  context.CancelFunc // of the server's context

	// What ServeConn returned; good once ended is closed.
	outcome Outcome
	err     error
}

// dial connects to s without a word.
func dial(t *testing.T, s *Server, f front.Framing) *client {
	t.Helper()
	if f == front.HTTP {
		return dialHTTP(t, s)
	}
	serverIn, in := io.Pipe()
	out, serverOut := io.Pipe()
	return dialOver(t, s, f, serverIn, in, out, serverOut)
}

// dialHTTP connects to s over a socket, since HTTP is served on nothing else.
func dialHTTP(t *testing.T, s *Server) *client {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	served, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	s.o.Socket = "a socket"
	return dialOver(t, s, front.HTTP, served, closeWrite{conn.(*net.TCPConn)}, conn, served)
}

// closeWrite is the writing half of a connection.
type closeWrite struct{ *net.TCPConn }

func (c closeWrite) Close() error { return c.CloseWrite() }

func dialOver(t *testing.T, s *Server, f front.Framing, serverIn io.ReadCloser, in io.WriteCloser, out io.ReadCloser, serverOut io.WriteCloser) *client {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := &client{
		t: t, framing: f, in: in, out: out, cancel: cancel,
		inbox: make(chan string, 1<<12), ended: make(chan struct{}),
	}
	go func() {
		defer close(c.ended)
		c.outcome, c.err = s.ServeConn(ctx, serverIn, serverOut, front.Unknown)
		serverIn.Close()
		serverOut.Close()
	}()
	go c.read(bufio.NewReader(out))
	t.Cleanup(func() {
		cancel()
		in.Close()
		out.Close()
		c.wait(c.ended, "the end of the session")
	})
	return c
}

// connect connects to s as a client that may call anything.
func connect(t *testing.T, s *Server, f front.Framing) *client {
	t.Helper()
	c := dial(t, s, f)
	c.initialize()
	return c
}

func (c *client) initialize() {
	c.t.Helper()
	if c.framing == front.Header {
		c.call("initialize", `{}`)
		c.call("session/watch", `{"topics":[]}`) // as quiet as the other one
	}
}

// read passes messages on until the server closes its output. What is not framed
// as it must be becomes a message too, and no test expects it.
func (c *client) read(r *bufio.Reader) {
	defer close(c.inbox)
	for {
		c.mayRead()
		message, err := readMessage(r, c.framing)
		if err != nil {
			if err != io.EOF && !errors.Is(err, io.ErrClosedPipe) {
				c.inbox <- "badly framed: " + err.Error()
			}
			return
		}
		if c.log.Load() || !strings.HasPrefix(message, `{"jsonrpc":"2.0","method":"window/logMessage"`) {
			c.inbox <- message
		}
	}
}

// mayRead returns when no test holds reading.
func (c *client) mayRead() {
	c.reading.Lock()
	defer c.reading.Unlock()
}

func readMessage(r *bufio.Reader, f front.Framing) (string, error) {
	if f == front.HTTP {
		return readResponse(r)
	}
	line, err := r.ReadString('\n')
	if err == io.EOF && line != "" {
		return "", fmt.Errorf("the output ends with %q", line)
	}
	if f == front.NDJSON || err != nil {
		return strings.TrimSuffix(line, "\n"), err
	}
	var n int
	if _, err := fmt.Sscanf(line, "Content-Length: %d\r\n", &n); err != nil {
		return "", fmt.Errorf("%q is no header", line)
	}
	body := make([]byte, 2+n)
	if _, err := io.ReadFull(r, body); err != nil || string(body[:2]) != "\r\n" {
		return "", fmt.Errorf("behind the header comes %q, %w", body, err)
	}
	return string(body[2:]), nil
}

// readResponse reads up to the next HTTP response that has a message.
func readResponse(r *bufio.Reader) (string, error) {
	for {
		if _, err := r.Peek(1); err != nil {
			return "", io.EOF // also by a reset: what was not read is gone
		}
		response, err := http.ReadResponse(r, nil)
		if err != nil {
			return "", err
		}
		body, err := io.ReadAll(response.Body)
		switch {
		case err != nil:
			return "", err
		case response.StatusCode == http.StatusOK:
			return strings.TrimSuffix(string(body), "\n"), nil
		case response.StatusCode != http.StatusNoContent:
			return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", response.StatusCode, body)), nil
		}
	}
}

// frame is a message as this client's framing has it.
func (c *client) frame(message string) string {
	switch c.framing {
	case front.NDJSON:
		return message + "\n"
	case front.HTTP:
		return fmt.Sprintf("POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(message), message)
	}
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(message), message)
}

// send sends messages in one piece.
func (c *client) send(messages ...string) {
	c.t.Helper()
	var b strings.Builder
	for _, m := range messages {
		b.WriteString(c.frame(m))
	}
	c.write(b.String())
}

// write sends bytes as they are. A server that has gone does not take them.
func (c *client) write(raw string) {
	c.t.Helper()
	if _, err := io.WriteString(c.in, raw); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		c.t.Fatalf("writing %.60q: %v", raw, err)
	}
}

// eof ends the server's input.
func (c *client) eof() { c.in.Close() }

// hangUp goes away without a word: the server's writes fail from now on.
func (c *client) hangUp() {
	c.out.Close()
	c.in.Close()
}

// receive returns the next message; ok is false at the end of output.
func (c *client) receive() (message string, ok bool) {
	c.t.Helper()
	if len(c.early) > 0 {
		message, c.early = c.early[0], c.early[1:]
		return message, true
	}
	return c.next()
}

// notice is a notification as a client reads it, before its params are looked at.
type notice struct {
	Method string
	Params json.RawMessage
}

// notice gives the next message, which must come.
func (c *client) notice() (n notice) {
	c.t.Helper()
	message, ok := c.receive()
	if !ok {
		c.t.Fatal("the session has ended")
	}
	if err := json.Unmarshal([]byte(message), &n); err != nil {
		c.t.Fatal(err)
	}
	return n
}

func (c *client) next() (message string, ok bool) {
	c.t.Helper()
	select {
	case message, ok = <-c.inbox:
		return message, ok
	case <-time.After(patience):
		c.t.Fatal("no message comes")
		return "", false
	}
}

// call sends one call and returns the answer to it. What comes before is for
// receive.
func (c *client) call(method, params string) string {
	c.t.Helper()
	c.send(`{"jsonrpc":"2.0","id":"call","method":"` + method + `","params":` + params + `}`)
	for {
		m, ok := c.next()
		if !ok {
			c.t.Fatalf("%s: the session has ended", method)
		}
		if strings.HasPrefix(m, `{"jsonrpc":"2.0","id":"call",`) {
			return m
		}
		c.early = append(c.early, m)
	}
}

// answers receives the answers to n calls, in any order and in batches or not,
// by their id tokens. What is no answer is dropped.
func (c *client) answers(n int) map[string]string {
	c.t.Helper()
	got := map[string]string{}
	for len(got) < n {
		m, ok := c.receive()
		if !ok {
			c.t.Fatalf("the session has ended after %d answers of %d: %v", len(got), n, got)
		}
		for _, member := range membersOf(m) {
			var head struct{ ID json.RawMessage }
			if json.Unmarshal(member, &head); head.ID != nil {
				got[string(head.ID)] = string(member)
			}
		}
	}
	return got
}

// membersOf is the messages of a batch, or the one message.
func membersOf(message string) []json.RawMessage {
	var members []json.RawMessage
	if message[0] != '[' || json.Unmarshal([]byte(message), &members) != nil {
		members = []json.RawMessage{json.RawMessage(message)}
	}
	return members
}

// exitCode waits for the end of the session.
func (c *client) exitCode() int {
	c.t.Helper()
	c.wait(c.ended, "the end of the session")
	if c.err != nil {
		c.t.Errorf("ServeConn: %v", c.err)
	}
	return c.outcome.Code
}

// wait waits for done, but not for ever.
func (c *client) wait(done <-chan struct{}, what string) {
	c.t.Helper()
	select {
	case <-done:
	case <-time.After(patience):
		c.t.Fatalf("%s does not come", what)
	}
}
