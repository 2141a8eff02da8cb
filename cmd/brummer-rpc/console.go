package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"unicode/utf8"

	gojson "github.com/go-json-experiment/json"

	"github.com/brummer-rpc/brummer-rpc/rpc/editor"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// console joins this program's streams to those of one process: what the process
// writes comes out here, byte by byte, and what comes in here is its input.
//
//	stdin          -> process/input    (key by key, if both are terminals)
//	its size       -> process/resize
//	stdout, stderr <- logs/lines, raw
type console struct {
	*editor.Client
	p     *program
	proc  wire.Process // as it was in the beginning
	leave func()       // ends the context: somebody wants to go, or nobody reads any more
	fail  func(error)  // as well: what the process writes can't be written here
	ended func()       // what the end of stdin means
	own   bool         // the process is here and nowhere else: it waits for who reads its output
}

// leaveKey is Ctrl-], as telnet has it: Ctrl-C is for the process.
const leaveKey = 0x1d

// console connects to the workspace's engine. The context that it returns ends
// when somebody leaves.
func (p *program) console(ctx context.Context, launch launching) (*console, context.Context, error) {
	conn, _, err := p.reach(ctx, launch)
	if err != nil {
		return nil, nil, err
	}
	ctx, fail := context.WithCancelCause(ctx)
	c := &console{p: p, leave: func() { fail(nil) }, fail: fail}
	c.Client = editor.NewClient(conn, conn, c.notified)
	if err := c.ask(ctx, "initialize", map[string]any{
		"clientInfo": wire.ClientInfo{Name: "brummer-rpc", Version: version}, "capabilities": map[string]any{},
		"initializationOptions": map[string]any{"env": environment()},
	}, nil); err != nil {
		c.close()
		return nil, nil, err
	}
	return c, ctx, nil
}

func (c *console) close() {
	c.leave()
	c.Close()
}

func (c *console) ask(ctx context.Context, method string, params, result any) error {
	return c.p.askOver(ctx, c.Client, method, params, result)
}

// join shows what the process writes from since on and gives it what comes in,
// until it has ended or somebody leaves. proc is how it is then.
func (c *console) join(ctx context.Context, since any) (proc wire.Process, err error) {
	defer watchReader(c.p.stdout, c.leave)()
	keys := false
	if c.proc.Stdio == "pty" { // before anything is shown: who answers that means the process
		restore, err := rawKeys(c.p.stdin)
		if keys = err == nil; keys {
			defer restore()
		}
		defer onResize(func() { c.resize(ctx) })()
		c.resize(ctx)
	}
	filter := wire.Filter{Processes: []string{c.proc.ID}}
	if err := c.ask(ctx, "logs/subscribe", map[string]any{
		"filter": filter, "since": since, "format": "raw", "window": 0, "lossless": c.own,
	}, nil); err != nil {
		return proc, err
	}
	go c.feed(ctx, keys) // it ends with the program, which may be while it reads
	err = c.ask(ctx, "process/wait", wire.WaitParams{ID: c.proc.ID, For: "stopped"}, &proc)
	return proc, err
}

func (c *console) resize(ctx context.Context) {
	if columns, rows := sizeOf(c.p.stdout); columns > 0 && rows > 0 {
		_ = c.ask(ctx, "process/resize", wire.ResizeParams{ID: c.proc.ID, Cols: columns, Rows: rows}, nil) // it may have ended
	}
}

// feed gives what comes in to the process. Input is text on the wire: what is no
// UTF-8 is replaced.
func (c *console) feed(ctx context.Context, keys bool) {
	buf := make([]byte, 32<<10)
	kept := 0 // bytes of a character that has not come whole
	for {
		n, err := c.p.stdin.Read(buf[kept:])
		text := buf[:kept+n]
		whole := len(text)
		if err == nil {
			whole = wholeRunes(text)
		}
		at := -1
		if keys {
			at = bytes.IndexByte(text, leaveKey)
		}
		switch {
		case at >= 0:
			c.input(ctx, text[:at])
			c.leave()
			return
		case whole > 0:
			c.input(ctx, text[:whole])
		}
		kept = copy(buf, text[whole:])
		if err != nil {
			c.ended()
			return
		}
	}
}

// input is best effort: a process that takes no more, or has ended, is told of by
// other ways.
func (c *console) input(ctx context.Context, text []byte) {
	_ = c.ask(ctx, "process/input", wire.InputParams{ID: c.proc.ID, Data: string(bytes.ToValidUTF8(text, []byte("\ufffd")))}, nil)
}

// wholeRunes is how many bytes of a text are whole characters: the last one may be
// cut.
func wholeRunes(text []byte) int {
	for i := len(text) - 1; i >= max(0, len(text)-utf8.UTFMax); i-- {
		if utf8.RuneStart(text[i]) {
			if utf8.FullRune(text[i:]) {
				return len(text)
			}
			return i
		}
	}
	return len(text)
}

// notified prints what the process has written, and how much of it is gone.
func (c *console) notified(method string, params []byte) {
	var m wire.LinesRaw
	if method != "logs/lines" || gojson.Unmarshal(params, &m) != nil {
		return
	}
	if m.Gap != nil {
		c.p.logf("%d lines are gone (%s)", m.Gap.Count, m.Gap.Reason)
	}
	out := c.p.stdout
	if m.Stream == "stderr" {
		out = c.p.stderr
	}
	if _, err := out.Write(m.Data); err != nil {
		c.fail(err)
	}
}

// writeFailure is why the context has ended, if it was that something could not be written.
func writeFailure(ctx context.Context) error {
	if e, ok := errors.AsType[*fs.PathError](context.Cause(ctx)); ok {
		return e
	}
	return nil
}

// codeOf is the exit code of a process as shells have it.
func codeOf(proc wire.Process) int {
	switch {
	case proc.ExitCode != nil:
		return *proc.ExitCode
	case proc.Signal != "":
		return exitSignal + signalNumber(proc.Signal)
	}
	return exitAnswered
}

// askOver is ask for verbs that also take notifications.
func (p *program) askOver(ctx context.Context, c *editor.Client, method string, params, result any) error {
	err := c.Call(ctx, method, params, result)
	var answered *editor.Error
	switch {
	case errors.As(err, &answered):
		return answeredWith(answered, answered.Code, answered.Kind())
	case errors.Is(err, context.Canceled):
		return &codeError{code: p.exitCode()}
	case err != nil:
		return &codeError{exitLost, fmt.Errorf("%s: %w", method, err)}
	}
	return nil
}
