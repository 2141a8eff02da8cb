// Package mcp lets an assistant use an engine: it serves the Model Context
// Protocol on a stream, and each of its tools is one method of ours. It is not a
// front of the engine: it speaks to one as a client, through a [Connect].
package mcp

import (
	"context"
	"encoding/json"
	"io"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Client is who uses the tools, as it calls itself.
type Client struct{ Name, Version string }

// Engine is a connection to an engine.
type Engine interface {
	// Call sends one call; params is an object. An error is told to the assistant
	// in its own words.
	Call(ctx context.Context, method string, params json.RawMessage) (json.RawMessage, error)
	Done() <-chan struct{} // closed when the connection has ended
	Close() error
}

// Connect finds the workspace's engine on behalf of a client, or starts one.
type Connect func(context.Context, Client) (Engine, error)

// instructions tell an assistant what the tools are for.
const instructions = `Runs the processes of this workspace (dev servers, watchers, tests, builds) and knows what they print.
Look with process_list before you start anything: others, such as an editor, use the same processes.
project_scripts lists what can be started. problems_list has errors with file and line, tests_list the last result of each test; logs_search finds lines in all output, logs_query pages through it.
Lines and columns of positions count from 0.`

// Serve answers on the stream until the client hangs up or ctx ends.
func Serve(ctx context.Context, in io.ReadCloser, out io.WriteCloser, version string, connect Connect) error {
	b := &bridge{connect: connect}
	defer b.close()
	server := mcp.NewServer(
		&mcp.Implementation{Name: "brummer-rpc", Title: "Brummer", Version: version},
		&mcp.ServerOptions{Instructions: instructions, InitializedHandler: b.initialized},
	)
	for _, t := range tools() {
		server.AddTool(t.describe(), b.handler(t))
	}
	return server.Run(ctx, answering{&mcp.IOTransport{Reader: in, Writer: out}})
}

// bridge has the one connection to the engine, made anew when it was lost.
type bridge struct {
	connect Connect

	mu     sync.Mutex
	engine Engine
}

// initialized connects at once, so that the workspace sees who is there. If that
// fails, the first tool says why.
func (b *bridge) initialized(ctx context.Context, r *mcp.InitializedRequest) {
	b.use(ctx, r.Session)
}

// use returns the connection.
func (b *bridge) use(ctx context.Context, s *mcp.ServerSession) (Engine, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.engine != nil {
		select {
		case <-b.engine.Done():
			b.engine.Close()
			b.engine = nil
		default:
			return b.engine, nil
		}
	}
	var c Client
	if p := s.InitializeParams(); p != nil && p.ClientInfo != nil {
		c = Client{p.ClientInfo.Name, p.ClientInfo.Version}
	}
	var err error
	b.engine, err = b.connect(ctx, c)
	return b.engine, err
}

func (b *bridge) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.engine != nil {
		b.engine.Close()
	}
}

// handler makes a call of each use of the tool. What goes wrong is an answer, for
// the assistant to read, and not an error of the protocol.
func (b *bridge) handler(t tool) mcp.ToolHandler {
	return func(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		text, err := b.call(ctx, r, t)
		if err != nil {
			return &mcp.CallToolResult{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: err.Error()}}}, nil
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(text)}}}, nil
	}
}

func (b *bridge) call(ctx context.Context, r *mcp.CallToolRequest, t tool) (json.RawMessage, error) {
	params, err := t.params(r.Params.Arguments)
	if err != nil {
		return nil, err
	}
	engine, err := b.use(ctx, r.Session)
	if err != nil {
		return nil, err
	}
	return engine.Call(ctx, t.method, params)
}
