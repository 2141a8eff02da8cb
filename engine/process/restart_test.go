//go:build unix

package process

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestDelay: it doubles up to the most, and varies by a fifth.
func TestDelay(t *testing.T) {
	r := Policy{Delay: 100 * time.Millisecond, MaxDelay: time.Second}
	for n, want := range []time.Duration{1: 100, 2: 200, 3: 400, 4: 800, 5: 1000, 6: 1000, 100: 1000} {
		if want *= time.Millisecond; n == 0 || want == 0 {
			continue
		}
		if got := r.delay(n, 0.5); got != want {
			t.Errorf("delay %d is %s, want %s", n, got, want)
		}
		if low, high := r.delay(n, 0), r.delay(n, 1); low != want*8/10 || high != want*12/10 {
			t.Errorf("delay %d is between %s and %s, want a fifth around %s", n, low, high, want)
		}
	}
	if got := (Policy{Delay: time.Hour}).delay(3, 0.5); got != time.Hour {
		t.Errorf("a long delay becomes %s", got)
	}
	total := time.Duration(0)
	for n := 1; n <= DefaultLimit; n++ {
		total += Policy{}.delay(n, 0.5)
	}
	if total < 2*time.Minute || total > 3*time.Minute {
		t.Errorf("the defaults take %s until they give up; the comment says two and a half minutes", total)
	}
}

func TestPolicies(t *testing.T) {
	for _, tt := range []struct {
		when  When
		after []State
	}{
		{"", nil}, {Never, nil}, {OnFailure, []State{Failed}}, {Always, []State{Exited, Failed}},
	} {
		for _, end := range []State{Stopped, Exited, Failed} {
			if got := (Policy{When: tt.when}).after(end); got != slices.Contains(tt.after, end) {
				t.Errorf("%q after %s: %v", tt.when, end, got)
			}
		}
	}
}

// TestGivesUp: a process that always fails is started again as often as allowed,
// and then says why it is not.
func TestGivesUp(t *testing.T) {
	r := newRoom(t, Options{})
	spec := r.spec("web", "exit 3")
	spec.Restart = Policy{When: OnFailure, Limit: 3, Delay: time.Millisecond}
	r.launch(spec)
	s := r.wait("web", ended)
	if s.State != Failed || s.Run != 4 || s.Restarts != 3 || s.ExitCode != 3 ||
		s.Reason != "given up after 3 restarts in a row: it has failed: exit code 3" {
		t.Errorf("%+v", s)
	}
	if got := r.order(&r.ended, 4); got != "web web web web" || len(r.started) != 4 {
		t.Errorf("ended: %s", got)
	}
	for i, a := range r.again {
		if a.Attempt != i+1 || a.Delay <= 0 || a.Reason != "has failed: exit code 3" {
			t.Errorf("%d: %+v", i, a)
		}
	}
	// Somebody's start begins a new row.
	if r.launch(spec); r.wait("web", ended).Run != 8 {
		t.Errorf("%+v", r.status("web"))
	}
}

func TestAlways(t *testing.T) {
	r := newRoom(t, Options{})
	spec := r.spec("web", "exit 0")
	spec.Restart = Policy{When: Always, Limit: 2, Delay: time.Millisecond}
	r.launch(spec)
	s := r.wait("web", ended)
	if s.State != Exited || s.Run != 3 || !strings.Contains(s.Reason, "given up after 2 restarts in a row: it has ended with exit code 0") {
		t.Errorf("%+v", s)
	}
}

// TestStable: a run that has lasted ends the row.
func TestStable(t *testing.T) {
	r := newRoom(t, Options{})
	spec := r.spec("web", "sleep 0.01; exit 1")
	spec.Restart = Policy{When: OnFailure, Limit: 1, Delay: time.Millisecond, Stable: time.Nanosecond}
	r.launch(spec)
	s := r.wait("web", func(s *Snapshot) bool { return s.Run > 3 || s.State.Ended() })
	if s.State.Ended() {
		t.Errorf("given up, though each run was stable: %+v", s)
	}
	r.stop("web", StopOptions{})
	for _, a := range r.again {
		if a.Attempt != 1 {
			t.Errorf("%+v", a)
		}
	}
}

// TestStopInBackoff: a stop works at once, and so does a restart.
func TestStopInBackoff(t *testing.T) {
	r := newRoom(t, Options{})
	spec := r.spec("web", "exit 3")
	spec.Restart = Policy{When: OnFailure, Delay: time.Hour, MaxDelay: time.Hour}
	r.launch(spec)
	s := r.wait("web", in(Backoff))
	if s.RestartAt.IsZero() || s.ExitCode != 3 || s.Spawned() != true {
		t.Errorf("%+v", s)
	}
	if err := r.Remove("web", func(string) {}); err == nil {
		t.Error("what is to be started again can be removed")
	}
	restart, err := r.get("web").Restart()
	if err != nil {
		t.Fatal(err)
	}
	if s, err := restart.Wait(t.Context()); err != nil || s.Run != 2 {
		t.Errorf("%+v, %v", s, err)
	}
	r.wait("web", func(s *Snapshot) bool { return s.State == Backoff && s.Run == 2 })
	if s := r.stop("web", StopOptions{}); s.State != Stopped || s.Run != 2 || !s.RestartAt.IsZero() {
		t.Errorf("%+v", s)
	}
}

// TestShutdownInBackoff: it does not wait for what would be started again.
func TestShutdownInBackoff(t *testing.T) {
	r := newRoom(t, Options{})
	for _, name := range []string{"a", "b"} {
		spec := r.spec(name, "exit 3")
		spec.Restart = Policy{When: Always, Delay: time.Hour, MaxDelay: time.Hour}
		r.launch(spec)
		r.wait(name, in(Backoff))
	}
	r.Shutdown()
	if s := r.status("a"); s.State != Stopped {
		t.Errorf("%+v", s)
	}
}

// TestRebuilt: a program that is missing for a moment, because it is being built,
// is found at the next restart.
func TestRebuilt(t *testing.T) {
	r := newRoom(t, Options{})
	spec := r.spec("web", "")
	spec.Args = []string{"./web"}
	script(t, spec.Dir, "web", "rm web; exit 1")
	spec.Restart = Policy{When: OnFailure, Delay: 2 * time.Millisecond, Limit: 1 << 20, MaxDelay: 2 * time.Millisecond}
	r.launch(spec)
	r.wait("web", func(s *Snapshot) bool { return s.State == Backoff && !s.Spawned() })
	script(t, spec.Dir, "web", "exec sleep 1000")
	if s := r.wait("web", in(Running)); s.Restarts < 2 {
		t.Errorf("%+v", s)
	}
}

// TestClash: a port that somebody else keeps is not tried for long, and the
// reason is the cause.
func TestClash(t *testing.T) {
	r := newRoom(t, Options{Cause: func(s *Snapshot) Cause {
		return Cause{Text: "address in use: port 3000 is held by pid 4242 (node server.js)", Clash: true}
	}})
	spec := r.spec("web", "exit 1")
	spec.Restart = Policy{When: OnFailure, Delay: time.Millisecond, Limit: 50}
	r.launch(spec)
	s := r.wait("web", ended)
	if s.Run != clashLimit || s.Reason != "address in use: port 3000 is held by pid 4242 (node server.js) (given up after 3 starts)" {
		t.Errorf("%+v", s)
	}
	if !strings.Contains(r.again[0].Reason, "port 3000") {
		t.Errorf("%+v", r.again)
	}
	once := r.spec("once", "exit 1")
	r.launch(once)
	if s := r.wait("once", ended); !strings.HasPrefix(s.Reason, "address in use") {
		t.Errorf("%+v", s)
	}
	asked := r.spec("asked", "exec sleep 1000")
	r.launch(asked)
	if s := r.stop("asked", StopOptions{}); s.Reason != "" {
		t.Errorf("a stop has the cause %q", s.Reason)
	}
}

// TestLastEnd: the end of a run can be read when the next one has begun.
func TestLastEnd(t *testing.T) {
	r := newRoom(t, Options{})
	r.launch(r.spec("web", "exec sleep 1000"))
	p := r.get("web")
	if p.LastEnd() != nil {
		t.Errorf("%+v", p.LastEnd())
	}
	r.restart("web", func() {})
	if end := p.LastEnd(); end == nil || end.Run != 1 || end.State != Stopped || end.Signal != "SIGTERM" {
		t.Errorf("%+v", end)
	}
}
