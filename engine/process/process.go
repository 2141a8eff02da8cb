package process

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Process is one entry of the table, through all of its runs.
type Process struct {
	id        string
	place     int    // in the list; guarded by table.mu
	replicaOf string // the name that its replicas have in common, "" for one; guarded by table.mu
	table     *Table
	alone     [1]*Process // itself: the list of all that its id stands for, made once

	word atomic.Uint64            // see [word]
	snap atomic.Pointer[Snapshot] // what readers see; replaced by setLocked

	last atomic.Pointer[Snapshot] // the newest one that had ended; nil before the first end

	mu      sync.Mutex
	spec    Spec
	run     *run          // the run that is not over; nil without one
	changed chan struct{} // closed and replaced at every change
	waiting
}

// waiting is what a process without a run has in mind, or one that is to end.
// All of it is guarded by the process's mutex.
type waiting struct {
	stop    *StopOptions  // to be done once the dependents have ended; nil for none
	callOff chan struct{} // closed to end the backoff; nil without one
	tries   int           // restarts in a row that did not last
	clashes int           // of these, for a port that somebody else had
	watch   *watch        // restarts it when files change; nil for none
}

// Snapshot is a process at one moment. It is immutable.
type Snapshot struct {
	ID        string
	Command   string
	Dir       string
	Source    string
	TTY       bool // its streams are a terminal
	State     State
	Run       uint32
	PID       int // of the running leader; 0 without one
	StartedAt time.Time
	ExitedAt  time.Time
	ExitCode  int    // -1 if a signal ended it; meaningful once ended
	Signal    string // the signal that ended the leader; "" if none did
	Core      bool   // the signal has left a core dump
	Reason    string // what its state alone does not say: why it could not be spawned, is not ready, was given up, what ended it from outside
	Restarts  int    // since somebody started it
	Again     bool   // it will be started anew when the present run is over
	FinalSeq  uint64 // the last record of an ended run; 0 if it wrote none
	Refusal   error  // why it failed before it had a process: a [*SpawnError] or [*DependencyError]; nil if it had one

	Ready     bool      // it runs, and its readiness rule has held, if it has one
	Healthy   bool      // it is ready, and its liveness rule holds, if it has one
	Live      bool      // it has a liveness rule
	Late      bool      // it runs, but was not ready in time; Reason says what did not hold
	BlockedBy []string  // of a pending one: the dependencies; of a stopping one: the dependents that end first, or what can't be killed
	ReadyAt   time.Time // when its readiness rule held; zero without one
	RestartAt time.Time // in backoff: when it will be started again
	Watched   bool      // its files are watched: a change starts it anew, also if it has ended
	Stale     bool      // its definition has changed since it was started
	ReplicaOf string    // the name that it and other replicas have in common; "" for one of its own
}

// Spawned reports whether the run got as far as having a process.
func (s *Snapshot) Spawned() bool { return !s.StartedAt.IsZero() }

// Snapshot returns the process as it is; it never waits.
func (p *Process) Snapshot() *Snapshot { return p.snap.Load() }

// State is the cheapest look at a process: one atomic load.
func (p *Process) State() State { return word(p.word.Load()).state() }

// Run is the number of the present or last run.
func (p *Process) Run() uint32 { return word(p.word.Load()).run() }

// Ready is as cheap: whether it runs and is ready.
func (p *Process) Ready() bool { return word(p.word.Load()).ready() }

// PIDs lists the processes that the present run consists of, the leader first; a
// program that daemonizes is still among them. It looks at the system, which
// takes some hundred microseconds.
func (p *Process) PIDs() []int {
	p.mu.Lock()
	r := p.run
	p.mu.Unlock()
	if r == nil {
		return nil
	}
	return r.set.pids()
}

// Owner is the id of the process whose run a pid is part of, "" for a stranger's.
// It is one look at the system.
func (t *Table) Owner(pid int) string {
	list := t.List()
	has := t.sets.with(pid)
	for _, s := range list.Processes {
		p := list.byID[s.ID]
		p.mu.Lock()
		r := p.run
		p.mu.Unlock()
		if r != nil && has(r.set) {
			return s.ID
		}
	}
	return ""
}

// LastEnd is the process as it was when it last ended, whatever has followed; nil
// if it never has.
func (p *Process) LastEnd() *Snapshot { return p.last.Load() }

// WaitsFor says for people what a process that runs must still show to be ready;
// "" if it has no rule.
func (p *Process) WaitsFor() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.spec.Ready == nil {
		return ""
	}
	return p.spec.Ready.String()
}

// setLocked is the only way a process changes: edit gets a copy of the last
// snapshot to change. The caller holds p.mu and table.mu.
func (p *Process) setLocked(to State, edit func(*Snapshot)) *Snapshot {
	s := *p.snap.Load()
	if s.State != to {
		checkTransition(p.id, s.State, to)
	}
	s.State = to
	if edit != nil {
		edit(&s)
	}
	s.Ready = s.Ready && to == Running
	s.Healthy = s.Healthy && s.Ready
	p.snap.Store(&s)
	p.word.Store(uint64(packWord(s.State, s.Ready, s.Run)))
	if to.Ended() {
		p.last.Store(&s)
	}
	p.table.publishLocked(p, &s)
	close(p.changed)
	p.changed = make(chan struct{})
	p.table.bells.Ring()
	return &s
}

// Wait blocks until ok holds for the process, and returns the snapshot it held
// for. The error is the context's.
func (p *Process) Wait(ctx context.Context, ok func(*Snapshot) bool) (*Snapshot, error) {
	for {
		p.mu.Lock()
		s, changed := p.Snapshot(), p.changed
		p.mu.Unlock()
		if ok(s) {
			return s, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// StopOptions say how to end a process.
type StopOptions struct {
	Signal Signal        // what to ask with; 0 means TERM
	Grace  time.Duration // how long to wait before KILL; 0 means the table's, negative none
}

// Stop is a stop that has begun.
type Stop struct {
	p   *Process
	run uint32
}

// Stop asks the process set to end, and kills what is left after the grace
// time. It returns at once; [Stop.Wait] waits. Stopping what has ended, or is
// ending, is no error; the earlier deadline counts. What waits to be started
// is stopped by that.
func (p *Process) Stop(o StopOptions) *Stop {
	p.table.mu.Lock()
	defer p.table.unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unwatchLocked()
	p.stopLocked(o, false)
	return &Stop{p, p.Run()}
}

// stopLocked begins to end the run, if there is one. again says what is to
// follow; the newest wish counts.
func (p *Process) stopLocked(o StopOptions, again bool) {
	first := p.wishLocked(again) || p.stop != nil
	p.stop = nil
	if p.run != nil {
		p.askLocked(o, first)
	}
}

// wishLocked makes the process one that is to end, and reports whether it was
// not so before. What only waits has ended by that.
func (p *Process) wishLocked(again bool) (first bool) {
	s := p.Snapshot()
	switch {
	case s.State == Pending && !again, s.State == Backoff && !again:
		p.callOffLocked()
		p.setLocked(Stopped, func(s *Snapshot) { s.BlockedBy, s.RestartAt, s.Reason = nil, time.Time{}, "" })
	case p.run == nil:
	case s.State == Running, s.Again != again, p.run.condemned:
		p.run.condemned = false // somebody's wish is no failure
		p.setLocked(Stopping, func(s *Snapshot) { s.Again, s.BlockedBy, s.Reason, s.Late = again, nil, "", false })
	}
	return s.State == Running
}

// askLocked sends the signal and tells the supervisor how long to be patient.
func (p *Process) askLocked(o StopOptions, first bool) {
	if o.Grace == 0 {
		o.Grace = cmp.Or(p.spec.Stop.Grace, p.table.o.Grace)
	}
	// A second TERM tells many programs to give up cleaning up: only who names
	// a signal sends one again.
	if first && o.Signal == 0 {
		o.Signal = cmp.Or(p.spec.Stop.Signal, sigTerm)
	}
	p.run.stop(o)
}

// Signal sends a signal to every process of the set. The error is an
// [*EndedError].
func (p *Process) Signal(s Signal) error {
	p.mu.Lock()
	r := p.run
	p.mu.Unlock()
	if r == nil || !r.signal(s) {
		return &EndedError{ID: p.id, State: p.State()}
	}
	return nil
}

// Wait returns once the whole process set is gone, with the process as it was
// then or, if it has been started anew since, as it is. The error is the
// context's.
func (s *Stop) Wait(ctx context.Context) (*Snapshot, error) {
	return s.p.Wait(ctx, func(now *Snapshot) bool { return now.Run != s.run || !now.State.Alive() })
}

// Restart is a restart that has begun.
type Restart struct {
	p   *Process
	run uint32 // the run that it replaces
}

// Restart ends the process and starts the same command in the same folder and
// environment, once its dependencies allow it. It returns at once; [Restart.Wait]
// waits. The errors are those of [Table.Start], where nothing had to be stopped
// first.
func (p *Process) Restart() (*Restart, error) {
	p.table.mu.Lock()
	defer p.table.unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	if path := p.table.circleLocked(p, p.replicaOf, p.spec.DependsOn); path != nil {
		return nil, &CycleError{path}
	}
	p.tries, p.clashes = 0, 0
	return &Restart{p, p.Run()}, p.restartLocked()
}

func (p *Process) restartLocked() error {
	switch {
	case p.table.closed:
		return &ClosedError{}
	case p.run != nil:
		p.stopLocked(StopOptions{}, true)
		return nil
	case p.State() == Pending:
		return nil
	}
	p.callOffLocked()
	return p.launchLocked(p.Snapshot().Restarts + 1)
}

// Wait returns when the new run has begun, or waits for its dependencies or its
// backoff, or when somebody's stop has taken the restart back. The errors are
// [*SpawnError], [*DependencyError] and the context's.
func (r *Restart) Wait(ctx context.Context) (*Snapshot, error) {
	s, err := r.p.Wait(ctx, func(s *Snapshot) bool {
		switch s.State {
		case Pending, Backoff:
			return true
		case Running, Stopping:
			return s.Run > r.run
		}
		return s.State.Ended() && !s.Again
	})
	if err == nil && s.State == Failed {
		err = s.Refusal
	}
	return s, err
}
