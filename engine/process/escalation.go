package process

import (
	"fmt"
	"time"
)

// escalation is the way from asking a set to end to killing it. It belongs to
// the run's supervisor, so the leader's number is the run's while it acts.
type escalation struct {
	run    *run
	asked  bool // the set has been asked to end
	at     time.Time
	timer  *time.Timer
	killed time.Time // when it was first killed; zero before
	told   bool      // that something can't be killed
}

// What KILL does not end at once is killed again and again, since it may have
// been forking, and is told of after a while.
const (
	killAgain  = 100 * time.Millisecond
	stuckAfter = 2 * time.Second
)

// request is somebody's wish.
func (e *escalation) request(o StopOptions) {
	if o.Signal != 0 {
		e.run.set.end(o.Signal)
	}
	e.asked = true
	e.deadline(o.Grace)
}

// lost ends a set whose guard has gone: nothing would end it if the engine went
// as well.
func (e *escalation) lost() {
	r := e.run
	r.reason = "its guard process was killed, which ends what it guards"
	r.p.table.o.Logf("the guard process of %s was killed: ending it", r.p.id)
	e.request(StopOptions{Signal: sigTerm, Grace: r.p.table.o.Grace})
}

// deadline sets when to kill, unless that is due sooner already.
func (e *escalation) deadline(grace time.Duration) {
	at := time.Now().Add(max(0, grace))
	if e.timer != nil && e.at.Before(at) {
		return
	}
	e.stop()
	e.at, e.timer = at, time.NewTimer(time.Until(at))
}

// due fires when kill is to be called.
func (e *escalation) due() <-chan time.Time {
	if e.timer == nil {
		return nil
	}
	return e.timer.C
}

func (e *escalation) kill() {
	if e.killed.IsZero() {
		e.killed = time.Now()
		e.run.p.table.metrics.killed.Inc()
	}
	e.run.set.signal(sigKill)
	if !e.told && time.Since(e.killed) > stuckAfter {
		e.told = true
		e.run.tellStuck()
	}
	e.at, e.timer = time.Now().Add(killAgain), time.NewTimer(killAgain)
}

func (e *escalation) stop() {
	if e.timer != nil {
		e.timer.Stop()
	}
}

// tellStuck names what does not end although it was killed.
func (r *run) tellStuck() {
	names := r.set.names()
	if len(names) == 0 {
		return
	}
	t, p := r.p.table, r.p
	t.o.Logf("%s can't be ended: KILL has no effect on %v", p.id, names)
	t.mu.Lock()
	defer t.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.setLocked(p.State(), func(s *Snapshot) {
		s.BlockedBy = nil
		for _, name := range names {
			s.BlockedBy = append(s.BlockedBy, fmt.Sprintf("%s, which can't be killed", name))
		}
	})
}
