package process

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/near"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// Options configure a [Table].
type Options struct {
	// Output gives the place where a process's stream goes. The function it
	// returns is called by one goroutine at a time, in the stream's order, and
	// returns the number of the last record it stored.
	Output func(id string, s lines.Stream) func(lines.Batch) uint64

	// Pace gives what is called after each batch of a stream, with the number that
	// Output has returned and its bytes. It may wait, and the process with it once its
	// pipe is full, but not when over is closed. Nil: nobody waits.
	Pace func(id string, s lines.Stream) func(last uint64, bytes int, over <-chan struct{})

	// Started, Ready and Ended are called at most once per run, in that order,
	// after the table shows the new state; Ready only for a run whose rule has
	// held. Restarting tells of each restart that nobody has asked for. They must not call
	// back into the table.
	Started    func(*Snapshot)
	Ready      func(*Snapshot)
	Ended      func(*Snapshot)
	Restarting func(*Snapshot, Restarting)

	// What policies need to know of the world; nil ones know nothing.
	Plain func(dst, record []byte) []byte // appends a record's text without escapes
	Ports func(pids []int) ([]int, error) // the ports that these processes listen on
	Cause func(s *Snapshot) Cause         // why a run may have failed, which has not ended in s; may take some ms

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

	usages usages

	mu      sync.Mutex // adding and removing entries, and publishing
	byID    map[string]*Process
	waiting []*Process // those that go on when others change; see settleLocked
	closed  bool
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
	fillHooks(&o)
	t := &Table{o: o, byID: map[string]*Process{}}
	t.list.Store(&List{byID: map[string]*Process{}})
	t.metrics = newMetrics(t, o.Metrics)
	starter := newStarter(&o, func() { t.sets.endStrays() })
	t.starter, t.sets = starter, newSets(o.Epoch, starter.roots)
	return t
}

// fillHooks puts functions that know and do nothing where there are none.
func fillHooks(o *Options) {
	if o.Ready == nil {
		o.Ready = func(*Snapshot) {}
	}
	if o.Restarting == nil {
		o.Restarting = func(*Snapshot, Restarting) {}
	}
	if o.Plain == nil {
		o.Plain = func(dst, record []byte) []byte { return append(dst, record...) }
	}
	if o.Ports == nil {
		o.Ports = func([]int) ([]int, error) { return nil, errors.ErrUnsupported }
	}
	if o.Cause == nil {
		o.Cause = func(*Snapshot) Cause { return Cause{} }
	}
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
	missing := t.list.Load().missing(id)
	if members, err := t.Members(id); err == nil {
		for _, p := range members {
			missing.Replicas = append(missing.Replicas, p.id)
		}
	}
	return nil, missing
}

func (l *List) missing(id string) *NotFoundError {
	return &NotFoundError{ID: id, Near: near.Names(id, func(yield func(string) bool) {
		for _, s := range l.Processes {
			if !yield(s.ID) {
				return
			}
		}
	})}
}

// Start spawns a process, or leaves it pending until its dependencies allow
// that. It returns when that has succeeded or failed. Of several replicas the
// first is returned. The errors are [*NameError], [*SpecError], [*RunningError],
// [*CycleError], [*DependencyError], [*SpawnError], [*ClosedError].
func (t *Table) Start(spec Spec) (*Snapshot, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	watches, err := newWatches(&spec)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.unlock()
	if t.closed {
		closeWatches(watches)
		return nil, &ClosedError{}
	}
	members, err := t.claimLocked(&spec)
	if err != nil {
		closeWatches(watches)
		return nil, err
	}
	for i, p := range members {
		if launch := p.begin(spec.replica(i), watches[i]); err == nil {
			err = launch
		}
	}
	return members[0].Snapshot(), err
}

// begin starts a process with a new definition. The caller holds table.mu.
func (p *Process) begin(spec Spec, w *watch) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spec = spec
	p.tries, p.clashes = 0, 0
	p.watchLocked(w)
	return p.launchLocked(0)
}

// claimLocked finds or creates the entries that spec is to run in: one, or as many
// as it has replicas. None of them is active.
func (t *Table) claimLocked(spec *Spec) ([]*Process, error) {
	if spec.Replicas > 1 {
		return t.claimReplicasLocked(spec)
	}
	p, err := t.claimOneLocked(spec)
	if err != nil {
		return nil, err
	}
	if err := t.freeLocked(spec, "", p); err != nil {
		return nil, err
	}
	t.disbandLocked(p.id)
	p.replicaOf = ""
	return []*Process{p}, nil
}

func (t *Table) claimOneLocked(spec *Spec) (*Process, error) {
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
		members := t.membersLocked(id)
		if len(members) == 0 || members[0].mayBecome(spec) {
			return t.entryLocked(id), nil
		}
	}
}

// mayBecome reports whether an entry without a given name can take spec: it has
// ended and ran the same.
func (p *Process) mayBecome(spec *Spec) bool {
	return p.replicaOf == "" && !p.State().Active() && p.spec.sameCommand(spec)
}

// freeLocked refuses entries that are taken, and dependencies in a circle.
func (t *Table) freeLocked(spec *Spec, replicaOf string, members ...*Process) error {
	for _, p := range members {
		taken := append(t.membersLocked(p.id), p) // replicas may have the name
		for _, o := range taken {
			if s := o.Snapshot(); s.State.Active() {
				return &RunningError{o.id, s.PID, s.State}
			}
		}
		if path := t.circleLocked(p, replicaOf, spec.DependsOn); path != nil {
			return &CycleError{path}
		}
	}
	return nil
}

func (t *Table) entryLocked(id string) *Process {
	p := t.byID[id]
	if p == nil {
		p = &Process{id: id, table: t, changed: make(chan struct{})}
		p.alone[0] = p
		p.snap.Store(&Snapshot{ID: id})
		t.byID[id] = p
	}
	return p
}

// publishLocked puts p's new snapshot into the list.
func (t *Table) publishLocked(p *Process, s *Snapshot) {
	old := t.list.Load()
	next := &List{Revision: old.Revision + 1, Processes: slices.Clone(old.Processes), byID: old.byID}
	switch i := p.placeLocked(next.Processes); i {
	case len(next.Processes):
		next.Processes = append(next.Processes, s)
		next.byID = cloneWith(old.byID, p)
	default:
		next.Processes[i] = s
	}
	t.list.Store(next)
}

// placeLocked is where p stands in the list, its length if it does not. It is
// where it was the last time, unless something before it was removed.
func (p *Process) placeLocked(list []*Snapshot) int {
	if p.place >= len(list) || list[p.place].ID != p.id {
		p.place = slices.IndexFunc(list, func(s *Snapshot) bool { return s.ID == p.id })
	}
	if p.place < 0 {
		p.place = len(list)
	}
	return p.place
}

func cloneWith(m map[string]*Process, p *Process) map[string]*Process {
	out := make(map[string]*Process, len(m)+1)
	for k, v := range m {
		out[k] = v
	}
	out[p.id] = p
	return out
}

// Remove forgets a process that is not running, or all replicas of a name. forget
// is called for each before its name can be used again. The errors are
// [*NotFoundError] and [*ActiveError].
func (t *Table) Remove(id string, forget func(id string)) error {
	t.mu.Lock()
	defer t.unlock()
	members := t.membersLocked(id)
	if len(members) == 0 || members[0].State() == Idle {
		return t.list.Load().missing(id)
	}
	for _, p := range members {
		if s := p.Snapshot(); s.State.Active() {
			return &ActiveError{s.ID, s.PID, s.State}
		}
	}
	for _, p := range members {
		p.mu.Lock()
		p.unwatchLocked()
		p.mu.Unlock()
		forget(p.id)
		t.removeLocked(p.id)
	}
	t.bells.Ring()
	return nil
}

func (t *Table) removeLocked(id string) {
	delete(t.byID, id)
	old := t.list.Load()
	next := &List{Revision: old.Revision + 1, byID: make(map[string]*Process, len(old.byID))}
	for _, s := range old.Processes {
		if s.ID != id {
			next.Processes = append(next.Processes, s)
			next.byID[s.ID] = old.byID[s.ID]
		}
	}
	t.list.Store(next)
}

// Shutdown starts nothing more, ends every process and returns when all of them
// and all goroutines of the table are gone. That takes the grace time at most,
// times the length of the longest chain of dependents, but for what the system
// can't kill.
func (t *Table) Shutdown() {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	t.StopAll()
	t.wg.Wait()
	t.starter.close()
}
