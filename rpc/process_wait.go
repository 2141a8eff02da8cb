package rpc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func processWait(c *call, p wire.WaitParams) (wire.Process, error) {
	reached, err := waitFor(p.For)
	if err != nil {
		return wire.Process{}, err
	}
	if p.TimeoutMs < 0 {
		return wire.Process{}, invalidParams("/timeoutMs", "timeoutMs must not be negative")
	}
	members, err := c.processes(p.ID)
	if err != nil {
		return wire.Process{}, err
	}
	goals := make([]func(*process.Snapshot) (*process.Snapshot, error), len(members))
	for i, proc := range members {
		goals[i] = reached(proc) // what counts as an end is looked at before others may change it
	}
	timed, cancel := withTimeout(c.overlap(), p.TimeoutMs)
	defer cancel()
	return c.outcomes(members, func(i int) (*process.Snapshot, error) {
		s, err := c.await(timed, members[i], goals[i])
		if errors.Is(err, errTimeout) {
			err = failed("wait.timeout", late(members[i].Snapshot(), goal(p.For), p.TimeoutMs))
		}
		return s, err
	})
}

// await waits for a goal. Its own error means that it will not be reached.
func (c *call) await(ctx context.Context, p *process.Process, reached func(*process.Snapshot) (*process.Snapshot, error)) (*process.Snapshot, error) {
	var at *process.Snapshot
	var hopeless error
	_, err := p.Wait(ctx, func(s *process.Snapshot) bool {
		c.progress.report(s.ID + " is " + s.State.String())
		at, hopeless = reached(s)
		return at != nil || hopeless != nil
	})
	if err == nil {
		err = hopeless
	}
	return at, err
}

// late says how it is instead, and why.
func late(s *process.Snapshot, goal string, ms int64) string {
	text := fmt.Sprintf("%s is %s, not %s, after %d ms", s.ID, s.State, goal, ms)
	switch {
	case len(s.BlockedBy) > 0:
		text += fmt.Sprintf("; it waits for %s", list(s.BlockedBy))
	case s.Reason != "":
		text += ": " + s.Reason
	}
	return text
}

// list names some things, and how many more there are.
func list(names []string) string {
	const most = 3
	text := ""
	for i, n := range names[:min(most, len(names))] {
		if i > 0 {
			text += ", "
		}
		text += n
	}
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
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

// goals are what can be waited for. A goal looks at a process when the wait
// begins, and returns how to tell that it is reached: with the snapshot to answer
// with, or an error if it can't be any more.
var goals = map[string]func(*process.Process) func(*process.Snapshot) (*process.Snapshot, error){
	"running": func(*process.Process) func(*process.Snapshot) (*process.Snapshot, error) {
		return orEnded(func(s *process.Snapshot) bool { return s.State == process.Running })
	},
	"ready": func(*process.Process) func(*process.Snapshot) (*process.Snapshot, error) {
		ready := orEnded(func(s *process.Snapshot) bool { return s.Ready })
		return func(s *process.Snapshot) (*process.Snapshot, error) {
			if s.Late {
				return nil, &process.LateError{ID: s.ID, Reason: s.Reason}
			}
			return ready(s)
		}
	},
	// Any end of a run satisfies exited, also one that is followed by another run
	// before anybody has looked.
	"exited": func(p *process.Process) func(*process.Snapshot) (*process.Snapshot, error) {
		before := p.LastEnd()
		if s := p.Snapshot(); s.State.Ended() || s.State == process.Backoff {
			before = nil
		}
		return func(*process.Snapshot) (*process.Snapshot, error) {
			if end := p.LastEnd(); end != before {
				return end, nil
			}
			return nil, nil
		}
	},
	"stopped": func(*process.Process) func(*process.Snapshot) (*process.Snapshot, error) {
		return func(s *process.Snapshot) (*process.Snapshot, error) {
			if s.State.Ended() && !s.Again {
				return s, nil
			}
			return nil, nil
		}
	},
}

// orEnded is a goal that a process which has ended for good does not reach.
func orEnded(ok func(*process.Snapshot) bool) func(*process.Snapshot) (*process.Snapshot, error) {
	return func(s *process.Snapshot) (*process.Snapshot, error) {
		switch {
		case ok(s):
			return s, nil
		case s.State.Ended() && !s.Again:
			return nil, &process.EndedError{ID: s.ID, State: s.State, Reason: s.Reason}
		}
		return nil, nil
	}
}

func waitFor(name string) (func(*process.Process) func(*process.Snapshot) (*process.Snapshot, error), error) {
	if f := goals[goal(name)]; f != nil {
		return f, nil
	}
	return nil, invalidParams("/for", fmt.Sprintf("there is no state %q to wait for: running, ready, exited, stopped", name))
}

// processes are those that an id stands for: one, or the members of a set.
func (c *call) processes(id string) ([]*process.Process, error) {
	if id == "" {
		return nil, missing("id")
	}
	return c.engine.Process.Members(id)
}

// outcomes waits for each member of a set, one after the other since all must
// come, and converts what has become of the first; a set says who is in it. The
// client sees the processes' last lines before it learns that they have ended.
func (c *call) outcomes(members []*process.Process, wait func(i int) (*process.Snapshot, error)) (wire.Process, error) {
	ends := make([]*process.Snapshot, len(members))
	for i := range members {
		var err error
		if ends[i], err = wait(i); err != nil {
			return wire.Process{}, err
		}
	}
	if err := c.flush(c.ctx, ends...); err != nil {
		return wire.Process{}, err
	}
	w := processOf(c.engine, ends[0])
	w.Replicas = idsOf(members)
	return w, nil
}

// idsOf are the ids of the members of a set, nil for a process that is alone.
func idsOf(members []*process.Process) (ids []string) {
	if len(members) > 1 {
		for _, p := range members {
			ids = append(ids, p.Snapshot().ID)
		}
	}
	return ids
}
