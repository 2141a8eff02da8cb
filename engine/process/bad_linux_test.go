package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// TestBadPrograms: what the system refuses only at exec is explained, and leaves
// neither files nor goroutines behind.
func TestBadPrograms(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	many := os.Environ()
	for i := range 10_000 {
		many = append(many, fmt.Sprintf("VARIABLE_%d=%s", i, strings.Repeat("x", 1000)))
	}
	r := newRoom(t, Options{})
	r.start("first", "true")
	r.wait("first", ended)
	files, goroutines := openFiles(t), runtime.NumGoroutine()
	for _, tt := range []struct {
		spec Spec
		want []string
	}{
		{Spec{Args: []string{write("orphan", "#!/no/such/interpreter -x\n")}}, []string{"the interpreter", "/no/such/interpreter, does not exist"}},
		{Spec{Args: []string{write("data", "\x00\x01\x02")}}, []string{"is no program for this system"}},
		{Spec{Args: []string{"/bin/true"}, Env: many}, []string{"too long", "1 arguments", "variables of 10"}},
		{Spec{Args: []string{"/bin/true", strings.Repeat("x", 200<<10)}}, []string{"too long", "2 arguments of 2048"}},
		{Spec{Args: []string{"slepe"}, Env: []string{"PATH=/usr/bin:/bin"}}, []string{`no program "slepe" in PATH; did you mean sleep`}},
	} {
		tt.spec.Name, tt.spec.Dir = "p", dir
		_, err := r.Start(tt.spec)
		spawn, ok := errors.AsType[*SpawnError](err)
		for _, want := range tt.want {
			if !ok || !strings.Contains(spawn.Reason, want) {
				t.Errorf("%.60q: %v; want %q", tt.spec.Args, err, want)
			}
		}
	}
	if now := openFiles(t); now != files {
		t.Errorf("%d files are open, %d before", now, files)
	}
	awaitGoroutines(t, goroutines)
}

// TestLargeEnvironment: ten thousand variables reach the process.
func TestLargeEnvironment(t *testing.T) {
	env := os.Environ()
	for i := range 10_000 {
		env = append(env, fmt.Sprintf("VARIABLE_%d=value %d", i, i))
	}
	r := newRoom(t, Options{})
	if _, err := r.Start(Spec{Name: "p", Shell: `env | grep -c "^VARIABLE_.*=value"`, Dir: "/", Env: env}); err != nil {
		t.Fatal(err)
	}
	r.wait("p", ended)
	if got := r.text("p", lines.Stdout); got != "10000\n" {
		t.Errorf("%q", got)
	}
}

// TestFileLimit: a start that finds no descriptor says so, leaves nothing behind,
// and the next one works.
func TestFileLimit(t *testing.T) {
	r := newRoom(t, Options{})
	r.start("first", "true")
	r.wait("first", ended)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &old); err != nil {
		t.Fatal(err)
	}
	files := openFiles(t)
	for spare := range 5 { // it needs six
		tight := old
		tight.Cur = uint64(highestFile(t) + 1 + spare)
		hold := fill(t, tight, old, spare)
		_, err := r.Start(Spec{Name: "p", Shell: "true", Dir: "/", Env: os.Environ()})
		syscall.Setrlimit(syscall.RLIMIT_NOFILE, &old)
		for _, f := range hold {
			f.Close()
		}
		spawn, ok := errors.AsType[*SpawnError](err)
		if !ok || !strings.Contains(spawn.Reason, "too many files are open") {
			t.Errorf("with %d descriptors: %v", spare, err)
		}
	}
	if now := openFiles(t); now != files {
		t.Errorf("%d files are open, %d before", now, files)
	}
	r.start("p", "true")
	if s := r.wait("p", ended); s.State != Exited {
		t.Errorf("%+v", s)
	}
}

// fill sets the limit and opens files until only spare ones are left.
func fill(t *testing.T, tight, old syscall.Rlimit, spare int) (hold []*os.File) {
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &tight); err != nil {
		t.Fatal(err)
	}
	for {
		f, err := os.Open("/")
		if err != nil {
			break
		}
		hold = append(hold, f)
	}
	if len(hold) < spare {
		syscall.Setrlimit(syscall.RLIMIT_NOFILE, &old)
		t.Fatalf("only %d files could be opened", len(hold))
	}
	for _, f := range hold[len(hold)-spare:] {
		f.Close()
	}
	return hold[:len(hold)-spare]
}

func highestFile(t *testing.T) (highest int) {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		var fd int
		fmt.Sscan(e.Name(), &fd)
		highest = max(highest, fd)
	}
	return highest
}

// TestReasons: what the system says is explained with a way out.
func TestReasons(t *testing.T) {
	for errno, want := range map[syscall.Errno]string{
		syscall.EAGAIN: "ulimit -u", syscall.EMFILE: "ulimit -n", syscall.ENFILE: "ulimit -n", syscall.ENOMEM: "memory", syscall.EACCES: "permission denied",
	} {
		err := explain(errno, &guard.Launch{Path: "/bin/true"})
		if !strings.Contains(err.Error(), want) || !errors.Is(err, errno) {
			t.Errorf("%v: %v, want %q", errno, err, want)
		}
	}
}

// TestStorm: fifty families are stopped at once; all of them end, and nobody who
// looks at the list in the meantime has to wait for that.
func TestStorm(t *testing.T) {
	r := newRoom(t, Options{Grace: 200 * time.Millisecond})
	const n = 50
	for i := range n {
		r.start(fmt.Sprintf("p%d", i), "setsid sleep 1000 & (trap '' TERM; while :; do sleep 1000; done) & echo up; wait")
	}
	for i := range n {
		r.awaitText(fmt.Sprintf("p%d", i), "up")
	}
	wait := r.StopAll()
	if err := wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, s := range r.List().Processes {
		if s.State != Stopped {
			t.Errorf("%s is %s", s.ID, s.State)
		}
	}
}

// TestLooksAreShared: those who ask while somebody looks get one look together.
func TestLooksAreShared(t *testing.T) {
	looking, goOn := make(chan struct{}), make(chan struct{})
	first := sync.OnceFunc(func() {
		close(looking)
		<-goOn
	})
	sets := newSets("epoch", func() []int {
		first()
		return nil
	})
	var asking sync.WaitGroup
	asking.Go(func() { sets.look() })
	<-looking
	const n = 50
	for range n {
		asking.Go(func() { sets.look() })
	}
	awaitBlocked(t, n, "(*sets).look")
	close(goOn)
	asking.Wait()
	if looks := sets.begun.Load(); looks != 2 {
		t.Errorf("%d looks, want one more than the one that went on", looks)
	}
}

// awaitBlocked waits until n goroutines in a function wait for a mutex.
func awaitBlocked(t *testing.T, n int, function string) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		blocked := 0
		for _, g := range strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
			if head, rest, _ := strings.Cut(g, "\n"); strings.Contains(head, "[sync.Mutex.Lock") && strings.Contains(rest, function) {
				blocked++
			}
		}
		if blocked == n {
			return
		}
	}
	t.Fatalf("there never are %d goroutines that wait in %s", n, function)
}

// TestStuck: what KILL does not end is named, and the stop goes on waiting.
func TestStuck(t *testing.T) {
	var log strings.Builder
	r := newRoom(t, Options{Grace: time.Millisecond, Logf: func(f string, args ...any) { fmt.Fprintf(&log, f+"\n", args...) }})
	pid := r.start("p", "trap '' TERM; echo up; while :; do sleep 1000; done").PID
	r.awaitText("p", "up")
	p, _ := r.Get("p")
	r.sets.deaf.Store(true)
	stop := p.Stop(StopOptions{})
	s := r.wait("p", func(s *Snapshot) bool { return len(s.BlockedBy) > 0 })
	if s.State != Stopping || !strings.Contains(strings.Join(s.BlockedBy, " "), fmt.Sprintf("pid %d (/bin/sh -c trap", pid)) {
		t.Errorf("%+v", s)
	}
	r.sets.deaf.Store(false)
	if s, err := stop.Wait(t.Context()); err != nil || s.State != Stopped || len(s.BlockedBy) > 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if !strings.Contains(log.String(), "KILL has no effect on [pid") {
		t.Errorf("the log says %q", log.String())
	}
}
