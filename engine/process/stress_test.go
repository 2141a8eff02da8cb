//go:build unix

package process

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// TestStress lets many clients start, stop, restart, remove and list the same
// few processes at once. Each run has one start and one end, in that order, and
// a list never shows an id twice or goes back in its revision.
func TestStress(t *testing.T) {
	r := newRoom(t, Options{Grace: 50 * time.Millisecond})
	names := []string{"a", "b", "c"}
	var clients, readers sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		readers.Go(func() { r.readLists(done) })
	}
	for seed := range uint64(6) {
		clients.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 0))
			for range 40 {
				r.anything(rng, names[rng.IntN(len(names))])
			}
		})
	}
	clients.Wait()
	close(done)
	readers.Wait()
	r.Shutdown()
	checkRuns(t, r)
}

func (r *room) readLists(done chan struct{}) {
	for revision := uint64(0); ; {
		select {
		case <-done:
			return
		default:
		}
		list := r.List()
		if list.Revision < revision {
			r.t.Errorf("revision %d after %d", list.Revision, revision)
		}
		revision = list.Revision
		seen := map[string]bool{}
		for _, s := range list.Processes {
			if seen[s.ID] {
				r.t.Errorf("%s stands twice in the list", s.ID)
			}
			seen[s.ID] = true
		}
	}
}

func (r *room) anything(rng *rand.Rand, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	p, err := r.Get(name)
	switch op := rng.IntN(10); {
	case op < 4 || err != nil:
		shell := []string{"true", "exec sleep 1000", "echo x; sleep 0.01"}[rng.IntN(3)]
		r.Start(Spec{Name: name, Shell: shell, Dir: "/"})
	case op < 6:
		p.Stop(StopOptions{})
	case op < 7:
		if _, err := p.Stop(StopOptions{}).Wait(ctx); err != nil {
			r.t.Errorf("stop %s: %v", name, err)
		}
	case op < 8:
		p.Restart()
	case op < 9:
		if restart, err := p.Restart(); err == nil {
			if s, err := restart.Wait(ctx); err != nil {
				r.t.Errorf("restart %s: %v, %+v", name, err, s)
			}
		}
	default:
		r.Remove(name, func(string) {})
	}
}

func checkRuns(t *testing.T, r *room) {
	key := func(s *Snapshot) string { return fmt.Sprintf("%s %d %v", s.ID, s.Run, s.StartedAt) }
	starts := map[string]int{}
	for _, s := range r.started {
		starts[key(s)]++
	}
	for _, s := range r.ended {
		if starts[key(s)] != 1 {
			t.Errorf("run %s ended, but started %d times", key(s), starts[key(s)])
		}
		delete(starts, key(s))
	}
	for run := range starts {
		t.Errorf("run %s never ended", run)
	}
	if len(r.started) < 20 {
		t.Errorf("only %d runs: the test does not stress", len(r.started))
	}
	for _, s := range r.List().Processes {
		if s.State.Active() {
			t.Errorf("%s is %s after the shutdown", s.ID, s.State)
		}
	}
}
