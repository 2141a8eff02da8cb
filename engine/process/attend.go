package process

import (
	"context"
	"sync"
	"time"
)

// attendant is what looks after a run: whether it is ready, then whether it
// lives. It has a goroutine of its own only if there are rules to check.
type attendant struct {
	ready  *Ready
	live   *Live
	log    *logWatch // of the readiness rule; nil without one
	checks checker
	ctx    context.Context
	leave  context.CancelFunc // the run is over

	attending sync.WaitGroup // its goroutine

	condemned bool // its liveness rule has ended it; guarded by p.mu
}

// newAttendant copies the rules of p, whose mutex the caller holds.
func newAttendant(p *Process) *attendant {
	a := &attendant{ready: p.spec.Ready, live: p.spec.Live}
	a.ctx, a.leave = context.WithCancel(context.Background())
	if a.ready != nil && a.ready.Log != nil {
		a.log = newLogWatch(a.ready.Log, p.table.o.Plain)
	}
	return a
}

// attend begins to look after the run; it ends with it.
func (r *run) attend() {
	if r.ready == nil && r.live == nil {
		return
	}
	r.checks = newChecker(r)
	r.attending.Add(1)
	r.p.table.wg.Go(func() {
		defer r.attending.Done()
		if r.awaitReady() && r.live != nil {
			r.keepAlive()
		}
	})
}

// awaitReady returns when the rule has held, or the run is over. All parts of a
// rule must hold in the same round; the log's, once it has, holds for good.
func (r *run) awaitReady() bool {
	if r.ready == nil {
		return true
	}
	late := time.NewTimer(r.ready.timeout())
	defer late.Stop()
	tick := time.NewTicker(r.ready.interval())
	defer tick.Stop()
	for seen := r.log.seen(); ; {
		failure := r.log.failure()
		if failure == "" {
			failure = r.checks.failure(r.ctx, r.ready.Checks)
		}
		if failure == "" {
			return r.becomeReady()
		}
		select {
		case <-r.ctx.Done():
			return false
		case <-seen:
			seen = nil
		case <-tick.C:
		case <-late.C:
			r.becomeLate("not ready after " + r.ready.timeout().String() + ": " + failure)
		}
	}
}

// whileRunning does something to the run's process, unless the run is not the
// running one any more, which it reports.
func (r *run) whileRunning(do func()) bool {
	r.p.table.mu.Lock()
	defer r.p.table.unlock()
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	if r.p.run != r || r.p.State() != Running {
		return false
	}
	do()
	return true
}

func (r *run) becomeReady() bool {
	return r.whileRunning(func() {
		s := r.p.setLocked(Running, func(s *Snapshot) {
			s.Ready, s.Healthy, s.Late, s.Reason = true, r.live == nil, false, ""
			s.ReadyAt = time.Now()
		})
		r.p.table.o.Ready(s)
	})
}

func (r *run) becomeLate(reason string) {
	r.whileRunning(func() {
		r.p.setLocked(Running, func(s *Snapshot) { s.Late, s.Reason = true, reason })
	})
}

// keepAlive checks until the rule has failed too often, and ends the run then.
func (r *run) keepAlive() {
	tick := time.NewTicker(r.live.interval())
	defer tick.Stop()
	for failures := 0; ; {
		ctx, cancel := context.WithTimeout(r.ctx, r.live.timeout())
		failure := r.checks.failure(ctx, r.live.Checks)
		cancel()
		if r.ctx.Err() != nil {
			return
		}
		if failure == "" {
			failures = 0
		} else {
			failures++
		}
		if failures >= r.live.failures() {
			r.condemn(failure)
			return
		}
		r.setHealthy(failure == "", failure)
		select {
		case <-r.ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (r *run) setHealthy(healthy bool, failure string) {
	if s := r.p.Snapshot(); s.Healthy == healthy && s.Reason == failure {
		return
	}
	r.whileRunning(func() {
		r.p.setLocked(Running, func(s *Snapshot) { s.Healthy, s.Reason = healthy, failure })
	})
}

// condemn ends a run that does not live any more. That is a failure of it, so
// its restart policy says what follows.
func (r *run) condemn(failure string) {
	r.whileRunning(func() {
		r.condemned = true
		r.p.setLocked(Stopping, func(s *Snapshot) { s.Reason = "not alive: " + failure })
		r.p.askLocked(StopOptions{}, true)
	})
}
