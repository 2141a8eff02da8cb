package process

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// Options configure a [Table].
type Options struct {
	// Output gives the place where a process's stream goes. The function it
	// returns is called by one goroutine at a time, in the stream's order, and
	// returns the number of the last record it stored.
	Output func(id string, s lines.Stream) func(lines.Batch) uint64

	// Started and Ended are called once per run, in that order, after the
	// table shows the new state. They must not call back into the table.
	Started func(*Snapshot)
	Ended   func(*Snapshot)

	Guard *guard.Command // how to start the guard, where there is one; nil: processes are the engine's own children
	Epoch string         // names the engine in its processes' environment; "" makes one up

	MaxLine int                  // bytes; 0 means DefaultMaxLine
	Grace   time.Duration        // 0 means DefaultGrace
	Logf    func(string, ...any) // the program's own log
	Metrics *metrics.Set         // where the table's metrics go; nil for none
}

// Table holds every process of the engine. Create it with [NewTable] and end it
// with [Table.Shutdown].
type Table struct {
	o       Options
	metrics tableMetrics
	bells   wake.Bells
	list    atomic.Pointer[List] // replaced under mu
	starter starter
	sets    *sets

	wg sync.WaitGroup // the goroutines of all runs

	mu     sync.Mutex // adding and removing entries, and publishing
	byID   map[string]*Process
	closed bool
}

// List is the table at one moment. It is immutable.
type List struct {
	Revision  uint64
	Processes []*Snapshot // in the order in which they first appeared
	byID      map[string]*Process
}

// NewTable returns an empty table.
func NewTable(o Options) *Table {
	if o.MaxLine <= 0 {
		o.MaxLine = DefaultMaxLine
	}
	if o.Grace <= 0 {
		o.Grace = DefaultGrace
	}
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	if o.Epoch == "" {
		o.Epoch = fmt.Sprintf("%x-%d", time.Now().UnixNano(), os.Getpid())
	}
	t := &Table{o: o, byID: map[string]*Process{}}
	t.list.Store(&List{byID: map[string]*Process{}})
	t.metrics = newMetrics(t, o.Metrics)
	starter := newStarter(&o, func() { t.sets.endStrays() })
	t.starter, t.sets = starter, newSets(o.Epoch, starter.roots)
	return t
}

// List returns the present list; it never waits.
func (t *Table) List() *List { return t.list.Load() }

// Watch rings b after every change until stop is called.
func (t *Table) Watch(b *wake.Bell) (stop func()) { return t.bells.Add(b) }

// Get finds a process; it never waits. The error is a [*NotFoundError].
func (t *Table) Get(id string) (*Process, error) {
	if p := t.list.Load().byID[id]; p != nil {
		return p, nil
	}
	return nil, &NotFoundError{id}
}

// Start spawns a process and returns when that has succeeded or failed.
// The errors are [*NameError], [*RunningError], [*SpawnError], [*ClosedError].
func (t *Table) Start(spec Spec) (*Snapshot, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, &ClosedError{}
	}
	p, err := t.claimLocked(&spec)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.Snapshot(); s.State.Active() {
		return nil, &RunningError{p.id, s.PID, s.State}
	}
	p.spec = spec
	err = p.spawnLocked(0)
	return p.Snapshot(), err
}

// claimLocked finds or creates the entry that spec is to run in.
func (t *Table) claimLocked(spec *Spec) (*Process, error) {
	if spec.Name != "" {
		if err := CheckName(spec.Name); err != nil {
			return nil, err
		}
		return t.entryLocked(spec.Name), nil
	}
	base := spec.baseName()
	for n := 1; ; n++ {
		id := base
		if n > 1 || base == "" {
			id = fmt.Sprintf("%s#%d", base, n)
		}
		p := t.byID[id]
		if p == nil || !p.State().Active() && p.spec.sameCommand(spec) {
			return t.entryLocked(id), nil
		}
	}
}

func (t *Table) entryLocked(id string) *Process {
	p := t.byID[id]
	if p == nil {
		p = &Process{id: id, table: t, changed: make(chan struct{})}
		p.snap.Store(&Snapshot{ID: id})
		t.byID[id] = p
	}
	return p
}

// publishLocked puts p's new snapshot into the list.
func (t *Table) publishLocked(p *Process, s *Snapshot) {
	old := t.list.Load()
	next := &List{Revision: old.Revision + 1, Processes: slices.Clone(old.Processes), byID: old.byID}
	i := slices.IndexFunc(next.Processes, func(o *Snapshot) bool { return o.ID == s.ID })
	if i >= 0 {
		next.Processes[i] = s
	} else {
		next.Processes = append(next.Processes, s)
		next.byID = cloneWith(old.byID, p)
	}
	t.list.Store(next)
}

func cloneWith(m map[string]*Process, p *Process) map[string]*Process {
	out := make(map[string]*Process, len(m)+1)
	for k, v := range m {
		out[k] = v
	}
	out[p.id] = p
	return out
}

// Remove forgets a process that is not running. forget is called before its
// name can be used again. The errors are [*NotFoundError] and [*ActiveError].
func (t *Table) Remove(id string, forget func()) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.byID[id]
	if p == nil {
		return &NotFoundError{id}
	}
	if s := p.Snapshot(); s.State.Active() {
		return &ActiveError{id, s.PID}
	}
	delete(t.byID, id)
	forget()
	old := t.list.Load()
	next := &List{Revision: old.Revision + 1, byID: make(map[string]*Process, len(old.byID))}
	for _, s := range old.Processes {
		if s.ID != id {
			next.Processes = append(next.Processes, s)
			next.byID[s.ID] = old.byID[s.ID]
		}
	}
	t.list.Store(next)
	t.bells.Ring()
	return nil
}

// StopAll asks every running process to end, the youngest first, and returns a
// function that waits until they have.
func (t *Table) StopAll() (wait func(context.Context) error) {
	list := t.List()
	var stops []*Stop
	for _, s := range slices.Backward(list.Processes) {
		if s.State.Active() {
			stops = append(stops, list.byID[s.ID].Stop(StopOptions{}))
		}
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

// Shutdown starts nothing more, ends every process and returns when all of them
// and all goroutines of the table are gone. That takes the grace time at most,
// but for what the system can't kill.
func (t *Table) Shutdown() {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	t.StopAll()
	t.wg.Wait()
	t.starter.close()
}
