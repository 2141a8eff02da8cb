package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// serve is the program without a verb: one session on stdin and stdout, with the
// workspace's engine or, without a socket, with one of its own.
func (p *program) serve(cmd *cobra.Command, _ []string) error {
	framing, err := p.framing()
	if err != nil {
		return &codeError{exitUsage, err}
	}
	if isTerminal(p.stdin) {
		fmt.Fprintln(p.stderr, "brummer-rpc reads JSON-RPC from its standard input, which is a terminal.")
		fmt.Fprint(p.stderr, "\n"+cmd.UsageString())
		return &codeError{code: exitUsage}
	}
	if _, err := findRoot(p.flags.root); err != nil {
		return &codeError{exitUsage, err}
	}
	if p.flags.socket != "off" {
		return p.relay(cmd.Context(), framing)
	}
	return p.serveHere(cmd.Context(), p.stdin, framing)
}

// serveHere serves the session with an engine in this process.
func (p *program) serveHere(ctx context.Context, in io.Reader, framing front.Framing) error {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	defer watchReader(p.stdout, hangUp)()
	host, err := p.newHost()
	if err != nil {
		return err
	}
	server := rpc.New(rpc.Options{Version: version, Open: host.open, Stop: hangUp, Logf: p.logf, Autostart: p.flags.autostart})
	host.logf = server.Logf
	outcome, err := server.ServeConn(ctx, in, p.stdout, framing)
	host.close()
	if err != nil && ctx.Err() == nil {
		p.logf("%v", err)
	}
	p.code = outcome.Code
	return nil
}

func (p *program) framing() (front.Framing, error) {
	switch p.flags.framing {
	case "auto":
		return front.Unknown, nil
	case "header":
		return front.Header, nil
	case "ndjson":
		return front.NDJSON, nil
	}
	return front.Unknown, fmt.Errorf("--framing=%s: it must be auto, header or ndjson", p.flags.framing)
}

// host keeps the engine of this process: made when the first session opens a
// workspace, ended when the program is done.
type host struct {
	p    *program
	root string               // from the command line or the present folder
	logf func(string, ...any) // the engine's log: also to the clients

	mu     sync.Mutex
	engine *engine.Engine
	end    context.CancelFunc
	ran    chan struct{} // closed when the engine has ended
}

func (p *program) newHost() (*host, error) {
	root, err := findRoot(p.flags.root)
	if err != nil {
		return nil, &codeError{exitUsage, err}
	}
	return &host{p: p, root: root, logf: p.logf}, nil
}

// open implements [rpc.Options.Open].
func (h *host) open(root string) (*engine.Engine, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if root == "" {
		root = h.root
	}
	root, err := realPath(root)
	if err != nil {
		return nil, err
	}
	if h.engine != nil {
		if h.engine.Root != root {
			return nil, fmt.Errorf("this engine serves %s, not %s: start another one", h.engine.Root, root)
		}
		return h.engine, nil
	}
	e, err := engine.New(engine.Options{
		Root: root, LogBudget: h.p.flags.logBudget, MaxLine: h.p.flags.maxLine, Detection: engine.Detection(h.p.flags.detection), Matchers: h.p.flags.matchers, Guard: ownGuard(),
		UserConfig: userConfig(),
		Logf:       func(format string, args ...any) { h.logf(format, args...) },
	})
	if err != nil {
		return nil, err
	}
	limitMemory(e.Logs.Budget())
	ctx, end := context.WithCancel(context.Background())
	h.engine, h.end, h.ran = e, end, make(chan struct{})
	go func() {
		defer close(h.ran)
		e.Run(ctx)
	}()
	return e, nil
}

// userConfig is the path of the user's own configuration, "" without a home.
func userConfig() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "brummer-rpc", "config.toml")
}

// limitMemory makes the collector run early enough that dropped log segments do
// not double the memory that the budget stands for. A collection is cheap: most
// of what is held is text, which need not be looked through. The limit is for
// what comes in bursts; if everything together ever is above it, that costs time,
// not life.
func limitMemory(budget int64) {
	const reserve = 48 << 20 // a third of it for what searches remember
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(budget + reserve)
	}
}

// busy reports whether a process runs, or will run by itself: after a while, or
// when somebody saves a file.
func (h *host) busy() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.engine == nil {
		return false
	}
	for _, s := range h.engine.Process.List().Processes {
		if s.State.Active() || s.Watched {
			return true
		}
	}
	return false
}

// close ends the engine and returns when all its processes are gone.
func (h *host) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.engine != nil {
		h.end()
		<-h.ran
	}
}
