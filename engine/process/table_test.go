//go:build unix

package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// TestMain lets the test binary be the guard.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == guard.Verb {
		serveGuard()
		return
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0") // it costs a second for each guard
	os.Exit(m.Run())
}

// room is a table whose output and events are kept.
type room struct {
	*Table
	t   *testing.T
	seq atomic.Uint64

	mu      sync.Mutex
	output  map[string]string // by "id/stream"
	started []*Snapshot
	ready   []*Snapshot
	ended   []*Snapshot
	again   []Restarting
}

// patience bounds the waits of these tests; it is not a measure of speed.
const patience = time.Minute

func newRoom(t *testing.T, o Options) *room {
	r := &room{t: t, output: map[string]string{}}
	o.Output = func(id string, s lines.Stream) func(lines.Batch) uint64 {
		return func(b lines.Batch) uint64 {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.output[id+"/"+s.String()] += string(b.Data)
			return r.seq.Add(uint64(len(b.Cuts)))
		}
	}
	if o.Guard == nil {
		o.Guard = testGuard
	}
	o.Started = func(s *Snapshot) { r.note(&r.started, s) }
	o.Ended = func(s *Snapshot) { r.note(&r.ended, s) }
	o.Ready = func(s *Snapshot) { r.note(&r.ready, s) }
	o.Restarting = func(_ *Snapshot, why Restarting) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.again = append(r.again, why)
	}
	r.Table = NewTable(o)
	t.Cleanup(r.Shutdown)
	return r
}

func (r *room) note(list *[]*Snapshot, s *Snapshot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*list = append(*list, s)
}

func (r *room) text(id string, s lines.Stream) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.output[id+"/"+s.String()]
}

func (r *room) start(name, shell string) *Snapshot {
	r.t.Helper()
	s, err := r.Start(Spec{Name: name, Shell: shell, Dir: r.t.TempDir(), Env: os.Environ()})
	if err != nil {
		r.t.Fatalf("start %s: %v", name, err)
	}
	return s
}

// wait waits until ok holds for a process.
func (r *room) wait(id string, ok func(*Snapshot) bool) *Snapshot {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	p, err := r.Get(id)
	if err != nil {
		r.t.Fatal(err)
	}
	s, err := p.Wait(ctx, ok)
	if err != nil {
		r.t.Fatalf("waiting for %s, which is %s: %v", id, p.State(), err)
	}
	return s
}

func ended(s *Snapshot) bool { return s.State.Ended() && !s.Again }

// awaitText waits until a process has written text to stdout.
func (r *room) awaitText(id, text string) {
	r.t.Helper()
	for end := time.Now().Add(patience); !strings.Contains(r.text(id, lines.Stdout), text); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("%s has not written %q", id, text)
		}
	}
}

func (r *room) stop(id string, o StopOptions) *Snapshot {
	r.t.Helper()
	p, err := r.Get(id)
	if err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s, err := p.Stop(o).Wait(ctx)
	if err != nil {
		r.t.Fatalf("stop %s: %v", id, err)
	}
	return s
}

func TestEnds(t *testing.T) {
	for _, tt := range []struct {
		name, shell string
		state       State
		code        int
		signal      string
	}{
		{"success", "true", Exited, 0, ""},
		{"failure", "exit 3", Failed, 3, ""},
		{"signal", "kill -KILL $$", Failed, -1, "SIGKILL"},
		{"missing command in the shell", "no-such-command-here", Failed, 127, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t, Options{})
			r.start("p", tt.shell)
			s := r.wait("p", ended)
			if s.State != tt.state || s.ExitCode != tt.code || s.Signal != tt.signal || s.Run != 1 || s.PID != 0 {
				t.Errorf("%+v", s)
			}
			if len(r.started) != 1 || len(r.ended) != 1 {
				t.Errorf("%d started and %d ended, want one of each", len(r.started), len(r.ended))
			}
		})
	}
}

func TestOutput(t *testing.T) {
	r := newRoom(t, Options{})
	r.start("p", `printf 'a\nb'; printf 'c\r\n\000d' >&2`)
	s := r.wait("p", ended)
	if got := r.text("p", lines.Stdout); got != "a\nb" {
		t.Errorf("stdout %q", got)
	}
	if got := r.text("p", lines.Stderr); got != "c\r\n\x00d" {
		t.Errorf("stderr %q", got)
	}
	if s.FinalSeq != 4 {
		t.Errorf("final line %d, want 4", s.FinalSeq)
	}
}

func TestPromptIsPublished(t *testing.T) {
	r := newRoom(t, Options{})
	r.start("p", `printf 'name? '; read name; echo "hello $name"`)
	r.awaitText("p", "name? ")
	p, _ := r.Get("p")
	if err := p.Input([]byte("bob\n"), true); err != nil {
		t.Fatal(err)
	}
	r.wait("p", ended)
	if got := r.text("p", lines.Stdout); got != "name? hello bob\n" {
		t.Errorf("stdout %q", got)
	}
	if err := p.Input([]byte("x"), false); err == nil {
		t.Error("input for a process that has ended is accepted")
	}
}

func TestInputThatNobodyReads(t *testing.T) {
	r := newRoom(t, Options{})
	r.start("p", "sleep 1000")
	p, _ := r.Get("p")
	if err := p.Input(make([]byte, maxInput), false); err != nil {
		t.Fatal(err)
	}
	var full *InputError
	// What the pipe has taken makes room for as much again, once.
	for range 3 {
		if err := p.Input(make([]byte, maxInput), false); errors.As(err, &full) {
			break
		}
	}
	if full == nil {
		t.Error("input without a reader is taken without a limit")
	}
	if s := r.stop("p", StopOptions{}); s.State != Stopped {
		t.Errorf("%+v", s)
	}
}

// TestWholeGroup: a stop ends the leader's group, whatever its members think of
// TERM, also when the leader has gone before.
func TestWholeGroup(t *testing.T) {
	for name, shell := range map[string]string{
		"children":            "sleep 1000 & sleep 1000 & echo up; wait",
		"leader resists":      "trap '' TERM; echo up; while :; do sleep 1000; done",
		"child resists":       "(trap '' TERM INT HUP; while :; do sleep 1000; done) & echo up; wait",
		"leader leaves first": "(trap '' TERM; while :; do sleep 1000; done) & echo up; exec sleep 1000",
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, Options{})
			pid := r.start("p", shell).PID
			r.awaitText("p", "up")
			s := r.stop("p", StopOptions{Grace: 100 * time.Millisecond})
			if s.State != Stopped {
				t.Errorf("%+v", s)
			}
			if err := syscall.Kill(-pid, 0); err != syscall.ESRCH {
				t.Errorf("the group is still there: %v", err)
			}
		})
	}
}

func TestLeftoversOfAnEndedLeader(t *testing.T) {
	r := newRoom(t, Options{Grace: 100 * time.Millisecond})
	pid := r.start("p", "(trap '' TERM; while :; do sleep 1000; done) & exit 0").PID
	s := r.wait("p", ended)
	if s.State != Exited {
		t.Errorf("%s, want exited: the leader ended by itself", s.State)
	}
	if err := syscall.Kill(-pid, 0); err != syscall.ESRCH {
		t.Errorf("the group is still there: %v", err)
	}
}

// TestPipeHeldOpen: a process that is none of the set holds the pipe; the end is
// published all the same, and the log says what happened.
func TestPipeHeldOpen(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux lets others open the pipes of a process, in /proc")
	}
	r := newRoom(t, Options{})
	pid := r.start("p", "read x; echo end").PID
	holder, err := os.OpenFile(fmt.Sprintf("/proc/%d/fd/1", pid), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	p, _ := r.Get("p")
	if err := p.Input(nil, true); err != nil {
		t.Fatal(err)
	}
	if s := r.wait("p", ended); s.State != Exited || r.text("p", lines.Stdout) != "end\n" {
		t.Errorf("%+v, output %q", s, r.text("p", lines.Stdout))
	}
	if remark := r.text("p", lines.System); !strings.Contains(remark, "held open") {
		t.Errorf("the log says %q of it", remark)
	}
}

func TestRestart(t *testing.T) {
	r := newRoom(t, Options{})
	r.start("p", "echo up; exec sleep 1000")
	p, _ := r.Get("p")
	for run := uint32(2); run <= 4; run++ {
		restart, err := p.Restart()
		if err != nil {
			t.Fatal(err)
		}
		s, err := restart.Wait(t.Context())
		if err != nil || s.Run != run || s.State != Running || s.Restarts != int(run-1) {
			t.Fatalf("%+v, %v", s, err)
		}
	}
	if len(r.ended) != 3 {
		t.Errorf("%d ends, want 3", len(r.ended))
	}
}

// TestStopTakesRestartBack: the newest wish counts.
func TestStopTakesRestartBack(t *testing.T) {
	r := newRoom(t, Options{Grace: time.Hour}) // the restart's: it is not over before the stop
	r.start("p", "trap '' TERM; echo up; while :; do sleep 1000; done")
	r.awaitText("p", "up")
	p, _ := r.Get("p")
	restart, err := p.Restart()
	if err != nil {
		t.Fatal(err)
	}
	p.Stop(StopOptions{Grace: time.Millisecond})
	s, err := restart.Wait(t.Context())
	if err != nil || s.State != Stopped || s.Run != 1 {
		t.Errorf("%+v, %v; want run 1, stopped", s, err)
	}
}

func TestStartAgain(t *testing.T) {
	r := newRoom(t, Options{})
	r.start("p", "exec sleep 1000")
	var running *RunningError
	if _, err := r.Start(Spec{Name: "p", Shell: "true", Dir: "/"}); !errors.As(err, &running) || running.PID == 0 {
		t.Errorf("a second start: %v", err)
	}
	r.stop("p", StopOptions{})
	if s := r.start("p", "exit 7"); s.Run != 2 {
		t.Errorf("run %d, want 2", s.Run)
	}
	if s := r.wait("p", ended); s.ExitCode != 7 || s.Signal != "" {
		t.Errorf("the second run ended as %+v", s)
	}
}

func TestNames(t *testing.T) {
	r := newRoom(t, Options{})
	dir := t.TempDir()
	derived := func(spec Spec) string {
		t.Helper()
		spec.Dir, spec.Env = dir, os.Environ()
		s, err := r.Start(spec)
		if err != nil {
			t.Fatal(err)
		}
		return s.ID
	}
	for i, tt := range []struct {
		spec Spec
		want string
	}{
		{Spec{Shell: "PORT=1 /bin/sleep 1000"}, "sleep"},
		{Spec{Args: []string{"sleep", "1000"}}, "sleep#2"},
		{Spec{Shell: "  "}, "#1"},
		{Spec{Shell: "'sleep' 1000"}, "sleep#3"},
	} {
		if tt.want == "#1" {
			tt.spec.Shell = "X=1" // assigns, and has no word for a name
			tt.want = "#1"
		}
		if got := derived(tt.spec); got != tt.want {
			t.Errorf("%d: id %q, want %q", i, got, tt.want)
		}
	}
	for _, bad := range []string{"a#1", " a", "a\n", strings.Repeat("x", 200), "\xff"} {
		var name *NameError
		if _, err := r.Start(Spec{Name: bad, Shell: "true", Dir: dir}); !errors.As(err, &name) {
			t.Errorf("the name %.20q is accepted: %v", bad, err)
		}
	}
}

func TestSpawnFailures(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := newRoom(t, Options{})
	r.start("first", "true") // the guard is there from here on
	r.wait("first", ended)
	r.started, r.ended = nil, nil
	before := openFiles(t)
	for _, tt := range []struct {
		spec Spec
		want string
	}{
		{Spec{Args: []string{"no-such-program"}, Dir: dir}, "in PATH"},
		{Spec{Args: []string{"./plain"}, Dir: dir}, "not executable"},
		{Spec{Args: []string{"./absent"}, Dir: dir}, "does not exist"},
		{Spec{Args: []string{dir}, Dir: dir}, "is a folder"},
		{Spec{Args: []string{""}, Dir: dir}, "empty"},
		{Spec{Args: []string{"/bin/sh", "a\x00b"}, Dir: dir}, "NUL"},
		{Spec{Shell: "true", Dir: filepath.Join(dir, "absent")}, "does not exist"},
		{Spec{Shell: "true", Dir: plain}, "not a folder"},
		{Spec{Args: []string{"/bin/sh", strings.Repeat("x", 8<<20)}, Dir: dir}, "too long"},
	} {
		tt.spec.Name, tt.spec.Env = "p", os.Environ()
		s, err := r.Start(tt.spec)
		var spawn *SpawnError
		if !errors.As(err, &spawn) || !strings.Contains(spawn.Reason, tt.want) {
			t.Errorf("%.40q: %v, want %q", tt.spec.Args, err, tt.want)
			continue
		}
		if s.State != Failed || s.Reason != spawn.Reason || s.Spawned() {
			t.Errorf("the entry is %+v", s)
		}
	}
	if after := openFiles(t); after != before {
		t.Errorf("%d files open after the failures, %d before", after, before)
	}
	if len(r.started)+len(r.ended) != 0 {
		t.Error("events for what was never spawned")
	}
}

func openFiles(t *testing.T) int {
	entries, err := os.ReadDir("/dev/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestRemove(t *testing.T) {
	r := newRoom(t, Options{})
	r.start("p", "exec sleep 1000")
	var active *ActiveError
	if err := r.Remove("p", func(string) {}); !errors.As(err, &active) {
		t.Errorf("removing what runs: %v", err)
	}
	r.stop("p", StopOptions{})
	forgotten := false
	if err := r.Remove("p", func(string) { forgotten = true }); err != nil || !forgotten {
		t.Errorf("remove: %v, forgotten %v", err, forgotten)
	}
	if _, err := r.Get("p"); err == nil || len(r.List().Processes) != 0 {
		t.Error("it is still there")
	}
	if s := r.start("p", "true"); s.Run != 1 {
		t.Errorf("a new p begins with run %d", s.Run)
	}
}

// TestShutdownLeavesNothing: processes, files and goroutines are gone.
func TestShutdownLeavesNothing(t *testing.T) {
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	r := newRoom(t, Options{Grace: 100 * time.Millisecond})
	var pids []int
	for i := range 10 {
		pids = append(pids, r.start(fmt.Sprintf("p%d", i), "sleep 1000 & trap '' TERM; while :; do echo x; done").PID)
	}
	r.Shutdown()
	for _, pid := range pids {
		if err := syscall.Kill(-pid, 0); err != syscall.ESRCH {
			t.Errorf("group %d is still there: %v", pid, err)
		}
	}
	var closed *ClosedError
	if _, err := r.Start(Spec{Name: "late", Shell: "true", Dir: "/"}); !errors.As(err, &closed) {
		t.Errorf("a start after the end: %v", err)
	}
	awaitGoroutines(t, goroutines)
	if after := openFiles(t); after > files {
		t.Errorf("%d files open, %d before", after, files)
	}
}

// awaitGoroutines waits until there are no more than most: one that has ended may be
// counted for a moment.
func awaitGoroutines(t *testing.T, most int) {
	t.Helper()
	for end := time.Now().Add(patience); runtime.NumGoroutine() > most; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			buf := make([]byte, 64<<10)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), most, buf[:runtime.Stack(buf, true)])
		}
	}
}

// TestNotFoundNear: who has typed an id wrong is told the right one.
func TestNotFoundNear(t *testing.T) {
	r := newRoom(t, Options{})
	r.start("first", "true")
	for id, want := range map[string]string{
		"frist":  `there is no process "frist"; did you mean first?`,
		"server": `there is no process "server"; process/list names those there are`,
	} {
		_, get := r.Get(id)
		_, members := r.Members(id)
		for _, err := range []error{get, members, r.Remove(id, func(string) {})} {
			if err == nil || err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
	}
}
