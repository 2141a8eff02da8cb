package process

import (
	"errors"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// guarded starts leaders through a guard, which is started with the first of
// them. Where there can be no guard they are the engine's own children.
type guarded struct {
	command *guard.Command // nil: without a guard
	grace   time.Duration
	strays  func() // ends what a guard has left that belongs to no run
	logf    func(string, ...any)

	wg      sync.WaitGroup
	adopted atomic.Bool // the engine has children of its own, or may have

	mu     sync.Mutex
	guards []*guard.Guard // that have not ended; the last one is asked
	warned bool
}

// adoptOrphans makes this process the parent of its descendants' orphans
// (prctl(2), PR_SET_CHILD_SUBREAPER).
func adoptOrphans() { unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// newStarter makes the engine adopt the orphans of its descendants: they can
// then be found and waited for, also when a guard is no more.
func newStarter(o *Options, strays func()) *guarded {
	adoptOrphans()
	return &guarded{command: o.Guard, grace: o.Grace, strays: strays, logf: o.Logf}
}

// roots are the processes whose descendants may belong to runs.
func (s *guarded) roots() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var pids []int
	for _, g := range s.guards {
		pids = append(pids, g.PID())
	}
	if s.adopted.Load() {
		pids = append(pids, os.Getpid())
	}
	return pids
}

func (s *guarded) start(l *guard.Launch, meanwhile func()) (*leader, error) {
	for range 2 { // a guard that has gone unnoticed is replaced
		g, err := s.guard()
		if err != nil {
			return s.direct(l, err)
		}
		pid, err := g.Start(l, meanwhile)
		switch {
		case err == nil:
			return s.leader(g, pid), nil
		case !errors.Is(err, guard.ErrLost) && !errors.Is(err, guard.ErrGone):
			return nil, err
		case !g.Proven():
			return s.direct(l, errors.New("it ended at once"))
		case errors.Is(err, guard.ErrLost):
			return nil, errors.New("the guard process was killed while it started this: start it again")
		}
	}
	return nil, guard.ErrGone
}

var errNoGuard = errors.New("none is configured")

// guard returns a guard to ask.
func (s *guarded) guard() (*guard.Guard, error) {
	if s.command == nil {
		return nil, errNoGuard
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.guards); n > 0 && !s.guards[n-1].Dead() {
		return s.guards[n-1], nil
	}
	g, err := guard.New(*s.command, s.grace)
	if err != nil {
		return nil, err
	}
	g.Silent = func() {
		s.logf("the guard process, pid %d, does not answer; in case it was stopped it has been told to go on (kill -CONT %d)", g.PID(), g.PID())
	}
	g.Strays = s.strays
	s.guards = append(s.guards, g)
	s.wg.Go(func() { s.keep(g) })
	return g, nil
}

// keep sees a guard through.
func (s *guarded) keep(g *guard.Guard) {
	g.Run(func() { s.adopted.Store(true) })
	s.mu.Lock()
	s.guards = slices.DeleteFunc(s.guards, func(o *guard.Guard) bool { return o == g })
	s.mu.Unlock()
	s.strays()
}

// leader is a leader whose parent is g or, once g has ended, this process.
func (s *guarded) leader(g *guard.Guard, pid int) *leader {
	adopt := func() <-chan struct{} {
		ended := make(chan struct{})
		s.wg.Go(func() {
			defer close(ended)
			awaitChild(pid)
		})
		return ended
	}
	return &leader{pid: pid, ended: g.Ended(pid), lost: g.Gone(), adopt: adopt, reap: func() (exit, error) {
		status, err := g.Reap(pid)
		if err != nil {
			<-g.Gone()
			status, err = reapChild(pid)
		}
		return exitOf(status, err)
	}}
}

// direct starts a leader as a child of this process.
func (s *guarded) direct(l *guard.Launch, why error) (*leader, error) {
	s.warn(why)
	s.adopted.Store(true)
	return startChild(l, &s.wg)
}

func (s *guarded) warn(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.warned && why != errNoGuard {
		s.warned = true
		s.logf("there is no guard process (%v): if this engine is killed with SIGKILL, its processes live on", why)
	}
}

// awaitChild returns when a child of this process has ended, and leaves it as it
// is.
func awaitChild(pid int) {
	for errors.Is(unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil), unix.EINTR) {
	}
}

// close ends the guards and returns when they, and all that they have still had
// to end, are gone.
func (s *guarded) close() {
	s.mu.Lock()
	for _, g := range s.guards {
		g.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}
