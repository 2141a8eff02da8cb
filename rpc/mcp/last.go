package mcp

import (
	"context"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// lastAnswers is how long what was asked before the end of the input may take. A
// host that has hung up sends a signal if it wants no answers.
const lastAnswers = 10 * time.Second

// answering is a transport whose input ends only when all that was asked on it has
// been answered: the library drops what it works at when its input ends, and a
// shell that pipes its questions in would never hear of them.
type answering struct{ mcp.Transport }

// Connect implements [mcp.Transport].
func (t answering) Connect(ctx context.Context) (mcp.Connection, error) {
	c, err := t.Transport.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &answeringConn{Connection: c, open: map[jsonrpc.ID]bool{}, over: make(chan struct{})}, nil
}

type answeringConn struct {
	mcp.Connection

	mu    sync.Mutex
	open  map[jsonrpc.ID]bool // calls that have no answer yet
	ended bool                // the input
	shut  bool                // the connection
	over  chan struct{}       // closed when nobody waits for an answer any more
}

// Read implements [mcp.Connection].
func (c *answeringConn) Read(ctx context.Context) (jsonrpc.Message, error) {
	m, err := c.Connection.Read(ctx)
	if err != nil {
		c.set(func() { c.ended = true })
		c.await(ctx)
		return m, err
	}
	if r, ok := m.(*jsonrpc.Request); ok && r.IsCall() {
		c.set(func() { c.open[r.ID] = true })
	}
	return m, nil
}

// Write implements [mcp.Connection].
func (c *answeringConn) Write(ctx context.Context, m jsonrpc.Message) error {
	err := c.Connection.Write(ctx, m)
	if r, ok := m.(*jsonrpc.Response); ok {
		c.set(func() { delete(c.open, r.ID) })
	}
	return err
}

// Close implements [mcp.Connection].
func (c *answeringConn) Close() error {
	c.set(func() { c.shut = true })
	return c.Connection.Close()
}

// set changes what is known, and ends the wait if that was the last.
func (c *answeringConn) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.isOver()
	change()
	if !before && c.isOver() {
		close(c.over)
	}
}

func (c *answeringConn) isOver() bool { return c.shut || c.ended && len(c.open) == 0 }

// await returns when all is answered, or need not be.
func (c *answeringConn) await(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lastAnswers)
	defer cancel()
	select {
	case <-c.over:
	case <-ctx.Done():
	}
}
