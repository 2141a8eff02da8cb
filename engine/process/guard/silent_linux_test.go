package guard

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard/guardtest"
)

// TestSilent: a guard that does not go on is waited for only so long. What it was
// asked to start is ended if it comes about after all; how a leader has ended is
// told when it goes on.
func TestSilent(t *testing.T) {
	g := newGuard(t)
	ended, err := g.Start(launch(t, "exit 3"), func() {})
	if err != nil {
		t.Fatal(err)
	}
	<-g.Ended(ended)
	release := guardtest.Hold(t, g.PID())

	_, err = g.Start(launch(t, "exec sleep 1000"), func() {})
	silent, ok := errors.AsType[*SilentError](err)
	if !ok || silent.PID != g.PID() || !strings.Contains(err.Error(), "detach the debugger") {
		t.Fatalf("%v", err)
	}
	begun := time.Now()
	if _, err := g.Start(launch(t, "true"), func() {}); !errors.As(err, &silent) {
		t.Errorf("the next start: %v", err)
	}
	if waited := time.Since(begun); waited > patience {
		t.Errorf("the next start has waited for %v", waited)
	}
	reaped := make(chan string, 1)
	go func() {
		status, err := g.Reap(ended)
		reaped <- fmt.Sprint(status.ExitStatus(), err)
	}()
	release()
	if got := <-reaped; got != "3 <nil>" {
		t.Errorf("it has ended with %s", got)
	}
	g.late.Wait()
	if left := Descendants(g.PID()); len(left) > 0 {
		t.Errorf("of what was given up there is %v", left)
	}
	if _, err := g.Start(launch(t, "true"), func() {}); err != nil {
		t.Errorf("once it goes on: %v", err)
	}
}
