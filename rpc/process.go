package rpc

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func processList(c *call, _ wire.None) (wire.ProcessList, error) {
	list := c.engine.Process.List()
	return wire.ProcessList{Processes: processesOf(list.Processes), Revision: list.Revision}, nil
}

func processStatus(c *call, p wire.ID) (wire.Process, error) {
	proc, err := c.process(p.ID)
	if err != nil {
		return wire.Process{}, err
	}
	return processOf(proc.Snapshot()), nil
}

func processStart(c *call, p wire.StartParams) (wire.Process, error) {
	spec, err := c.spec(p)
	if err != nil {
		return wire.Process{}, err
	}
	s, err := c.engine.Process.Start(spec)
	if err != nil {
		return wire.Process{}, err
	}
	return processOf(s), nil
}

func processStop(c *call, p wire.StopParams) (wire.Process, error) {
	o, err := stopOptions(p)
	if err != nil {
		return wire.Process{}, err
	}
	proc, err := c.process(p.ID)
	if err != nil {
		return wire.Process{}, err
	}
	stop := proc.Stop(o)
	return c.outcome(stop.Wait(c.overlap()))
}

func processRestart(c *call, p wire.ID) (wire.Process, error) {
	proc, err := c.process(p.ID)
	if err != nil {
		return wire.Process{}, err
	}
	restart, err := proc.Restart()
	if err != nil {
		return wire.Process{}, err
	}
	return c.outcome(restart.Wait(c.overlap()))
}

func processStopAll(c *call, _ wire.None) (wire.Processes, error) {
	before := c.engine.Process.List()
	wait := c.engine.Process.StopAll()
	ctx := c.overlap()
	c.reportEnds(ctx, before)
	if err := wait(ctx); err != nil {
		return wire.Processes{}, err
	}
	list := c.engine.Process.List().Processes
	return wire.Processes{Processes: processesOf(list)}, c.flush(ctx, list...)
}

// reportEnds tells a client that wants to know how many of the processes that run
// have ended, until all have or ctx ends.
func (c *call) reportEnds(ctx context.Context, list *process.List) {
	if c.progress == nil {
		return
	}
	running := slices.DeleteFunc(slices.Clone(list.Processes), func(s *process.Snapshot) bool { return !s.State.Active() })
	for i, s := range running {
		proc, err := c.engine.Process.Get(s.ID)
		if err == nil {
			_, err = proc.Wait(ctx, func(now *process.Snapshot) bool { return now.State.Ended() })
		}
		if err != nil && ctx.Err() != nil {
			return
		}
		c.progress.reportPart(i+1, len(running), "%d of %d have ended")
	}
}

func processWait(c *call, p wire.WaitParams) (wire.Process, error) {
	reached, err := waitFor(p.For)
	if err != nil {
		return wire.Process{}, err
	}
	if p.TimeoutMs < 0 {
		return wire.Process{}, invalidParams("/timeoutMs", "timeoutMs must not be negative")
	}
	proc, err := c.process(p.ID)
	if err != nil {
		return wire.Process{}, err
	}
	ctx := c.overlap()
	timed, cancel := withTimeout(ctx, p.TimeoutMs)
	defer cancel()
	s, err := proc.Wait(timed, func(s *process.Snapshot) bool {
		c.progress.report(s.ID + " is " + s.State.String())
		ok, hopeless := reached(s)
		return ok || hopeless
	})
	if errors.Is(err, errTimeout) {
		return wire.Process{}, failed("wait.timeout", fmt.Sprintf("%s is %s, not %s, after %d ms", p.ID, proc.State(), goal(p.For), p.TimeoutMs))
	}
	if err == nil {
		if ok, _ := reached(s); !ok {
			err = &process.EndedError{ID: s.ID, State: s.State}
		}
	}
	return c.outcome(s, err)
}

var errTimeout = errors.New("timed out")

func withTimeout(ctx context.Context, ms int64) (context.Context, context.CancelFunc) {
	if ms == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, time.Duration(ms)*time.Millisecond, errTimeout)
}

// goal is what a wait is for, when it is not said.
func goal(name string) string {
	if name == "" {
		return "exited"
	}
	return name
}

// waitFor returns how to tell that a wait is over, and that it is in vain.
func waitFor(name string) (func(*process.Snapshot) (ok, hopeless bool), error) {
	switch goal(name) {
	case "running", "ready": // without a rule for readiness the two are one
		return func(s *process.Snapshot) (ok, hopeless bool) {
			return s.State == process.Running, s.State.Ended() && !s.Again
		}, nil
	case "exited", "stopped":
		return func(s *process.Snapshot) (ok, hopeless bool) {
			return s.State.Ended() && !s.Again, false
		}, nil
	}
	return nil, invalidParams("/for", fmt.Sprintf("there is no state %q to wait for: running, ready, exited, stopped", name))
}

func processInput(c *call, p wire.InputParams) (wire.Null, error) {
	proc, err := c.process(p.ID)
	if err != nil {
		return wire.Null{}, err
	}
	return wire.Null{}, proc.Input([]byte(p.Data), p.EOF)
}

func processSignal(c *call, p wire.SignalParams) (wire.Null, error) {
	if p.Signal == "" {
		return wire.Null{}, missing("signal")
	}
	signal, err := process.ParseSignal(p.Signal)
	if err != nil {
		return wire.Null{}, err
	}
	proc, err := c.process(p.ID)
	if err != nil {
		return wire.Null{}, err
	}
	return wire.Null{}, proc.Signal(signal)
}

func processResize(c *call, p wire.ResizeParams) (wire.Null, error) {
	if err := checkSize(p.Cols, p.Rows); err != nil {
		return wire.Null{}, err
	}
	proc, err := c.process(p.ID)
	if err != nil {
		return wire.Null{}, err
	}
	return wire.Null{}, proc.Resize(p.Cols, p.Rows)
}

func checkSize(cols, rows int) error {
	err := process.CheckSize(cols, rows)
	switch {
	case err == nil:
		return nil
	case process.CheckSize(cols, 1) != nil:
		return invalidParams("/cols", err.Error())
	}
	return invalidParams("/rows", err.Error())
}

func processRemove(c *call, p wire.ID) (wire.Null, error) {
	if p.ID == "" {
		return wire.Null{}, missing("id")
	}
	return wire.Null{}, c.engine.Remove(p.ID)
}

func (c *call) process(id string) (*process.Process, error) {
	if id == "" {
		return nil, missing("id")
	}
	return c.engine.Process.Get(id)
}

// outcome converts the outcome of a wait for the end of a process. The client
// sees the process's last line before it learns that it has ended.
func (c *call) outcome(s *process.Snapshot, err error) (wire.Process, error) {
	if err != nil {
		return wire.Process{}, err
	}
	return processOf(s), c.flush(c.ctx, s)
}

func (c *call) flush(ctx context.Context, list ...*process.Snapshot) error {
	last := uint64(0)
	for _, s := range list {
		last = max(last, s.FinalSeq)
	}
	return c.pump.flush(ctx, last)
}

// spec makes what the process room wants of what a client says.
func (c *call) spec(p wire.StartParams) (process.Spec, error) {
	if err := unsupported(p); err != nil {
		return process.Spec{}, err
	}
	spec := process.Spec{Name: p.Name, Shell: p.Command.Shell, Args: p.Command.Args, Dir: c.engine.Root, Source: "call"}
	given := spec.Shell != "" || len(spec.Args) > 0
	switch {
	case p.Script != "" && given:
		return spec, invalidParams("/command", "give a script or a command, not both")
	case p.Script == "" && !given:
		return spec, missing("command")
	case p.Script != "":
		if err := c.useScript(&spec, p.Script); err != nil {
			return spec, err
		}
	}
	if p.Cwd != "" {
		spec.Dir = p.Cwd
		if !filepath.IsAbs(p.Cwd) {
			spec.Dir = filepath.Join(c.engine.Root, p.Cwd)
		}
	}
	spec.Env = c.environment(p.Env)
	return spec, useStdio(&spec, p)
}

func useStdio(spec *process.Spec, p wire.StartParams) error {
	switch p.Stdio {
	case "", "pipe":
		if p.Cols != 0 || p.Rows != 0 {
			return invalidParams("/cols", "cols and rows are of a pty: add stdio pty")
		}
		return nil
	case "pty":
	default:
		return invalidParams("/stdio", fmt.Sprintf("stdio can't be %q: pipe or pty", p.Stdio))
	}
	spec.TTY, spec.Cols, spec.Rows = true, p.Cols, p.Rows
	if p.Cols == 0 && p.Rows == 0 {
		return nil
	}
	return checkSize(p.Cols, p.Rows)
}

// unsupported refuses what a later version does, rather than ignoring it.
func unsupported(p wire.StartParams) error {
	switch {
	case p.Restart != "" && p.Restart != "never":
		return invalidParams("/restart", fmt.Sprintf("restart can't be %q: this version has never", p.Restart))
	case len(p.DependsOn) > 0:
		return invalidParams("/dependsOn", "this version has no dependencies")
	case len(p.Ready) > 0 && string(p.Ready) != "null":
		return invalidParams("/ready", "this version has no readiness rules")
	}
	return nil
}

func (c *call) useScript(spec *process.Spec, name string) error {
	listing, err := c.engine.Scripts(c.ctx)
	if err != nil {
		return err
	}
	script, err := listing.Find(name)
	if err != nil {
		return err
	}
	spec.Shell, spec.Dir, spec.Source = script.Command, script.Dir, script.Source
	if spec.Name == "" && process.CheckName(script.Name) == nil {
		spec.Name = script.Name // else the command gives the name
	}
	return nil
}

// environment is the session's, or else the engine's own, with extra on top.
func (c *call) environment(extra map[string]string) []string {
	c.mu.Lock()
	session := c.env
	c.mu.Unlock()
	var env []string
	if session == nil {
		env = os.Environ()
	}
	for _, m := range []map[string]string{session, c.server.childEnv(), extra} {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			env = append(env, k+"="+m[k])
		}
	}
	return env
}

// childEnv is what every child gets, so that it can find its engine.
func (s *Server) childEnv() map[string]string {
	if s.o.Socket == "" {
		return nil
	}
	return map[string]string{"BRUMMER_RPC_SOCKET": s.o.Socket}
}

func stopOptions(p wire.StopParams) (process.StopOptions, error) {
	var o process.StopOptions
	if p.Signal != "" {
		signal, err := process.ParseSignal(p.Signal)
		if err != nil {
			return o, err
		}
		o.Signal = signal
	}
	if p.GraceMs != nil {
		if *p.GraceMs < 0 {
			return o, invalidParams("/graceMs", "graceMs must not be negative")
		}
		o.Grace = time.Duration(*p.GraceMs) * time.Millisecond
		if o.Grace == 0 {
			o.Grace = -1
		}
	}
	return o, nil
}

func processesOf(list []*process.Snapshot) []wire.Process {
	out := make([]wire.Process, len(list))
	for i, s := range list {
		out[i] = processOf(s)
	}
	return out
}

func processOf(s *process.Snapshot) wire.Process {
	p := wire.Process{
		ID: s.ID, Name: s.ID, Command: s.Command, Cwd: s.Dir, Source: s.Source, Stdio: stdioOf(s),
		State: s.State.String(), Ready: s.State == process.Running, Run: s.Run, PID: s.PID,
		Signal: s.Signal, Core: s.Core, Reason: s.Reason, BlockedBy: s.BlockedBy, Restarts: s.Restarts, FinalSeq: s.FinalSeq,
		StartedAt: unixMilli(s.StartedAt), ExitedAt: unixMilli(s.ExitedAt),
	}
	if s.State.Ended() && s.Spawned() && s.Signal == "" {
		p.ExitCode = &s.ExitCode
	}
	return p
}

func stdioOf(s *process.Snapshot) string {
	if s.TTY {
		return "pty"
	}
	return "pipe"
}

func unixMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
