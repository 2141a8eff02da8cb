//go:build unix

package process

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// quick is a rule that looks often.
func quick(r Ready) *Ready {
	r.Interval = minInterval
	return &r
}

// TestReadyByLog: the line may come in colours, on either stream and in parts.
func TestReadyByLog(t *testing.T) {
	plain := func(dst, raw []byte) []byte {
		return append(dst, bytes.ReplaceAll(raw, []byte("\x1b[32m"), nil)...)
	}
	for name, shell := range map[string]string{
		"colours": `read go; printf 'Local: \033[32mhttp://localhost:3000\n'`,
		"stderr":  `read go; echo 'Local: http://localhost:3000' >&2`,
		"prompt":  `read go; printf 'Local: http://localhost:3000'`,
		"parts":   `read go; printf 'Local: '; read go; echo http://localhost:3000`,
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, Options{Plain: plain})
			spec := r.spec("web", shell+"; exec sleep 1000")
			spec.Ready = quick(Ready{Log: regexp.MustCompile(`Local: http://\S+`)})
			if s := r.launch(spec); s.State != Running || s.Ready || r.get("web").Ready() {
				t.Fatalf("%+v", s)
			}
			p := r.get("web")
			p.Input([]byte("go\n"), false)
			if name == "parts" {
				r.awaitText("web", "Local: ")
				p.Input([]byte("go\n"), false)
			}
			s := r.wait("web", func(s *Snapshot) bool { return s.Ready })
			if !s.Healthy || s.ReadyAt.IsZero() || !p.Ready() {
				t.Errorf("%+v", s)
			}
			if r.order(&r.ready, 1) != "web" {
				t.Errorf("%d told", len(r.ready))
			}
			if s := r.stop("web", StopOptions{}); s.Ready || s.Healthy || p.Ready() {
				t.Errorf("stopped and ready: %+v", s)
			}
		})
	}
}

// TestTap: a stream of a process without a rule is not looked at at all.
func TestTap(t *testing.T) {
	write := func(lines.Batch) uint64 { return 7 }
	var none attendant
	if got := none.tap(write); got(lines.Batch{}) != 7 {
		t.Error("the writer is another one")
	}
	looked := 0
	some := attendant{log: newLogWatch(regexp.MustCompile("^b$"), func(dst, raw []byte) []byte {
		looked++
		return append(dst, bytes.TrimSuffix(raw, []byte("\n"))...)
	})}
	batch := lines.Batch{Data: []byte("a\nb\nc\nd\n"), Cuts: []lines.Cut{{End: 2}, {End: 4}, {End: 6}, {End: 8}}}
	tap := some.tap(write)
	first, second := tap(batch), tap(batch)
	if first != 7 || second != 7 || looked != 2 || some.log.failure() != "" {
		t.Errorf("looked at %d lines, want 2; %s", looked, some.log.failure())
	}
}

// TestReadyTogether: every part must hold, and the last one that does not is told.
func TestReadyTogether(t *testing.T) {
	status := make(chan int, 1)
	status <- http.StatusServiceUnavailable
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		code := <-status
		status <- code
		w.WriteHeader(code)
	}))
	defer server.Close()
	mark := filepath.Join(t.TempDir(), "mark")
	open := make(chan []int, 1)
	open <- nil
	r := newRoom(t, Options{Ports: func([]int) ([]int, error) {
		p := <-open
		open <- p
		return p, nil
	}})
	spec := r.spec("web", "exec sleep 1000")
	port := 0
	spec.Ready = quick(Ready{
		Checks:  Checks{Port: &port, TCP: strings.TrimPrefix(server.URL, "http://"), HTTP: server.URL, Exec: &Exec{Shell: "echo no; test -e " + mark}},
		Timeout: 20 * time.Millisecond,
	})
	r.launch(spec)
	late := func(part string) {
		t.Helper()
		s := r.wait("web", func(s *Snapshot) bool { return s.Late && strings.Contains(s.Reason, part) })
		if s.Ready {
			t.Errorf("ready without %s", part)
		}
	}
	late("listens on no port")
	r.restart("web", func() { <-open; open <- []int{1} })
	late("503")
	r.restart("web", func() { <-status; status <- http.StatusNoContent })
	late("exec: exit status 1: no")
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := r.wait("web", func(s *Snapshot) bool { return s.Ready }) // late, but ready
	if s.Late || s.Reason != "" {
		t.Errorf("%+v", s)
	}
}

func (r *room) restart(id string, before func()) {
	r.t.Helper()
	before()
	restart, err := r.get(id).Restart()
	if err == nil {
		_, err = restart.Wait(r.t.Context())
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// TestLateFailsDependents: who waits for what is not ready in time is told why.
func TestLateFailsDependents(t *testing.T) {
	r := newRoom(t, Options{})
	web := r.spec("web", "exec sleep 1000")
	web.DependsOn = map[string]Condition{"db": OnReady}
	r.launch(web)
	const address = "127.0.0.1:1" // nobody gets this port by chance
	db := r.spec("db", "exec sleep 1000")
	db.Ready = quick(Ready{Checks: Checks{TCP: address}, Timeout: minInterval})
	r.launch(db)
	s := r.wait("web", ended)
	if s.State != Failed || !strings.Contains(s.Reason, "db runs, but is not ready after 10ms: tcp "+address+": connection refused") {
		t.Errorf("%+v", s)
	}
	if s := r.status("db"); s.State != Running || !s.Late {
		t.Errorf("db is %+v", s)
	}
}

// TestEndsBeforeReady: an end is no readiness, and ends the checks.
func TestEndsBeforeReady(t *testing.T) {
	r := newRoom(t, Options{})
	spec := r.spec("web", "exit 3")
	spec.Ready = &Ready{Log: regexp.MustCompile("never"), Interval: time.Hour}
	r.launch(spec)
	if s := r.wait("web", ended); s.State != Failed || s.Ready {
		t.Errorf("%+v", s)
	}
	r.Shutdown() // returns although the interval is an hour
}

// TestLiveness: what does not live any more is ended, which is a failure, and
// started again.
func TestLiveness(t *testing.T) {
	r := newRoom(t, Options{})
	spec := r.spec("web", "exec sleep 1000")
	mark := filepath.Join(spec.Dir, "alive")
	spec.Shell = "touch alive; exec sleep 1000"
	spec.Ready = quick(Ready{Checks: Checks{Exec: &Exec{Args: []string{"test", "-e", mark}}}})
	spec.Live = &Live{Checks: Checks{Exec: &Exec{Args: []string{"test", "-e", mark}}}, Interval: minInterval, Failures: 2}
	spec.Restart.Delay = time.Millisecond
	r.launch(spec)
	s := r.wait("web", func(s *Snapshot) bool { return s.Healthy })
	if s.State != Running || !s.Ready || !s.Live {
		t.Errorf("%+v", s)
	}
	if err := os.Remove(mark); err != nil {
		t.Fatal(err)
	}
	s = r.wait("web", func(s *Snapshot) bool { return s.Run == 2 && s.Healthy })
	if s.Restarts != 1 {
		t.Errorf("%+v", s)
	}
	end := r.ended[0]
	if end.State != Failed || end.Reason != "not alive: exec: exit status 1" {
		t.Errorf("%+v", end)
	}
	if len(r.again) != 1 || r.again[0].Attempt != 1 || !strings.Contains(r.again[0].Reason, "not alive") {
		t.Errorf("%+v", r.again)
	}
}

// TestStopOfTheCondemned: somebody's stop makes it stopped, not failed.
func TestStopOfTheCondemned(t *testing.T) {
	r := newRoom(t, Options{Grace: time.Hour})
	spec := r.spec("web", "trap '' TERM; echo up; while :; do sleep 0.01; done")
	spec.Ready = &Ready{Log: regexp.MustCompile("up")} // not condemned before TERM is ignored
	spec.Live = &Live{Checks: Checks{Exec: &Exec{Shell: "false"}}, Interval: minInterval, Failures: 1}
	r.launch(spec)
	r.wait("web", in(Stopping))
	s := r.stop("web", StopOptions{Signal: sigKill})
	if s.State != Stopped || s.Reason != "" {
		t.Errorf("%+v", s)
	}
	if r.Shutdown(); len(r.again) != 0 {
		t.Errorf("restarted: %+v", r.again)
	}
}

// TestCheckLeavesNothing: what a check has started ends with it, whether it holds
// or takes too long, has a session of its own or does not end with TERM.
func TestCheckLeavesNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has setsid(1)")
	}
	dir := t.TempDir()
	c := checker{table: newRoom(t, Options{}).Table, marker: "check", dir: dir, env: os.Environ()}
	for _, shell := range []string{
		"sleep 1000 & echo $! >pid; exit 0",
		"sleep 1000 & echo $! >pid; wait",
		"setsid sh -c 'echo $$ >pid; exec sleep 1000' & while [ ! -s pid ]; do :; done",
		"trap '' TERM; echo $$ >pid; while :; do sleep 1000; done",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			defer cancel()
			for pidOf(dir) == 0 && ctx.Err() == nil {
				time.Sleep(time.Millisecond)
			}
		}()
		c.run(ctx, Checks{Exec: &Exec{Shell: shell}})
		<-ctx.Done()
		if pid := pidOf(dir); pid == 0 || syscall.Kill(pid, 0) != syscall.ESRCH {
			t.Errorf("%s: process %d is still there", shell, pid)
		}
		os.Remove(filepath.Join(dir, "pid"))
	}
}

func pidOf(dir string) (pid int) {
	text, _ := os.ReadFile(filepath.Join(dir, "pid"))
	if bytes.HasSuffix(text, []byte("\n")) {
		fmt.Sscan(string(text), &pid)
	}
	return pid
}

// TestChecks: what a check says when it does not hold.
func TestChecks(t *testing.T) {
	redirect := httptest.NewServer(http.RedirectHandler("/login", http.StatusFound))
	defer redirect.Close()
	tls := httptest.NewTLSServer(http.NotFoundHandler())
	defer tls.Close()
	port, any := 3000, 0
	c := checker{table: newRoom(t, Options{}).Table, marker: "check", dir: t.TempDir(), env: os.Environ(), ports: func() ([]int, error) { return []int{3000}, nil }, http: checkClient()}
	for _, tt := range []struct {
		rules Checks
		want  string
	}{
		{Checks{}, ""},
		{Checks{Port: &port}, ""},
		{Checks{Port: &any}, ""},
		{Checks{HTTP: redirect.URL}, ""},
		{Checks{HTTP: tls.URL}, "404"}, // a certificate that nobody knows is fine here
		{Checks{HTTP: "http://127.0.0.1:1/"}, "http://127.0.0.1:1/: connection refused"},
		{Checks{TCP: "127.0.0.1:1"}, "tcp 127.0.0.1:1: connection refused"},
		{Checks{Exec: &Exec{Shell: "true"}}, ""},
		{Checks{Exec: &Exec{Shell: "echo one; echo two >&2; exit 3"}}, "exec: exit status 3: two"},
		{Checks{Exec: &Exec{Args: []string{"no-such-program"}}}, "in PATH"},
		{Checks{Exec: &Exec{Shell: "sleep 1000 & exit 0"}}, ""}, // what it leaves behind holds nobody up
		{Checks{Exec: &Exec{Shell: "exit 1"}, Port: &port}, "exit status 1"},
	} {
		got := c.failure(t.Context(), tt.rules)
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%+v: %q, want %q", tt.rules, got, tt.want)
		}
	}
}
