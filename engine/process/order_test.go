//go:build unix

package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// spec is a definition for the tests to add to.
func (r *room) spec(name, shell string) Spec {
	return Spec{Name: name, Shell: shell, Dir: r.t.TempDir(), Env: os.Environ()}
}

// launch starts what may be pending.
func (r *room) launch(spec Spec) *Snapshot {
	r.t.Helper()
	s, err := r.Start(spec)
	if err != nil {
		r.t.Fatalf("start %s: %v", spec.Name, err)
	}
	return s
}

func (r *room) status(id string) *Snapshot {
	r.t.Helper()
	p, err := r.Get(id)
	if err != nil {
		r.t.Fatal(err)
	}
	return p.Snapshot()
}

func in(state State) func(*Snapshot) bool {
	return func(s *Snapshot) bool { return s.State == state }
}

// TestJudge has every condition for every state.
func TestJudge(t *testing.T) {
	run := func(state State, edit func(*Snapshot)) *Snapshot {
		s := &Snapshot{ID: "db", State: state, Run: 1, StartedAt: time.Now(), ExitCode: 1}
		if edit != nil {
			edit(s)
		}
		return s
	}
	const wait, met = "wait", "met" // anything else is part of the failure
	for _, tt := range []struct {
		name                                       string
		s                                          *Snapshot
		started, ready, healthy, exited, succeeded string
	}{
		{"unknown", nil, wait, wait, wait, wait, wait},
		{"pending", &Snapshot{ID: "db", State: Pending}, wait, wait, wait, wait, wait},
		{"running", run(Running, nil), met, wait, wait, wait, wait},
		{"ready", run(Running, func(s *Snapshot) { s.Ready = true }), met, met, wait, wait, wait},
		{"healthy", run(Running, func(s *Snapshot) { s.Ready, s.Healthy = true, true }), met, met, met, wait, wait},
		{"late", run(Running, func(s *Snapshot) { s.Late, s.Reason = true, "not ready after 1s: x" }), met, "not ready after", "not ready after", wait, wait},
		{"stopping", run(Stopping, nil), wait, wait, wait, wait, wait},
		{"backoff", run(Backoff, nil), wait, wait, wait, wait, wait},
		{"stopped", run(Stopped, nil), wait, wait, wait, met, wait},
		{"stopped to be restarted", run(Stopped, func(s *Snapshot) { s.Again = true }), wait, wait, wait, wait, wait},
		{"exited", run(Exited, nil), met, "ended without", "ended without", met, met},
		{"failed", run(Failed, nil), "exit code 1", "exit code 1", "exit code 1", met, "exit code 1"},
		{"killed", run(Failed, func(s *Snapshot) { s.Signal = "SIGKILL" }), "SIGKILL", "SIGKILL", "SIGKILL", met, "SIGKILL"},
		{"never spawned", &Snapshot{ID: "db", State: Failed, Reason: "no such program"}, "no such", "no such", "no such", "no such", "no such"},
	} {
		for i, want := range []string{tt.started, tt.ready, tt.healthy, tt.exited, tt.succeeded} {
			got := wait
			switch ok, failure := Conditions[i].judge(tt.s); {
			case ok && failure != "":
				t.Errorf("%s, %s: met and failed: %s", tt.name, Conditions[i], failure)
			case ok:
				got = met
			case failure != "":
				got = failure
			}
			if got != want && (want == wait || want == met || !strings.Contains(got, want)) {
				t.Errorf("%s, %s: %s, want %s", tt.name, Conditions[i], got, want)
			}
		}
	}
}

// TestOrder starts a graph the wrong way round: each begins when what it needs
// has come.
func TestOrder(t *testing.T) {
	r := newRoom(t, Options{})
	web := r.spec("web", "echo up; exec sleep 1000")
	web.DependsOn = map[string]Condition{"migrate": OnSucceeded, "db": OnReady}
	if s := r.launch(web); s.State != Pending || !slices.Equal(s.BlockedBy, []string{"db", "migrate"}) || s.Run != 0 {
		t.Fatalf("%+v", s)
	}
	migrate := r.spec("migrate", "true")
	migrate.DependsOn = map[string]Condition{"db": OnStarted}
	if s := r.launch(migrate); s.State != Pending {
		t.Fatalf("%+v", s)
	}
	r.launch(r.spec("db", "exec sleep 1000"))
	s := r.wait("web", in(Running))
	if s.Run != 1 || s.BlockedBy != nil || !s.Ready {
		t.Errorf("%+v", s)
	}
	if got := r.order(&r.started, 3); got != "db migrate web" {
		t.Errorf("started in the order %s", got)
	}
}

// order waits for n runs to be told of, and lists their ids.
func (r *room) order(list *[]*Snapshot, n int) string {
	r.t.Helper()
	ids := func() (out []string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, s := range *list {
			out = append(out, s.ID)
		}
		return out
	}
	for end := time.Now().Add(patience); len(ids()) < n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("%v, want %d of them", ids(), n)
		}
	}
	return strings.Join(ids(), " ")
}

// TestParallel: what does not depend on each other is started at once.
func TestParallel(t *testing.T) {
	r := newRoom(t, Options{})
	var names []string
	for i := range 8 {
		s := r.spec(fmt.Sprintf("w%d", i), "exec sleep 1000")
		s.DependsOn = map[string]Condition{"db": OnStarted}
		names = append(names, s.Name)
		r.launch(s)
	}
	r.launch(r.spec("db", "exec sleep 1000"))
	for _, name := range names { // they were started before Start of db returned
		if s := r.status(name); s.State != Running {
			t.Errorf("%s is %s", name, s.State)
		}
	}
}

func TestCycles(t *testing.T) {
	r := newRoom(t, Options{})
	on := func(name string, deps ...string) error {
		s := r.spec(name, "exec sleep 1000")
		s.DependsOn = map[string]Condition{}
		for _, d := range deps {
			s.DependsOn[d] = OnReady
		}
		_, err := r.Start(s)
		return err
	}
	circle := func(err error, want string) {
		t.Helper()
		c, ok := errors.AsType[*CycleError](err)
		if !ok || strings.Join(c.Path, " ") != want || !strings.Contains(err.Error(), c.Path[0]) {
			t.Errorf("%v, want the circle %s", err, want)
		}
	}
	circle(on("a", "a"), "a a")
	if err := errors.Join(on("a", "b"), on("b", "c", "x")); err != nil {
		t.Fatal(err)
	}
	circle(on("c", "a"), "c a b c")
	if err := on("c"); err != nil { // the refused start has left nothing behind
		t.Fatal(err)
	}
	set := r.spec("x", "exec sleep 1000")
	set.Replicas, set.DependsOn = 2, map[string]Condition{"a": OnStarted}
	_, err := r.Start(set)
	circle(err, "x#1 a b x")
	r.stop("b", StopOptions{}) // what has ended makes no circle
	if _, err := r.Start(set); err != nil {
		t.Errorf("b has ended: %v", err)
	}
	_, err = r.get("b").Restart()
	circle(err, "b x#1 a b")
}

func (r *room) get(id string) *Process {
	r.t.Helper()
	p, err := r.Get(id)
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

// TestFailureSpreads: what depends on what fails fails with the reason, and so
// on; what only has to wait goes on waiting.
func TestFailureSpreads(t *testing.T) {
	r := newRoom(t, Options{})
	for name, dep := range map[string]string{"api": "migrate", "web": "api", "later": "web"} {
		s := r.spec(name, "exec sleep 1000")
		s.DependsOn = map[string]Condition{dep: OnSucceeded}
		if name == "later" {
			s.DependsOn = map[string]Condition{"other": OnStarted}
		}
		r.launch(s)
	}
	r.launch(r.spec("migrate", "exit 7"))
	s := r.wait("web", ended)
	if s.State != Failed || s.Spawned() || !strings.Contains(s.Reason, "api has failed: migrate has failed: exit code 7") {
		t.Errorf("%+v", s)
	}
	if s := r.status("later"); s.State != Pending {
		t.Errorf("later is %s", s.State)
	}
	// Who comes later is told at once.
	again := r.spec("again", "true")
	again.DependsOn = map[string]Condition{"migrate": OnSucceeded}
	_, err := r.Start(again)
	if _, ok := errors.AsType[*DependencyError](err); !ok || r.status("again").State != Failed {
		t.Errorf("%v, %+v", err, r.status("again"))
	}
}

// TestStopPending: a stop takes a start back at once, and nothing is spawned.
func TestStopPending(t *testing.T) {
	r := newRoom(t, Options{})
	web := r.spec("web", "true")
	web.DependsOn = map[string]Condition{"db": OnStarted}
	r.launch(web)
	if _, err := r.Start(web); err == nil || !strings.Contains(err.Error(), "pending already:") {
		t.Errorf("a second start: %v", err)
	}
	if err := r.Remove("web", func(string) {}); err == nil {
		t.Error("what is pending can be removed")
	}
	if s := r.stop("web", StopOptions{}); s.State != Stopped || s.BlockedBy != nil {
		t.Errorf("%+v", s)
	}
	r.launch(r.spec("db", "exec sleep 1000"))
	if s, started := r.status("web"), r.order(&r.started, 1); s.State != Stopped || started != "db" {
		t.Errorf("%+v, started: %s", s, started)
	}
}

// reluctant is a command that ends when it has been asked to and has been let go,
// so that who looks in between sees it as it ends.
const reluctant = "trap 'read go; exit' TERM; echo up; while :; do sleep 0.01; done"

// letGo lets a reluctant process end.
func (r *room) letGo(id string) {
	r.t.Helper()
	if err := r.get(id).Input([]byte("go\n"), true); err != nil {
		r.t.Fatal(err)
	}
}

// TestStopAllInOrder: dependents end first, and what waits for them says so.
func TestStopAllInOrder(t *testing.T) {
	r := newRoom(t, Options{Grace: patience})
	r.launch(r.spec("db", "exec sleep 1000"))
	for name, dep := range map[string]string{"api": "db", "web": "api"} {
		s := r.spec(name, "exec sleep 1000")
		s.DependsOn = map[string]Condition{dep: OnReady}
		if name == "web" {
			s.Shell = reluctant
		}
		r.launch(s)
	}
	r.awaitText("web", "up")
	wait := r.StopAll()
	if s := r.status("db"); s.State != Stopping || !slices.Equal(s.BlockedBy, []string{"api"}) {
		t.Errorf("%+v", s)
	}
	if s := r.status("web"); s.State != Stopping || s.BlockedBy != nil {
		t.Errorf("%+v", s)
	}
	r.letGo("web")
	if err := wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := r.order(&r.ended, 3); got != "web api db" {
		t.Errorf("ended in the order %s", got)
	}
	for _, s := range r.List().Processes {
		if s.State != Stopped || s.BlockedBy != nil {
			t.Errorf("%+v", s)
		}
	}
}

// TestStopAllPastEnded: what has waited for a migration still needs the database
// that the migration needed.
func TestStopAllPastEnded(t *testing.T) {
	r := newRoom(t, Options{Grace: patience})
	r.launch(r.spec("db", "exec sleep 1000"))
	migrate := r.spec("migrate", "true")
	migrate.DependsOn = map[string]Condition{"db": OnReady}
	r.launch(migrate)
	web := r.spec("web", reluctant)
	web.DependsOn = map[string]Condition{"migrate": OnSucceeded}
	r.launch(web)
	r.awaitText("web", "up")
	wait := r.StopAll()
	if s := r.status("db"); s.State != Stopping || !slices.Equal(s.BlockedBy, []string{"web"}) {
		t.Errorf("%+v", s)
	}
	r.letGo("web")
	if err := wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestStopAllEndedCircle: definitions that have ended may close a circle, which
// nothing waits in.
func TestStopAllEndedCircle(t *testing.T) {
	r := newRoom(t, Options{})
	on := func(name, dep string, c Condition, shell string) {
		s := r.spec(name, shell)
		if dep != "" {
			s.DependsOn = map[string]Condition{dep: c}
		}
		r.launch(s)
	}
	on("a", "", "", "exec sleep 1000")
	on("b", "a", OnStarted, "true")
	r.wait("b", in(Exited))
	on("c", "b", OnExited, "exec sleep 1000")
	r.wait("c", in(Running))
	r.stop("a", StopOptions{})
	on("d", "c", OnStarted, "true")
	r.wait("d", in(Exited))
	on("a", "d", OnExited, "exec sleep 1000") // a, d, c, b, a
	r.wait("a", in(Running))
	if err := r.StopAll()(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestStopOvertakes: who asks for one process does not wait for its dependents.
func TestStopOvertakes(t *testing.T) {
	r := newRoom(t, Options{Grace: time.Hour})
	r.launch(r.spec("db", "exec sleep 1000"))
	web := r.spec("web", "trap '' TERM; echo up; while :; do sleep 0.01; done")
	web.DependsOn = map[string]Condition{"db": OnStarted}
	r.launch(web)
	r.awaitText("web", "up")
	wait := r.StopAll()
	if s := r.stop("db", StopOptions{}); s.State != Stopped {
		t.Errorf("%+v", s)
	}
	if s := r.stop("web", StopOptions{Signal: sigKill}); s.State != Stopped {
		t.Errorf("%+v", s)
	}
	if err := wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestRestartWaits: a restart passes the gate like a start.
func TestRestartWaits(t *testing.T) {
	r := newRoom(t, Options{})
	r.launch(r.spec("db", "exec sleep 1000"))
	web := r.spec("web", "exec sleep 1000")
	web.DependsOn = map[string]Condition{"db": OnStarted}
	r.launch(web)
	r.stop("db", StopOptions{})
	restart, err := r.get("web").Restart()
	if err != nil {
		t.Fatal(err)
	}
	if s, err := restart.Wait(t.Context()); err != nil || s.State != Pending || s.Restarts != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
	r.launch(r.spec("db", "exec sleep 1000"))
	if s := r.wait("web", in(Running)); s.Run != 2 || s.Restarts != 1 {
		t.Errorf("%+v", s)
	}
}

// TestRestartRefused: who restarts what runs is told of what its dependencies or
// the system refuse just as who starts it, though both say so only once it has ended.
func TestRestartRefused(t *testing.T) {
	r := newRoom(t, Options{})
	bin := t.TempDir()
	program := filepath.Join(bin, "program")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nexec sleep 1000\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	gone := r.spec("gone", "")
	gone.Args, gone.Env = []string{"program"}, append(gone.Env, "PATH="+bin+":"+os.Getenv("PATH"))
	r.launch(gone)
	db := r.launch(r.spec("db", "exec sleep 1000"))
	web := r.spec("web", "exec sleep 1000")
	web.DependsOn = map[string]Condition{"db": OnStarted}
	r.launch(web)

	syscall.Kill(db.PID, syscall.SIGKILL)
	r.wait("db", ended)
	var dependency *DependencyError
	if err := r.restartError("web"); !errors.As(err, &dependency) || dependency.Reason != "db has failed: SIGKILL" {
		t.Errorf("a restart behind what has failed: %v", err)
	}
	if err := os.Remove(program); err != nil {
		t.Fatal(err)
	}
	var spawn *SpawnError
	if err := r.restartError("gone"); !errors.As(err, &spawn) || spawn.Missing != "program" {
		t.Errorf("a restart without its program: %v, %+v", err, spawn)
	}
	r.stop("gone", StopOptions{})
}

// restartError is what comes of a restart of what runs, once it is over.
func (r *room) restartError(id string) error {
	r.t.Helper()
	restart, err := r.get(id).Restart()
	if err != nil {
		r.t.Fatalf("restart %s: %v", id, err)
	}
	_, err = restart.Wait(r.t.Context())
	return err
}

// TestUnpublishedDependency: a start that was refused leaves no entry that could
// be taken for a process.
func TestUnpublishedDependency(t *testing.T) {
	r := newRoom(t, Options{})
	self := r.spec("a", "true")
	self.DependsOn = map[string]Condition{"b": "perhaps"}
	_, err := r.Start(self)
	if spec, ok := errors.AsType[*SpecError](err); !ok || spec.Field != "dependsOn/b" {
		t.Errorf("%v", err)
	}
	if err := r.Remove("a", func(string) {}); err == nil || len(r.List().Processes) != 0 {
		t.Error("a refused process is there")
	}
	if text := r.text("a", lines.System); text != "" {
		t.Errorf("remarks on it: %q", text)
	}
}

// script writes a program of the shell.
func script(t *testing.T, dir, name, text string) {
	t.Helper()
	// Renamed into place: a file that is open for writing can't be executed.
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path+".new", []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}
