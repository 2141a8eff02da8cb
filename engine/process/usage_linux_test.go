package process

import (
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// TestUsage: a tree's processor time and memory are those of all its processes.
func TestUsage(t *testing.T) {
	r := newRoom(t, Options{})
	r.launch(r.spec("busy", "(while :; do :; done) & (while :; do :; done) & echo up; wait"))
	r.launch(r.spec("idle", "echo up; exec sleep 1000"))
	r.launch(r.spec("over", "true"))
	r.wait("over", ended)
	r.awaitText("busy", "up")
	r.awaitText("idle", "up")
	look := func() map[string]Usage { return r.Usage(r.get("busy"), r.get("idle"), r.get("over")) }
	now := look()
	// The idle one's first moments are its start, which is no rest.
	for end := time.Now().Add(patience); now["busy"].CPU < 0.1 || now["idle"].CPU > 0.05; now = look() {
		if time.Now().After(end) {
			t.Fatalf("%+v: two loops use nothing, or a sleep does", now)
		}
		time.Sleep(usageAge)
	}
	if len(now) != 2 {
		t.Errorf("%+v, want busy and idle", now)
	}
	if u := now["busy"]; u.Processes != 3 || u.RSS < 3*int64(os.Getpagesize()) || u.CPU > 16 {
		t.Errorf("%+v", u)
	}
	if u := now["idle"]; u.Processes != 1 {
		t.Errorf("%+v", u)
	}
	r.stop("busy", StopOptions{})
	if _, ok := look()["busy"]; ok || len(r.usages.last) != 1 {
		t.Errorf("%d runs are remembered, want that of idle", len(r.usages.last))
	}
}

// TestShare has the arithmetic: new processes count whole, ended ones not at all.
func TestShare(t *testing.T) {
	at := func(s float64) time.Time { return time.Unix(0, int64(s*1e9)) }
	a, b, c := task{1, 1}, task{2, 1}, task{2, 2}
	first := &sample{at: at(10), busy: map[task]time.Duration{a: 4 * time.Second, b: time.Second}}
	if got := first.share(nil, at(0)); got != 0.5 {
		t.Errorf("since the start: %v", got)
	}
	second := &sample{at: at(12), busy: map[task]time.Duration{a: 5 * time.Second, c: 2 * time.Second}}
	if got := second.share(first, at(0)); math.Abs(got-1.5) > 1e-9 {
		t.Errorf("since the look before: %v", got)
	}
	if got := second.share(second, at(0)); got != 0 {
		t.Errorf("in no time: %v", got)
	}
}

// TestPIDs: the leader comes first, and who has left the group is there.
func TestPIDs(t *testing.T) {
	r := newRoom(t, Options{})
	s := r.launch(r.spec("web", "setsid sleep 1000 & echo $!; wait"))
	r.awaitText("web", "\n")
	pids := r.get("web").PIDs()
	if len(pids) < 2 || pids[0] != s.PID || slices.Contains(pids, os.Getpid()) {
		t.Errorf("%v, want %d first; the output is %q", pids, s.PID, r.text("web", lines.Stdout))
	}
	for _, pid := range pids {
		if id := r.Owner(pid); id != "web" {
			t.Errorf("%d is of %q", pid, id)
		}
	}
	if id := r.Owner(os.Getpid()); id != "" {
		t.Errorf("this process is of %q", id)
	}
	r.stop("web", StopOptions{})
	if pids := r.get("web").PIDs(); pids != nil {
		t.Errorf("stopped, but %v", pids)
	}
}
