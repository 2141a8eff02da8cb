package guard

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/procfs"
)

// TestMain lets the test binary be the guard, which SIGTERM asks to end as it
// does in the program.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == Verb {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		defer stop()
		if err := Serve(ctx, 100*time.Millisecond, os.Stderr); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		return
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	os.Exit(m.Run())
}

// newGuard is a guard that ends with the test.
func newGuard(t *testing.T) *Guard {
	t.Helper()
	g, err := New(Command{Path: "/proc/self/exe", Args: []string{os.Args[0], Verb}}, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	var run sync.WaitGroup
	run.Go(func() { g.Run(func() {}) })
	t.Cleanup(func() { g.Close(); run.Wait() })
	return g
}

// launch is a command of the shell that has no streams.
func launch(t *testing.T, shell string) *Launch {
	t.Helper()
	l := &Launch{Path: "/bin/sh", Args: []string{"sh", "-c", shell}, Env: os.Environ(), Dir: "/"}
	for i := range l.Files {
		f, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		l.Files[i] = f
	}
	return l
}

// TestLeader: a leader is the guard's child and keeps its number until it is
// reaped, with how it has ended.
func TestLeader(t *testing.T) {
	g := newGuard(t)
	pid, err := g.Start(launch(t, "ulimit -c 0; kill -SEGV $$"), func() {})
	if err != nil {
		t.Fatal(err)
	}
	<-g.Ended(pid)
	s, err := procfs.ReadStat(pid)
	if err != nil || !s.Dead() || s.Parent != g.PID() || s.Group != pid {
		t.Errorf("before it is reaped it is %+v, %v", s, err)
	}
	status, err := g.Reap(pid)
	if err != nil || status.Signal() != syscall.SIGSEGV {
		t.Errorf("%v, %v", status, err)
	}
	if _, err := procfs.ReadStat(pid); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
}

// TestRefusals: what exec refuses comes back as the system's own error.
func TestRefusals(t *testing.T) {
	g := newGuard(t)
	for want, edit := range map[error]func(*Launch){
		unix.ENOENT:  func(l *Launch) { l.Path = "/no/such/program" },
		unix.EACCES:  func(l *Launch) { l.Path = "/etc/passwd" },
		unix.ENOTDIR: func(l *Launch) { l.Dir = "/etc/passwd" },
		unix.EINVAL:  func(l *Launch) { l.Args = []string{"a\x00b"} },
		unix.E2BIG:   func(l *Launch) { l.Args = []string{strings.Repeat("x", 200<<10)} },
	} {
		l := launch(t, "true")
		edit(l)
		if pid, err := g.Start(l, func() {}); !errors.Is(err, want) {
			t.Errorf("pid %d, %v; want %v", pid, err, want)
		}
	}
}

// TestFiles: a process has its three files and none of the guard's or engine's.
func TestFiles(t *testing.T) {
	leak, err := unix.Open("/", unix.O_RDONLY, 0) // as an editor might hand one down
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(leak)
	g := newGuard(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	l := launch(t, "ls -l /proc/self/fd | grep -c ' -> '")
	l.Files[1] = w
	pid, err := g.Start(l, func() {})
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	<-g.Ended(pid)
	g.Reap(pid)
	out := make([]byte, 100)
	n, _ := r.Read(out)
	if got := string(out[:n]); got != "4\n" { // the fourth is ls's own
		t.Errorf("it has %q files", got)
	}
}

// TestEngineGone: at the end of its connection the guard ends everything, asking
// first.
func TestEngineGone(t *testing.T) { testSweep(t, func(g *Guard) { g.Close() }) }

// TestGuardAsked: so it does if it is asked to end itself.
func TestGuardAsked(t *testing.T) {
	testSweep(t, func(g *Guard) { syscall.Kill(g.PID(), syscall.SIGTERM) })
}

func testSweep(t *testing.T, end func(*Guard)) {
	g := newGuard(t)
	dir := t.TempDir()
	pid, err := g.Start(launch(t, `cd `+dir+`; (setsid sh -c "trap '' TERM; echo \$\$ >stray; while :; do sleep 1000; done" &)
trap 'echo bye >bye; exit' TERM; while [ ! -s stray ]; do sleep 0.01; done; echo up >up; while :; do sleep 0.01; done`), func() {})
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(dir + "/up"); err == nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	below := Descendants(g.PID())
	end(g)
	<-g.Gone()
	if _, err := g.Start(launch(t, "true"), func() {}); !errors.Is(err, ErrGone) {
		t.Errorf("a start after the end: %v", err)
	}
	if _, err := os.Stat(dir + "/bye"); err != nil {
		t.Errorf("the leader was not asked: %v", err)
	}
	if len(below) < 2 {
		t.Fatalf("the descendants were %v", below)
	}
	for _, s := range append(below, procfs.Stat{PID: pid}) {
		if now, err := procfs.ReadStat(s.PID); err == nil && !now.Dead() && (s.Start == 0 || now.Start == s.Start) {
			t.Errorf("pid %d lives on: %+v", s.PID, now)
		}
	}
}

// TestKilledMeanwhile: a request ends at once with a guard that was killed before it
// has answered.
func TestKilledMeanwhile(t *testing.T) {
	g := newGuard(t)
	pid, err := g.Start(launch(t, "true"), func() {})
	if err != nil {
		t.Fatal(err)
	}
	<-g.Ended(pid)
	syscall.Kill(g.PID(), syscall.SIGSTOP)
	for s, err := procfs.ReadStat(g.PID()); err == nil && s.State != 'T'; s, err = procfs.ReadStat(g.PID()) {
	}
	if _, err := g.Start(launch(t, "true"), func() { syscall.Kill(g.PID(), syscall.SIGKILL) }); !errors.Is(err, ErrLost) {
		t.Errorf("%v; want %v", err, ErrLost)
	}
	if _, err := g.Reap(pid); !errors.Is(err, ErrGone) {
		t.Errorf("%v; want %v", err, ErrGone)
	}
}

// TestNotByHand: a guard without an engine says what it is.
func TestNotByHand(t *testing.T) {
	cmd := exec.Command("/proc/self/exe", Verb)
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "started by an engine") {
		t.Errorf("%v: %s", err, out)
	}
}

// FuzzLaunch: what is sent is what is received, and what is no launch is refused.
func FuzzLaunch(f *testing.F) {
	f.Add("/bin/sh", "/", "a\x00b", "X=1\x00Y=2", true)
	f.Add("", "", "", "", false)
	f.Fuzz(func(t *testing.T, path, dir, args, env string, tty bool) {
		want := &Launch{Path: path, Dir: dir, Args: strings.Split(args, "\x00"), Env: strings.Split(env, "\x00"), TTY: tty}
		b, err := encodeLaunch(want)
		if strings.Contains(path+dir, "\x00") {
			if err == nil {
				t.Error("a NUL is accepted")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeLaunch(b)
		if err != nil {
			t.Fatal(err)
		}
		back := &Launch{Path: unix.BytePtrToString(got.Path), Dir: unix.BytePtrToString(got.Dir), Args: texts(got.Args), Env: texts(got.Env), TTY: got.TTY}
		if !reflect.DeepEqual(back, want) {
			t.Errorf("%+v; want %+v", back, want)
		}
		for cut := range min(len(b), 50) {
			decodeLaunch(b[:cut]) // does not panic
		}
	})
}

// texts are the strings of a list that ends with a nil.
func texts(list []*byte) (out []string) {
	for _, p := range list[:len(list)-1] {
		out = append(out, unix.BytePtrToString(p))
	}
	return out
}
