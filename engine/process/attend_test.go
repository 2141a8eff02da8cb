//go:build unix

package process

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// attended is a process that is taken for running, in a bubble where time is the
// test's: only its rules are real. It listens while open is set.
func attended(t *testing.T, spec Spec, open *atomic.Bool) (*room, *run) {
	r := newRoom(t, Options{})
	spec.Name, spec.Shell, spec.Dir = "web", "true", "/"
	if err := spec.check(); err != nil {
		t.Fatal(err)
	}
	r.Table.mu.Lock()
	defer r.Table.mu.Unlock()
	p := r.entryLocked("web")
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spec = spec
	run := &run{p: p, attendant: newAttendant(p), stops: make(chan StopOptions, 1)}
	p.run = run
	p.setLocked(Starting, func(s *Snapshot) { s.Run = 1 })
	p.setLocked(Running, func(s *Snapshot) { s.Ready = spec.Ready == nil })
	run.checks = checker{ports: func() ([]int, error) {
		if open.Load() {
			return []int{80}, nil
		}
		return nil, nil
	}}
	t.Cleanup(run.leave)
	return r, run
}

// TestReadyTimes: the rule is looked at every interval; a process that is not
// ready in time is late at that very time, and ready all the same when it is.
func TestReadyTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var open atomic.Bool
		r, run := attended(t, Spec{Ready: &Ready{Checks: Checks{Port: new(int)}, Timeout: 20 * time.Second}}, &open)
		begun := time.Now()
		r.wg.Go(func() { run.awaitReady() })
		s := r.wait("web", func(s *Snapshot) bool { return s.Late })
		if d := time.Since(begun); d != 20*time.Second || s.Reason != "not ready after 20s: it listens on no port" {
			t.Errorf("late after %s: %+v", d, s)
		}
		time.Sleep(10*time.Second + 1)
		open.Store(true)
		s = r.wait("web", func(s *Snapshot) bool { return s.Ready })
		if d := s.ReadyAt.Sub(begun); d != 30*time.Second+DefaultReadyInterval || s.Late || s.Reason != "" || !s.Healthy {
			t.Errorf("ready after %s: %+v", d, s)
		}
	})
}

// TestLiveTimes: one failure is a warning, as many as are allowed in a row end it.
func TestLiveTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var open atomic.Bool
		open.Store(true)
		r, run := attended(t, Spec{Live: &Live{Checks: Checks{Port: new(int)}}}, &open)
		r.wg.Go(run.keepAlive)
		r.wait("web", func(s *Snapshot) bool { return s.Healthy })
		for range 2 { // twice in a row is not three times
			time.Sleep(DefaultLiveInterval / 2)
			open.Store(false)
			time.Sleep(2 * DefaultLiveInterval)
			synctest.Wait()
			if s := r.status("web"); s.Healthy || s.Reason != "it listens on no port" || s.State != Running {
				t.Errorf("%+v", s)
			}
			open.Store(true)
			r.wait("web", func(s *Snapshot) bool { return s.Healthy && s.Reason == "" })
		}
		open.Store(false)
		begun := time.Now()
		r.wait("web", in(Stopping))
		if d := time.Since(begun); d != 3*DefaultLiveInterval || !run.condemned {
			t.Errorf("ended after %s, want three intervals", d)
		}
	})
}

// TestRulesEndWithTheRun: nobody looks any more, also if a look would take long.
func TestRulesEndWithTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var open atomic.Bool
		r, run := attended(t, Spec{Ready: &Ready{Checks: Checks{Port: new(int)}}, Live: &Live{Checks: Checks{Port: new(int)}}}, &open)
		looks := 0
		run.checks.ports = func() ([]int, error) {
			looks++
			return nil, errors.New("no")
		}
		r.wg.Go(func() {
			if run.awaitReady() {
				t.Error("ready")
			}
		})
		time.Sleep(DefaultReadyInterval / 2)
		run.leave()
		synctest.Wait()
		before := looks
		time.Sleep(time.Hour)
		if looks != before || before != 1 {
			t.Errorf("%d looks, then %d", before, looks)
		}
	})
}
