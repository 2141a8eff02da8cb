package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/procfs"
	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// family is a command whose members leave in every way: one resists in the
// leader's group, one has a session of its own, one is forked twice, so that its
// parent is gone, one does that in a session of its own and without the marker.
// Each writes its pid to the file NAME.pids, and the leader ends with TERM.
const family = `
pids=$0.pids
(trap '' TERM INT HUP; echo $(exec sh -c 'echo $PPID') >>$pids; while :; do sleep 1000; done) &
setsid sh -c "trap '' TERM INT HUP; echo \$\$ >>$pids; while :; do sleep 1000; done" &
(sh -c "echo \$\$ >>$pids; exec sleep 1000" &)
(setsid sh -c "(trap '' TERM; sh -c 'echo \$PPID' >>$pids; while :; do sleep 1000; done) &" &)
env -i setsid sh -c "echo \$\$ >>$pids; exec sleep 1000" &
while [ "$(cat $pids 2>/dev/null | wc -l)" -lt 5 ]; do sleep 0.01; done
echo up
exec sleep 1000`

// startFamily starts a family and returns the pids of all its members but the
// leader.
func startFamily(r *room, name string) []int {
	r.t.Helper()
	dir := r.t.TempDir()
	env := append(os.Environ(), "PATH="+os.Getenv("PATH"))
	if _, err := r.Start(Spec{Name: name, Args: []string{"/bin/sh", "-c", family, filepath.Join(dir, name)}, Dir: dir, Env: env}); err != nil {
		r.t.Fatal(err)
	}
	r.awaitText(name, "up")
	text, err := os.ReadFile(filepath.Join(dir, name+".pids"))
	if err != nil {
		r.t.Fatal(err)
	}
	var pids []int
	for _, f := range strings.Fields(string(text)) {
		pid, _ := strconv.Atoi(f)
		pids = append(pids, pid)
	}
	if len(pids) != 5 || len(living(pids)) != 5 {
		r.t.Fatalf("members %v, of which %v live; want 5", pids, living(pids))
	}
	return pids
}

// living are those that have not ended.
func living(pids []int) []string {
	var out []string
	for _, pid := range pids {
		if s, err := procfs.ReadStat(pid); err == nil && !s.Dead() {
			out = append(out, fmt.Sprintf("%d (%s)", pid, procfs.Command(pid)))
		}
	}
	return out
}

// TestWholeSet: nothing of a family is left after a stop, with a guard and
// without one.
func TestWholeSet(t *testing.T) {
	for name, g := range map[string]*guard.Command{"guarded": testGuard, "direct": {Path: "/nonexistent", Args: []string{"x"}}} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, Options{Guard: g})
			members := startFamily(r, "p")
			s := r.stop("p", StopOptions{Grace: 300 * time.Millisecond})
			if s.State != Stopped || s.Signal != "SIGTERM" {
				t.Errorf("%+v", s)
			}
			if left := living(members); len(left) > 0 {
				t.Errorf("still there: %v", left)
			}
		})
	}
}

// TestOnlyItsOwnSet: of two families side by side only one is ended, and a
// stranger with the same command line is not.
func TestOnlyItsOwnSet(t *testing.T) {
	stranger := exec.Command("setsid", "sleep", "1000")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { stranger.Process.Kill(); stranger.Wait() }()
	r := newRoom(t, Options{})
	a, b := startFamily(r, "a"), startFamily(r, "b")
	r.stop("a", StopOptions{Grace: 100 * time.Millisecond})
	if left := living(a); len(left) > 0 {
		t.Errorf("of a there are still: %v", left)
	}
	if left := living(b); len(left) != len(b) {
		t.Errorf("of b only %v are left", left)
	}
	r.stop("b", StopOptions{Grace: 100 * time.Millisecond})
	if left := living(b); len(left) > 0 {
		t.Errorf("of b there are still: %v", left)
	}
	if len(living([]int{stranger.Process.Pid})) != 1 {
		t.Error("the stranger is gone")
	}
}

// TestLeftBehind: what a leader leaves behind when it ends by itself is ended,
// wherever it has gone.
func TestLeftBehind(t *testing.T) {
	r := newRoom(t, Options{Grace: 100 * time.Millisecond})
	r.start("p", `(setsid sh -c "trap '' TERM; echo \$\$; exec >&- 2>&-; while :; do sleep 1000; done" &); read left; exit 3`)
	r.awaitText("p", "\n")
	r.letGo("p")
	s := r.wait("p", ended)
	var pid int
	fmt.Sscan(r.text("p", lines.Stdout), &pid)
	if s.State != Failed || s.ExitCode != 3 || pid == 0 || len(living([]int{pid})) > 0 {
		t.Errorf("%+v; of pid %d there are %v", s, pid, living([]int{pid}))
	}
}

// TestHidden: what has a session, a parent and an environment that tell nothing
// ends with the last run that it could be of.
func TestHidden(t *testing.T) {
	r := newRoom(t, Options{Grace: 100 * time.Millisecond})
	r.start("other", "exec sleep 1000")
	r.start("p", `(env -i setsid sh -c "(sh -c 'echo \$PPID'; exec sleep 1000) &" &); exec sleep 1000`)
	r.awaitText("p", "\n")
	var pid int
	fmt.Sscan(r.text("p", lines.Stdout), &pid)
	r.stop("p", StopOptions{})
	r.stop("other", StopOptions{})
	if left := living([]int{pid}); pid == 0 || len(left) > 0 {
		t.Errorf("of %d there is still %v", pid, left)
	}
}

// TestGuardKilled: the death of the guard ends what it guards, and the next start
// has a new one.
func TestGuardKilled(t *testing.T) {
	r := newRoom(t, Options{Grace: 200 * time.Millisecond})
	members := startFamily(r, "p")
	r.start("done", "true")
	r.wait("done", ended)
	killed := theGuard(r)
	syscall.Kill(killed, syscall.SIGKILL)
	s := r.wait("p", ended)
	if s.State != Failed || s.Signal != "SIGTERM" || !strings.Contains(s.Reason, "guard") {
		t.Errorf("%+v", s)
	}
	if left := living(members); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
	members = startFamily(r, "q")
	if theGuard(r) == killed {
		t.Error("no new guard")
	}
	r.stop("q", StopOptions{Grace: 100 * time.Millisecond})
	if left := living(members); len(left) > 0 {
		t.Errorf("still there: %v", left)
	}
}

// TestGuardStopped: a guard that somebody has stopped goes on when it is needed, and
// the log names it.
func TestGuardStopped(t *testing.T) {
	var log []string
	r := newRoom(t, Options{Logf: func(f string, args ...any) { log = append(log, fmt.Sprintf(f, args...)) }})
	r.start("first", "true")
	r.wait("first", ended)
	pid := theGuard(r)
	syscall.Kill(pid, syscall.SIGSTOP)
	defer syscall.Kill(pid, syscall.SIGCONT)
	r.start("second", "true")
	r.wait("second", ended)
	if text := strings.Join(log, "\n"); !strings.Contains(text, fmt.Sprintf("pid %d, does not answer", pid)) {
		t.Errorf("the log says %q", text)
	}
}

// theGuard is the pid of the guard that is asked now.
func theGuard(r *room) int {
	s := r.starter.(*guarded)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.guards[len(s.guards)-1].PID()
}

// TestStray: what a guard has started without being able to tell is killed once
// the guard is gone.
func TestStray(t *testing.T) {
	r := newRoom(t, Options{})
	r.start("p", "exec sleep 1000")
	l := &guard.Launch{
		Path: "/bin/sleep", Args: []string{"sleep", "1000"}, Dir: "/",
		Env: []string{markerKey + "=" + r.sets.marker("untold", 1)},
	}
	for i := range l.Files {
		f, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		l.Files[i] = f
	}
	stray, err := r.starter.start(l, func() {})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(living([]int{stray.pid})); n != 1 {
		t.Fatal("the stray is not there")
	}
	syscall.Kill(theGuard(r), syscall.SIGKILL)
	<-stray.lost
	<-stray.adopt()
	if e, err := stray.reap(); e.signal != "SIGKILL" || err != nil {
		t.Errorf("the stray ended with %+v, %v", e, err)
	}
}

// TestNoGuard: without a guard processes run all the same, and the log says what
// that means.
func TestNoGuard(t *testing.T) {
	for name, command := range map[string]*guard.Command{
		"no such program": {Path: "/nonexistent", Args: []string{"guard"}},
		"another program": {Path: "/bin/true", Args: []string{"true"}},
	} {
		t.Run(name, func(t *testing.T) {
			var log []string
			r := newRoom(t, Options{Guard: command, Logf: func(f string, args ...any) { log = append(log, fmt.Sprintf(f, args...)) }})
			r.start("p", "exit 3")
			if s := r.wait("p", ended); s.ExitCode != 3 {
				t.Errorf("%+v", s)
			}
			if len(log) != 1 || !strings.Contains(log[0], "no guard process") {
				t.Errorf("the log is %q", log)
			}
		})
	}
}

// TestLazyGuard: an engine without processes has no guard.
func TestLazyGuard(t *testing.T) {
	before := procfs.Children(nil, os.Getpid())
	r := newRoom(t, Options{})
	if after := procfs.Children(nil, os.Getpid()); len(after) != len(before) {
		t.Errorf("children %v, before %v", after, before)
	}
	r.start("p", "true")
	r.wait("p", ended)
	if !slices.Contains(procfs.Children(nil, os.Getpid()), theGuard(r)) {
		t.Error("the guard is no child")
	}
}

// TestStopped: a process that is stopped (Ctrl-Z) still ends when it is asked to.
func TestStopped(t *testing.T) {
	r := newRoom(t, Options{Grace: patience})
	r.start("p", "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done")
	r.awaitText("p", "up")
	p, _ := r.Get("p")
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if s := r.stop("p", StopOptions{}); s.ExitCode != 7 || !strings.Contains(r.text("p", lines.Stdout), "bye") {
		t.Errorf("%+v, %q", s, r.text("p", lines.Stdout))
	}
}

// TestStopWhileLeaving: members that are just making sessions of their own when
// the stop comes do not get away until the grace time is over.
func TestStopWhileLeaving(t *testing.T) {
	r := newRoom(t, Options{Grace: patience})
	for range 10 {
		r.start("p", "for i in 1 2 3 4 5 6 7 8 9 10; do setsid sleep 1000 & done; echo up; wait")
		r.wait("p", func(s *Snapshot) bool { return s.State == Running })
		if s := r.stop("p", StopOptions{}); s.State != Stopped {
			t.Fatalf("%+v", s)
		}
	}
}
