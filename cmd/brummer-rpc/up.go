package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	gojson "github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/editor"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) upCommand() *cobra.Command {
	var f logsFlags
	cmd := &cobra.Command{
		Use:   "up [NAME...]",
		Short: "Start what is configured, in order, and follow it until Ctrl-C",
		Long: `Starts the processes of brummer.toml, or those that are named, each behind what it
depends on, and prints their output. Ctrl-C stops them in the reverse order and
says what it waits for; a second Ctrl-C kills. It ends when all of them have: with
0 if every one has ended well, with 1 otherwise. What ran before is left running.`,
		Example: `  brummer-rpc up
  brummer-rpc up web worker --json`,
		ValidArgsFunction: p.completeScripts,
		RunE: func(cmd *cobra.Command, names []string) error {
			return lost(p.up(cmd.Context(), f, names))
		},
	}
	cmd.Flags().BoolVarP(&f.timestamps, "timestamps", "t", false, "print when each line was read")
	jsonFlag(cmd, &f.json)
	return cmd
}

// foreman is one `up`: a connection that starts, follows and stops.
//
//	initialize -> follow the lines -> start each -> until all have ended, or Ctrl-C
//	                                                 -> stop all -> a second one: kill
type foreman struct {
	*editor.Client
	p     *program
	flags logsFlags
	print *linePrinter
	news  chan struct{} // something has changed in processes

	before  map[string]wire.Process // as they were before anything was started
	claimed bool                    // started is known

	mu        sync.Mutex // also guards stdout
	deaf      bool       // lines can't be printed
	processes map[string]wire.Process
	started   []string // ids, in the order of their start
}

func (p *program) up(ctx context.Context, f logsFlags, names []string) error {
	place, err := p.place(p.flags.root)
	if err != nil {
		return &codeError{exitUsage, err}
	}
	var conn *net.UnixConn
	if conn, err = p.dialOrLaunch(ctx, place, untilIdle); err != nil {
		return noEngine(place, err)
	}
	defer conn.Close()
	f.follow = true
	m := &foreman{p: p, flags: f, news: make(chan struct{}, 1), processes: map[string]wire.Process{}}
	m.print = &linePrinter{p: p, flags: f}
	m.Client = editor.NewClient(conn, conn, m.notified)
	if err := m.begin(ctx); err != nil {
		return err
	}
	if err := m.start(ctx, names); err != nil {
		if ctx.Err() == nil && m.claim(ctx) == nil && len(m.ours()) == 0 {
			return err // nothing was started
		}
		stopped := m.stop(context.WithoutCancel(ctx))
		if ctx.Err() != nil {
			return stopped
		}
		return err
	}
	return m.follow(ctx)
}

// begin opens the session, and follows what is printed from now on.
func (m *foreman) begin(ctx context.Context) error {
	if err := m.ask(ctx, "initialize", map[string]any{
		"clientInfo": wire.ClientInfo{Name: "brummer-rpc up", Version: version}, "capabilities": map[string]any{},
		"initializationOptions": map[string]any{"env": environment()},
	}, nil); err != nil {
		return err
	}
	return m.ask(ctx, "logs/subscribe", map[string]any{"ansi": m.p.colours(), "window": 0, "format": "columns"}, nil)
}

// start starts the named scripts, or all that are configured. What they depend on
// is started by the engine, and belongs to us as well.
func (m *foreman) start(ctx context.Context, names []string) error {
	var before wire.ProcessList
	if err := m.ask(ctx, "process/list", wire.None{}, &before); err != nil {
		return err
	}
	if len(names) == 0 {
		var err error
		if names, err = m.configured(ctx); err != nil {
			return err
		}
	}
	for _, name := range names {
		name = name[strings.LastIndexByte(name, ':')+1:]
		m.print.width = min(maxNameWidth, max(m.print.width, len(name)))
	}
	m.before = make(map[string]wire.Process)
	for _, proc := range before.Processes {
		m.before[proc.ID] = proc
	}
	for _, name := range names {
		var first wire.Process
		err := m.ask(ctx, "process/start", wire.StartParams{Script: name}, &first)
		var answered *editor.Error
		if errors.As(err, &answered) && answered.Kind() == "process.alreadyRunning" {
			continue // as a dependency, or by somebody else
		}
		if err != nil {
			return err
		}
	}
	if err := m.claim(ctx); err != nil {
		return err
	}
	if len(m.ours()) == 0 {
		return &codeError{exitAnswered, errors.New("all of it runs already: `brummer-rpc logs -f` follows it")}
	}
	return nil
}

// claim finds out what was started since before, by the engine as a dependency as
// well. It is asked once; a Ctrl-C in the middle of the starts asks it, too.
func (m *foreman) claim(ctx context.Context) error {
	if m.claimed || m.before == nil {
		return nil
	}
	var after wire.ProcessList
	if err := m.ask(ctx, "process/list", wire.None{}, &after); err != nil {
		return err
	}
	m.claimed = true
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, proc := range after.Processes {
		if was := m.before[proc.ID]; !active(was) && (active(proc) || was.Run != proc.Run) {
			m.started = append(m.started, proc.ID)
		}
	}
	m.noteLocked(after.Processes)
	return nil
}

// configured gives the names of what brummer.toml has.
func (m *foreman) configured(ctx context.Context) (names []string, err error) {
	var list wire.Scripts
	if err := m.ask(ctx, "project/scripts", wire.None{}, &list); err != nil {
		return nil, err
	}
	for _, s := range list.Scripts {
		if strings.HasPrefix(s.ID, "brummer:") {
			names = append(names, s.ID)
		}
	}
	for _, p := range list.Problems {
		if filepath.Base(p.File) == "brummer.toml" {
			m.say(fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message))
			err = &codeError{exitAnswered, errors.New("brummer.toml has mistakes: nothing was started")}
		}
	}
	if err == nil && len(names) == 0 {
		err = &codeError{exitUsage, errors.New("nothing is configured here: name a script (see `brummer-rpc scripts`), or write a brummer.toml (`brummer-rpc init` does)")}
	}
	return names, err
}

// active reports whether a process runs, or will.
func active(p wire.Process) bool {
	return p.State != "" && !slices.Contains([]string{"idle", "stopped", "exited", "failed"}, p.State)
}

// follow returns when all that was started has ended.
func (m *foreman) follow(ctx context.Context) error {
	for {
		select {
		case <-m.news:
			if done, failed := m.over(); done {
				if failed {
					return &codeError{code: exitAnswered}
				}
				return nil
			}
		case <-ctx.Done():
			return m.stop(context.WithoutCancel(ctx))
		case <-m.Done():
			return errors.New("the engine has ended")
		}
	}
}

// over reports whether all have ended and their last lines are printed, and whether
// one of them has failed. The end alone says too little: the answer to process/list
// may tell of it before the lines come.
func (m *foreman) over() (done, failed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range m.started {
		p := m.processes[id]
		if active(p) || p.FinalSeq > m.print.last && !m.deaf {
			return false, false
		}
		failed = failed || p.State == "failed"
	}
	return true, failed
}

// stop stops what was started; the engine sees to the order. A second signal kills
// what is left. It names what it waits for as long as it waits.
func (m *foreman) stop(ctx context.Context) error {
	again := make(chan os.Signal, 1)
	signal.Notify(again, endSignals...)
	defer signal.Stop(again)
	m.say("stopping; Ctrl-C once more kills")
	if err := m.claim(ctx); err != nil {
		return err
	}
	var stops sync.WaitGroup
	stops.Go(func() { m.stopInOrder(ctx) })
	slow := time.NewTicker(time.Second)
	defer slow.Stop()
	for {
		if done, _ := m.over(); done {
			stops.Wait()
			return &codeError{code: m.p.exitCode()}
		}
		select {
		case <-m.news:
		case <-again:
			m.say("killing what is left")
			now := int64(0)
			for _, id := range m.ours() {
				stops.Go(func() { _ = m.Call(ctx, "process/stop", wire.StopParams{ID: id, GraceMs: &now}, nil) })
			}
		case <-slow.C:
			m.say("waiting for " + m.blocking())
		case <-m.Done():
			return errors.New("the engine has ended")
		}
	}
}

// stopInOrder stops what was started, dependents first. Their ends are seen in the
// list. If nothing else runs the engine does it, which knows what may go at the
// same time; otherwise one goes after the other.
func (m *foreman) stopInOrder(ctx context.Context) {
	ids := m.ours()
	m.mu.Lock()
	alone := true
	for id, p := range m.processes {
		alone = alone && (!active(p) || slices.Contains(ids, id))
	}
	m.mu.Unlock()
	if alone {
		_ = m.Call(ctx, "process/stopAll", wire.None{}, nil)
		return
	}
	for _, id := range slices.Backward(ids) {
		_ = m.Call(ctx, "process/stop", wire.StopParams{ID: id}, nil)
	}
}

// ours are the ids of what was started, in the order of their start.
func (m *foreman) ours() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.started)
}

// blocking names what has not ended.
func (m *foreman) blocking() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for _, id := range m.started {
		p := m.processes[id]
		if !active(p) {
			continue
		}
		text := fmt.Sprintf("%s (pid %d)", id, p.PID)
		if len(p.BlockedBy) > 0 {
			text = fmt.Sprintf("%s (which waits for %s)", id, strings.Join(p.BlockedBy, ", "))
		}
		names = append(names, text)
	}
	return strings.Join(names, ", ")
}

func (m *foreman) ask(ctx context.Context, method string, params, result any) error {
	err := m.Call(ctx, method, params, result)
	var answered *editor.Error
	switch {
	case errors.As(err, &answered):
		return &codeError{exitAnswered, answered}
	case errors.Is(err, context.Canceled):
		return &codeError{code: m.p.exitCode()}
	}
	return err
}

// notified takes lines and changes. They come in order, so that a process's end
// is printed behind its last line.
func (m *foreman) notified(method string, params []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch method {
	case "logs/lines":
		m.deaf = m.print.columns(params) != nil || m.deaf // a broken terminal ends the program by other ways
		m.ring()
	case "process/changed":
		var changed wire.ProcessChanged
		if gojson.Unmarshal(params, &changed) == nil {
			m.noteLocked(changed.Processes)
		}
	}
}

// noteLocked takes the new states of processes, and tells of those that say
// something new.
func (m *foreman) noteLocked(list []wire.Process) {
	for _, p := range list {
		before, known := m.processes[p.ID]
		m.processes[p.ID] = p
		if known && before.State == p.State && before.Run == p.Run && before.Ready == p.Ready {
			continue
		}
		m.tell(p)
	}
	m.ring()
}

// ring has who waits for news look again.
func (m *foreman) ring() {
	select {
	case m.news <- struct{}{}:
	default:
	}
}

// tell says what has become of a process.
func (m *foreman) tell(p wire.Process) {
	if m.flags.json {
		if text, err := wire.Encode(map[string]any{"process": p}); err == nil {
			fmt.Fprintf(m.p.stdout, "%s\n", text)
		}
		return
	}
	text := p.State
	if why := endOf(p); why != "" {
		text += " (" + why + ")"
	}
	switch {
	case p.State == "running" && p.Ready:
		text = fmt.Sprintf("ready (pid %d)", p.PID)
	case p.State == "running":
		text = fmt.Sprintf("running (pid %d)", p.PID)
	case p.State == "pending":
		text = "waits for " + strings.Join(p.BlockedBy, ", ")
	}
	m.print.width = min(maxNameWidth, max(m.print.width, len(p.ID)))
	name := p.ID + strings.Repeat(" ", max(0, m.print.width-len(p.ID)))
	fmt.Fprintf(m.p.stdout, "%s%s\n", m.p.paint(name, nameColour(p.ID)), m.p.paint(" * "+text, stateColours[p.State]))
}

func (m *foreman) say(text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fmt.Fprintf(m.p.stderr, "brummer-rpc: %s\n", text)
}
