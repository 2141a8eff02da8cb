package process

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Process is one entry of the table, through all of its runs.
type Process struct {
	id    string
	table *Table

	word atomic.Uint64            // see [word]
	snap atomic.Pointer[Snapshot] // what readers see; replaced by setLocked

	mu      sync.Mutex
	spec    Spec
	run     *run          // the run that is not over; nil without one
	changed chan struct{} // closed and replaced at every change
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
	ExitCode  int      // -1 if a signal ended it; meaningful once ended
	Signal    string   // the signal that ended the leader; "" if none did
	Core      bool     // the signal has left a core dump
	Reason    string   // why it could not be spawned, or what ended it from outside
	BlockedBy []string // what it waits for, for people
	Restarts  int
	Again     bool   // it will be started anew when the present run is over
	FinalSeq  uint64 // the last record of an ended run; 0 if it wrote none
}

// Spawned reports whether the run got as far as having a process.
func (s *Snapshot) Spawned() bool { return !s.StartedAt.IsZero() }

// Snapshot returns the process as it is; it never waits.
func (p *Process) Snapshot() *Snapshot { return p.snap.Load() }

// State is the cheapest look at a process: one atomic load.
func (p *Process) State() State { return word(p.word.Load()).state() }

// Run is the number of the present or last run.
func (p *Process) Run() uint32 { return word(p.word.Load()).run() }

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
	p.snap.Store(&s)
	p.word.Store(uint64(packWord(s.State, s.Run)))
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
// ending, is no error; the earlier deadline counts.
func (p *Process) Stop(o StopOptions) *Stop {
	p.table.mu.Lock()
	defer p.table.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopLocked(o, false)
	return &Stop{p, p.Run()}
}

// stopLocked begins to end the run, if there is one. again says what is to
// follow; the newest wish counts.
func (p *Process) stopLocked(o StopOptions, again bool) {
	if p.run == nil {
		return
	}
	s := p.Snapshot()
	first := s.State == Running
	if first || s.Again != again {
		p.setLocked(Stopping, func(s *Snapshot) { s.Again = again })
	}
	if o.Grace == 0 {
		o.Grace = p.table.o.Grace
	}
	// A second TERM tells many programs to give up cleaning up: only who names
	// a signal sends one again.
	if first && o.Signal == 0 {
		o.Signal = sigTerm
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
		return &EndedError{p.id, p.State()}
	}
	return nil
}

// Wait returns once the whole process set is gone, with the process as it was
// then or, if it has been started anew since, as it is. The error is the
// context's.
func (s *Stop) Wait(ctx context.Context) (*Snapshot, error) {
	return s.p.Wait(ctx, func(now *Snapshot) bool { return now.Run != s.run || !now.State.Active() })
}

// Restart is a restart that has begun.
type Restart struct {
	p   *Process
	run uint32 // the run that it replaces
}

// Restart ends the process and starts the same command in the same folder and
// environment. It returns at once; [Restart.Wait] waits. The errors are
// [*SpawnError] and [*ClosedError], where nothing had to be stopped first.
func (p *Process) Restart() (*Restart, error) {
	p.table.mu.Lock()
	defer p.table.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	r := &Restart{p, p.Run()}
	if p.table.closed {
		return nil, &ClosedError{}
	}
	if p.run == nil {
		return r, p.spawnLocked(p.Snapshot().Restarts + 1)
	}
	p.stopLocked(StopOptions{}, true)
	return r, nil
}

// Wait returns when the new run has begun, or when somebody's stop has taken
// the restart back. The errors are [*SpawnError] and the context's.
func (r *Restart) Wait(ctx context.Context) (*Snapshot, error) {
	s, err := r.p.Wait(ctx, func(s *Snapshot) bool {
		return s.Run > r.run && s.State != Starting || s.State.Ended() && !s.Again
	})
	if err == nil && s.State == Failed && !s.Spawned() {
		err = &SpawnError{s.ID, s.Reason}
	}
	return s, err
}
