package process

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/procfs"
	"github.com/brummer-rpc/brummer-rpc/engine/process/guard/guardtest"
)

// TestGuardHeld: a start does not wait for ever for a guard that somebody holds, and
// says who that is. Whoever only looks does not wait at all; a stop goes on as far as
// it can without the guard.
func TestGuardHeld(t *testing.T) {
	r := newRoom(t, Options{})
	first := r.start("first", "echo up; exec sleep 1000")
	r.awaitText("first", "up")
	leader, err := procfs.ReadStat(first.PID)
	if err != nil {
		t.Fatal(err)
	}
	release := guardtest.Hold(t, leader.Parent)
	started := make(chan error)
	go func() {
		_, err := r.Start(r.spec("second", "exec sleep 1000"))
		started <- err
	}()
	for len(r.List().Processes) < 2 { // it waits for the guard from here on
		select {
		case err := <-started:
			t.Fatal("it was started before anybody could look: ", err)
		default:
		}
	}
	if p, _ := r.Get("first"); p.State() != Running {
		t.Errorf("first is %v", p.State())
	}
	err = <-started
	if spawn, ok := errors.AsType[*SpawnError](err); !ok || !strings.Contains(spawn.Reason, fmt.Sprintf("the guard process, pid %d, is stopped", leader.Parent)) {
		t.Errorf("%v", err)
	}
	p, _ := r.Get("first")
	stop := p.Stop(StopOptions{})
	for s, err := leader, error(nil); err == nil && !s.Dead(); s, err = procfs.ReadStat(first.PID) {
	}
	if _, err := r.Start(r.spec("third", "true")); err == nil {
		t.Error("a held guard has started something")
	}
	release()
	if s, err := stop.Wait(t.Context()); err != nil || s.State != Stopped {
		t.Errorf("%+v, %v", s, err)
	}
	r.start("second", "echo up; exec sleep 1000")
	r.awaitText("second", "up")
}
