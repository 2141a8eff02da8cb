package process

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// Condition is what must have happened to a process before those that depend on
// it are started.
type Condition string

// The conditions.
const (
	OnStarted   Condition = "started"   // it has been spawned
	OnReady     Condition = "ready"     // its readiness rule has held; without one, it runs
	OnHealthy   Condition = "healthy"   // it is ready and its liveness rule holds
	OnExited    Condition = "exited"    // it has ended, however
	OnSucceeded Condition = "succeeded" // it has ended with code 0
)

// Conditions are all of them.
var Conditions = []Condition{OnStarted, OnReady, OnHealthy, OnExited, OnSucceeded}

// judge tells whether the condition holds for a process, and in failure why it
// will not come to hold unless somebody starts that process anew. s is nil for
// one that there is not yet.
func (c Condition) judge(s *Snapshot) (met bool, failure string) {
	if s == nil {
		return false, ""
	}
	switch {
	case c == OnExited:
		return s.State.Ended() && s.Spawned() && !s.Again, spawnFailure(s)
	case s.State == Failed:
		return false, s.ID + " has " + s.outcome()
	case c == OnSucceeded:
		return s.State == Exited, ""
	case c == OnStarted:
		return s.State == Running || s.State == Exited, ""
	case s.State == Exited:
		return false, fmt.Sprintf("%s has ended without being %s any more", s.ID, c)
	case s.Late:
		return false, fmt.Sprintf("%s runs, but is %s", s.ID, s.Reason)
	}
	return c == OnReady && s.Ready || c == OnHealthy && s.Healthy, ""
}

func spawnFailure(s *Snapshot) string {
	if s.State == Failed && !s.Spawned() {
		return s.ID + " has " + s.outcome()
	}
	return ""
}

// outcome says how a failed process has failed.
func (s *Snapshot) outcome() string {
	switch {
	case s.Reason != "":
		return "failed: " + s.Reason
	case s.Signal != "":
		return "failed: " + s.Signal
	}
	return fmt.Sprintf("failed: exit code %d", s.ExitCode)
}

// launchLocked starts a process, or leaves it pending. The caller holds p.mu and
// table.mu. The errors are [*SpawnError] and [*DependencyError]; the process has
// failed then, and has the reason.
func (p *Process) launchLocked(restarts int) error {
	blocked, failure := p.gateLocked()
	if len(blocked) == 0 && failure == "" {
		return p.spawnLocked(restarts)
	}
	p.setLocked(Pending, func(s *Snapshot) {
		*s = p.freshLocked(restarts)
		s.State, s.BlockedBy = Pending, blocked
	})
	if failure != "" {
		return p.failLocked(failure)
	}
	p.table.waitLocked(p)
	return nil
}

// freshLocked is a snapshot of what is about to begin; the run's number is kept.
func (p *Process) freshLocked(restarts int) Snapshot {
	return Snapshot{
		ID: p.id, Command: p.spec.Command(), Dir: p.spec.Dir, Source: p.spec.Source, TTY: p.spec.TTY, ReplicaOf: p.replicaOf, Live: p.spec.Live != nil,
		Run: p.Run(), Restarts: restarts, Watched: p.watch != nil, Stale: restarts > 0 && p.Snapshot().Stale,
	}
}

// failLocked ends a pending process whose dependencies have failed.
func (p *Process) failLocked(failure string) error {
	err := &DependencyError{p.id, failure}
	p.setLocked(Failed, func(s *Snapshot) { s.BlockedBy, s.Reason, s.Refusal = nil, failure, err })
	return err
}

// gateLocked looks at the dependencies of p: the ids of those that it has to wait
// for, and why one of them will never do.
func (p *Process) gateLocked() (blocked []string, failure string) {
	for _, name := range slices.Sorted(maps.Keys(p.spec.DependsOn)) {
		members := p.table.membersLocked(name)
		if len(members) == 0 {
			blocked = append(blocked, name)
		}
		for _, dep := range members {
			met, why := p.spec.DependsOn[name].judge(dep.Snapshot())
			if why != "" {
				return nil, why
			}
			if !met {
				blocked = append(blocked, dep.id)
			}
		}
	}
	return blocked, ""
}

// waitLocked puts p among those that settleLocked looks at.
func (t *Table) waitLocked(p *Process) {
	if !slices.Contains(t.waiting, p) {
		t.waiting = append(t.waiting, p)
	}
}

// unlock lets those go on that have waited for what has changed, and unlocks.
func (t *Table) unlock() {
	t.settleLocked()
	t.mu.Unlock()
}

// settleLocked starts what need not be pending any more, fails what waits in
// vain, and ends what has waited for its dependents, until nothing changes. Each
// pass takes one process out of the list or is the last, so it comes to an end.
func (t *Table) settleLocked() {
	for again := true; again; {
		again = false
		for _, p := range slices.Clone(t.waiting) {
			if !p.goOn() {
				continue
			}
			again = true
			t.waiting = slices.DeleteFunc(t.waiting, func(o *Process) bool { return o == p })
		}
	}
}

// goOn reports whether p waits no longer. The caller holds table.mu.
func (p *Process) goOn() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.Snapshot()
	var blocked []string
	var failure string
	switch {
	case s.State == Pending:
		blocked, failure = p.gateLocked()
	case s.State == Stopping && p.stop != nil:
		blocked = p.dependentsLocked()
	default:
		return true // somebody has been faster
	}
	switch {
	case failure != "":
		p.failLocked(failure)
		return true
	case len(blocked) > 0:
		if !slices.Equal(blocked, s.BlockedBy) {
			p.setLocked(s.State, func(s *Snapshot) { s.BlockedBy = blocked })
		}
		return false
	case s.State == Pending:
		if err := p.spawnLocked(s.Restarts); err != nil {
			p.table.o.Logf("%v", err)
		}
		return true
	}
	if s.BlockedBy != nil {
		p.setLocked(Stopping, func(s *Snapshot) { s.BlockedBy = nil })
	}
	o := *p.stop
	p.stop = nil
	p.askLocked(o, true)
	return true
}

// dependentsLocked lists those alive that depend on p, also by way of what has
// ended: whoever waited for a migration needs its database still. Of two that
// reach each other (what has ended may close a circle) only the one that says so
// itself counts, or both would wait for ever.
func (p *Process) dependentsLocked() []string {
	var out []string
	for _, s := range p.table.List().Processes {
		if !s.State.Alive() || s.ID == p.id {
			continue
		}
		q := p.table.byID[s.ID]
		ended := func(o *Process) bool { return !o.State().Alive() }
		if q.dependsOn(p) || q.reachesLocked(p, ended) && !p.reachesLocked(q, nil) {
			out = append(out, s.ID)
		}
	}
	return out
}

// dependsOn reads what is written under table.mu only, which the caller holds.
func (p *Process) dependsOn(o *Process) bool {
	_, byID := p.spec.DependsOn[o.id]
	_, bySet := p.spec.DependsOn[o.replicaOf]
	return byID || bySet && o.replicaOf != ""
}

// reachesLocked reports whether p depends on o, itself or by way of others for
// which through holds; nil holds for all.
func (p *Process) reachesLocked(o *Process, through func(*Process) bool) bool {
	if len(p.spec.DependsOn) == 0 {
		return false // most; and a storm of stops asks this of each for each
	}
	seen := map[*Process]bool{p: true}
	for queue := []*Process{p}; len(queue) > 0; queue = queue[1:] {
		if queue[0].dependsOn(o) {
			return true
		}
		for name := range queue[0].spec.DependsOn {
			for _, next := range p.table.membersLocked(name) {
				if !seen[next] && (through == nil || through(next)) {
					seen[next] = true
					queue = append(queue, next)
				}
			}
		}
	}
	return false
}

// circleLocked returns the way from p, which is to be a replica and to depend on
// some, over what active processes depend on, back to p or its name; nil if there
// is none. What has ended makes no circle: it may be started with other
// dependencies.
func (t *Table) circleLocked(p *Process, replicaOf string, dependsOn map[string]Condition) []string {
	seen := map[*Process]bool{}
	var visit func(dependsOn map[string]Condition, path []string) []string
	visit = func(dependsOn map[string]Condition, path []string) []string {
		for _, name := range slices.Sorted(maps.Keys(dependsOn)) {
			if name == p.id || name == replicaOf && name != "" {
				return append(path, name)
			}
			for _, next := range t.membersLocked(name) {
				if seen[next] || !next.State().Active() {
					continue
				}
				seen[next] = true
				if found := visit(next.spec.DependsOn, append(path, next.id)); found != nil {
					return found
				}
			}
		}
		return nil
	}
	return visit(dependsOn, []string{p.id})
}

// StopAll asks every process to end, each once those that depend on it have
// ended, and returns a function that waits until all have.
func (t *Table) StopAll() (wait func(context.Context) error) {
	t.mu.Lock()
	defer t.unlock()
	var stops []*Stop
	for _, s := range slices.Backward(t.List().Processes) {
		p := t.byID[s.ID]
		p.mu.Lock()
		p.unwatchLocked()
		if s.State.Active() {
			p.stopInOrderLocked()
			stops = append(stops, &Stop{p, p.Run()})
		}
		p.mu.Unlock()
	}
	return func(ctx context.Context) error {
		for _, s := range stops {
			if _, err := s.Wait(ctx); err != nil {
				return err
			}
		}
		return nil
	}
}

// stopInOrderLocked makes p stopping; settleLocked asks it when its turn comes.
func (p *Process) stopInOrderLocked() {
	if p.wishLocked(false) {
		p.stop = &StopOptions{}
		p.table.waitLocked(p)
	}
}
