//go:build unix

package process

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"sync"
	"testing"
	"time"
)

// TestStressOrder lets clients start, stop and restart processes that depend on
// each other at random, fail, become ready, are started again and are ended for
// their liveness. Whenever one begins, what it depends on has come; nobody waits
// for ever, and in the end nothing runs, waits or is watched.
func TestStressOrder(t *testing.T) {
	r := newRoom(t, Options{Grace: 50 * time.Millisecond})
	tell := r.o.Started
	r.o.Started = func(s *Snapshot) {
		tell(s)
		r.checkGate(s)
	}
	names := []string{"a", "b", "c", "d"}
	var clients sync.WaitGroup
	for seed := range uint64(4) {
		clients.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 1))
			for range 120 {
				r.anythingInOrder(rng, names)
			}
		})
	}
	clients.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := r.StopAll()(ctx); err != nil {
		t.Fatalf("%v: %s", err, r.states())
	}
	r.Shutdown()
	checkRuns(t, r)
	if len(r.waiting) != 0 {
		t.Errorf("%d processes still wait", len(r.waiting))
	}
}

// checkGate is called when a process has begun, with the table locked.
func (r *room) checkGate(s *Snapshot) {
	for name, condition := range r.byID[s.ID].spec.DependsOn {
		for _, dep := range r.membersLocked(name) {
			if met, why := condition.judge(dep.Snapshot()); !met {
				r.t.Errorf("%s has begun, but %s is %s, not %s: %s", s.ID, dep.id, dep.State(), condition, why)
			}
		}
	}
}

func (r *room) states() (out []string) {
	for _, s := range r.List().Processes {
		out = append(out, fmt.Sprintf("%s %s %v", s.ID, s.State, s.BlockedBy))
	}
	return out
}

func (r *room) anythingInOrder(rng *rand.Rand, names []string) {
	name := names[rng.IntN(len(names))]
	p, err := r.Get(name)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	switch op := rng.IntN(12); {
	case op < 6 || err != nil:
		_, err := r.Start(randomSpec(rng, name, names))
		if err != nil && !errors.As(err, new(*RunningError)) && !errors.As(err, new(*CycleError)) && !errors.As(err, new(*DependencyError)) {
			r.t.Errorf("start %s: %v", name, err)
		}
	case op < 7:
		p.Stop(StopOptions{})
	case op < 9:
		if _, err := p.Stop(StopOptions{}).Wait(ctx); err != nil {
			r.t.Errorf("stop %s: %v; %s", name, err, r.states())
		}
	case op < 10:
		if restart, err := p.Restart(); err == nil {
			if s, err := restart.Wait(ctx); err != nil && !errors.As(err, new(*DependencyError)) {
				r.t.Errorf("restart %s: %v, %+v", name, err, s)
			}
		}
	case op < 11:
		r.Redefine(randomSpec(rng, name, names))
	default:
		if err := r.StopAll()(ctx); err != nil {
			r.t.Errorf("stop all: %v; %s", err, r.states())
		}
	}
}

func randomSpec(rng *rand.Rand, name string, names []string) Spec {
	s := Spec{
		Name: name, Dir: os.TempDir(), Env: os.Environ(),
		Shell: []string{"true", "exit 1", "echo up; exec sleep 1000", "echo up; sleep 0.02; exit 3"}[rng.IntN(4)],
		Restart: Policy{
			When: Policies[rng.IntN(len(Policies))], Limit: 1 + rng.IntN(3), Delay: time.Duration(1+rng.IntN(5)) * time.Millisecond,
		},
		DependsOn: map[string]Condition{},
	}
	for _, dep := range names {
		if dep != name && rng.IntN(7) == 0 {
			s.DependsOn[dep] = Conditions[rng.IntN(len(Conditions))]
		}
	}
	if rng.IntN(2) == 0 {
		s.Ready = &Ready{Log: regexp.MustCompile("up"), Interval: minInterval, Timeout: time.Duration(20+rng.IntN(100)) * time.Millisecond}
	}
	if rng.IntN(3) == 0 {
		s.Live = &Live{Checks: Checks{Exec: &Exec{Shell: []string{"true", "false"}[rng.IntN(2)]}}, Interval: minInterval, Failures: 1 + rng.IntN(2)}
	}
	if rng.IntN(4) == 0 {
		s.Watch = &Watch{Paths: []string{"no-such-file-*"}}
	}
	return s
}
