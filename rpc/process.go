package rpc

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func processList(c *call, p wire.ListParams) (wire.ProcessList, error) {
	list := c.engine.Process.List()
	out := wire.ProcessList{Processes: processesOf(c.engine, list.Processes), Revision: list.Revision}
	if p.Usage {
		c.addUsage(out.Processes)
	}
	return out, nil
}

func processStatus(c *call, p wire.StatusParams) (*wire.Process, error) {
	members, err := c.processes(p.ID)
	if err != nil {
		return nil, err
	}
	list := make([]wire.Process, 1)
	w := &list[0]
	fillProcess(w, c.engine, members[0].Snapshot())
	w.Replicas = idsOf(members)
	if p.Reveal != nil {
		w.Env = members[0].Vars(*p.Reveal)
	}
	if p.Usage {
		c.addUsage(list)
	}
	return w, nil
}

// addUsage tells of each process that runs what it uses now.
func (c *call) addUsage(list []wire.Process) {
	c.overlap()
	procs := make([]*process.Process, 0, len(list))
	for _, w := range list {
		if p, err := c.engine.Process.Get(w.ID); err == nil {
			procs = append(procs, p)
		}
	}
	usage := c.engine.Process.Usage(procs...)
	for i := range list {
		if u, ok := usage[list[i].ID]; ok {
			cpu := math.Round(u.CPU*1000) / 1000
			list[i].CPU, list[i].RSS = &cpu, &u.RSS
		}
	}
}

func processStart(c *call, p wire.StartParams) (wire.Process, error) {
	spec, needed, err := c.spec(p)
	if err != nil {
		return wire.Process{}, err
	}
	for _, dependency := range needed {
		if _, err := c.engine.Process.Start(dependency); err != nil {
			return wire.Process{}, err
		}
	}
	s, err := c.engine.Process.Start(spec)
	if err != nil {
		return wire.Process{}, c.meantScript(err)
	}
	if s.ReplicaOf == "" {
		return processOf(c.engine, s), nil
	}
	members, err := c.processes(s.ReplicaOf)
	w := processOf(c.engine, s)
	w.Replicas = idsOf(members)
	return w, err
}

// meantScript adds to the error of a program that is not there that a script has
// its name.
func (c *call) meantScript(err error) error {
	spawn, ok := errors.AsType[*process.SpawnError](err)
	if !ok || spawn.Missing == "" {
		return err
	}
	listing, e := c.engine.Project.List(c.ctx)
	if e != nil {
		return err
	}
	script, e := listing.Find(spawn.Missing)
	if e != nil {
		return err
	}
	said := *spawn
	said.Reason += fmt.Sprintf("; there is a script of that name: start it with {\"script\": %q}", script.ID)
	return &said
}

func processStop(c *call, p wire.StopParams) (wire.Process, error) {
	o, err := stopOptions(p)
	if err != nil {
		return wire.Process{}, err
	}
	members, err := c.processes(p.ID)
	if err != nil {
		return wire.Process{}, err
	}
	stops := make([]*process.Stop, len(members))
	for i, proc := range members {
		stops[i] = proc.Stop(o)
	}
	ctx := c.overlap()
	return c.outcomes(members, func(i int) (*process.Snapshot, error) { return stops[i].Wait(ctx) })
}

func processRestart(c *call, p wire.ID) (wire.Process, error) {
	members, err := c.processes(p.ID)
	if err != nil {
		return wire.Process{}, err
	}
	restarts := make([]*process.Restart, len(members))
	for i, proc := range members {
		if restarts[i], err = proc.Restart(); err != nil {
			return wire.Process{}, err
		}
	}
	ctx := c.overlap()
	return c.outcomes(members, func(i int) (*process.Snapshot, error) { return restarts[i].Wait(ctx) })
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
	return wire.Processes{Processes: processesOf(c.engine, list)}, c.flush(ctx, list...)
}

// reportEnds tells a client that wants to know how many of the processes that run
// have ended, until all have or ctx ends.
func (c *call) reportEnds(ctx context.Context, list *process.List) {
	if c.progress == nil {
		return
	}
	running := slices.DeleteFunc(slices.Clone(list.Processes), func(s *process.Snapshot) bool { return !s.State.Alive() })
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

func (c *call) flush(ctx context.Context, list ...*process.Snapshot) error {
	last := uint64(0)
	for _, s := range list {
		last = max(last, s.FinalSeq)
	}
	return c.pump.flush(ctx, last)
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

func processesOf(e *engine.Engine, list []*process.Snapshot) []wire.Process {
	out := make([]wire.Process, len(list))
	for i, s := range list {
		fillProcess(&out[i], e, s)
	}
	return out
}

func processOf(e *engine.Engine, s *process.Snapshot) (p wire.Process) {
	fillProcess(&p, e, s)
	return p
}

// fillProcess is processOf where a copy would be felt.
func fillProcess(p *wire.Process, e *engine.Engine, s *process.Snapshot) {
	*p = wire.Process{
		ID: s.ID, Name: s.ID, Command: s.Command, Cwd: s.Dir, Source: s.Source, Stdio: stdioOf(s),
		State: s.State.String(), Ready: s.Ready, Run: s.Run, PID: s.PID, BlockedBy: s.BlockedBy, Watched: s.Watched, Stale: s.Stale,
		Signal: s.Signal, Core: s.Core, Reason: s.Reason, Restarts: s.Restarts, FinalSeq: s.FinalSeq,
		StartedAt: unixMilli(s.StartedAt), ExitedAt: unixMilli(s.ExitedAt),
		ReadyAt: unixMilli(s.ReadyAt), RestartAt: unixMilli(s.RestartAt),
	}
	if !s.State.Alive() && s.Spawned() && s.Signal == "" {
		p.ExitCode = &s.ExitCode
	}
	if s.Live {
		p.Healthy = &s.Healthy
	}
	p.URLs = e.URLs.List().Of(s.ID)
	p.Problems.Errors, p.Problems.Warnings = e.Problems.List().Of(s.ID)
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
