//go:build unix

package process

import (
	"regexp"
	"testing"
	"time"
)

// TestStale: a changed definition is told, and takes effect at the next start;
// who restarts the process gets what it was started with.
func TestStale(t *testing.T) {
	r := newRoom(t, Options{})
	define := func(shell, log string) Spec {
		return Spec{
			Name: "web", Shell: shell, Dir: "/", Vars: []string{"A=1"}, Env: []string{"PATH=/bin:/usr/bin", "A=1"},
			Ready: &Ready{Log: regexp.MustCompile(log)}, DependsOn: map[string]Condition{},
		}
	}
	if n := r.Redefine(define("exec sleep 1000", "x")); n != 0 {
		t.Errorf("%d are stale before the first start", n)
	}
	r.launch(define("exec sleep 1000", "x"))
	same := define("exec sleep 1000", "x")
	same.Env = []string{"B=2", "A=1"} // another client's
	if n := r.Redefine(same); n != 0 || r.status("web").Stale {
		t.Errorf("the same definition makes %d stale", n)
	}
	for i, changed := range []Spec{define("exec sleep 2000", "x"), define("exec sleep 1000", "y")} {
		if n := r.Redefine(changed); n != 1 || !r.status("web").Stale {
			t.Errorf("change %d makes %d stale", i, n)
		}
	}
	r.restart("web", func() {})
	if s := r.status("web"); !s.Stale || s.Command != "exec sleep 1000" {
		t.Errorf("a restart: %+v", s)
	}
	if r.Redefine(same); r.status("web").Stale {
		t.Error("changed back, and still stale")
	}
	changed := define("exec sleep 2000", "x")
	r.Redefine(changed)
	r.stop("web", StopOptions{})
	if s := r.status("web"); !s.Stale {
		t.Errorf("%+v", s)
	}
	if s := r.launch(changed); s.Stale || s.Command != "exec sleep 2000" {
		t.Errorf("a start: %+v", s)
	}
}

// TestStaleKeepsThroughRestarts: also by policy a process keeps its definition.
func TestStaleKeepsThroughRestarts(t *testing.T) {
	r := newRoom(t, Options{})
	spec := r.spec("web", "sleep 0.02; exit 1")
	spec.Replicas = 2
	spec.Restart = Policy{When: Always, Delay: time.Millisecond, Stable: time.Nanosecond}
	r.launch(spec)
	if n := r.Redefine(spec); n != 0 {
		t.Errorf("the same definition makes %d of the replicas stale", n)
	}
	spec.Shell = "exec sleep 1000"
	if n := r.Redefine(spec); n != 2 {
		t.Errorf("%d are stale, want both", n)
	}
	if s := r.wait("web#2", func(s *Snapshot) bool { return s.Run > 2 }); !s.Stale {
		t.Errorf("%+v", s)
	}
}
