package bench

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// guardedTable is the process table of an engine as the program has it: its
// processes are the children of a guard, where the system has one.
func guardedTable(b *testing.B) *process.Table {
	b.Helper()
	o := engine.Options{Root: b.TempDir()}
	if runtime.GOOS == "linux" {
		path, err := buildProgram()
		if err != nil {
			b.Fatal(err)
		}
		o.Guard = &guard.Command{Path: path, Args: []string{"brummer-rpc", guard.Verb}}
	}
	e, err := engine.New(o)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { e.Run(ctx) })
	b.Cleanup(func() { cancel(); done.Wait() })
	t := e.Process
	awaitEnded(b, start(b, t, process.Spec{Name: "first", Args: []string{"/bin/true"}})) // the guard is there from here on
	return t
}

func start(b *testing.B, t *process.Table, spec process.Spec) *process.Process {
	b.Helper()
	spec.Dir, spec.Env = "/", os.Environ()
	s, err := t.Start(spec)
	if err != nil {
		b.Fatal(err)
	}
	p, err := t.Get(s.ID)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func awaitEnded(b *testing.B, p *process.Process) {
	b.Helper()
	await(b, p, func(s *process.Snapshot) bool { return !s.State.Active() })
}

func await(b *testing.B, p *process.Process, ok func(*process.Snapshot) bool) {
	b.Helper()
	if _, err := p.Wait(context.Background(), ok); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkStart is from the call to the answer that a process runs. The
// yardstick is what the library takes for the same: pipes, fork and exec. All wait
// for other processes, and a busy machine makes them several times slower from one
// second to the next: so they take turns. Even so the median jumps between one wait
// for a processor and two; the fastest tenth is what is compared. What is over the
// yardstick is a message to the guard, and what an engine does about a process. The
// yardstick "server" is how another process is asked to fork usually: it is woken, and
// wakes us with its answer. If it grew, every start of every process would be later,
// and a start of fifty shows it.
func BenchmarkStart(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		t := guardedTable(b)
		ours := &timedStart{start: func() (end func()) {
			p := start(b, t, process.Spec{Name: "true", Args: []string{"/bin/true"}})
			return func() { awaitEnded(b, p) }
		}}
		all := []*timedStart{ours}
		for _, y := range startYardsticks {
			all = append(all, &timedStart{name: y.name, start: y.starter(b)})
		}
		for b.Loop() {
			for _, s := range all {
				s.once()
			}
		}
		b.ReportMetric(ours.at(0.5), "p50-ns")
		for _, y := range all[1:] {
			b.ReportMetric(y.at(0.5), y.name+"-p50-ns")
			b.ReportMetric(ours.at(0.1)/y.at(0.1), "x-"+y.name)
		}
	})
}

// startYardsticks are what takes turns with us, each with what makes a function
// that starts a process and returns what ends it. Linux adds one.
var startYardsticks = []startYardstick{{"forkexec", forkExecStarter}}

type startYardstick struct {
	name    string
	starter func(*testing.B) func() (end func())
}

func forkExecStarter(b *testing.B) func() (end func()) {
	return func() (end func()) {
		p, ours := forkExec(b)
		return func() {
			p.Wait()
			closeAll(ours)
		}
	}
}

// timedStart keeps how long starts have taken, without their ends.
type timedStart struct {
	name  string
	start func() (end func())
	took  []time.Duration
}

func (t *timedStart) once() {
	begun := time.Now()
	end := t.start()
	t.took = append(t.took, time.Since(begun))
	end()
}

func (t *timedStart) at(p float64) float64 { return percentile(t.took, p) }

// BenchmarkRun is a whole life: from the call to the end of a program that ends at
// once, with its output read. If it grew, builds and tests would show it.
func BenchmarkRun(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		t := guardedTable(b)
		for b.Loop() {
			awaitEnded(b, start(b, t, process.Spec{Name: "true", Args: []string{"/bin/true"}}))
		}
	})
	b.Run("forkexec", func(b *testing.B) {
		for b.Loop() {
			p, ours := forkExec(b)
			ours[1].Read(make([]byte, 1)) // the end of its output
			p.Wait()
			closeAll(ours)
		}
	})
}

// forkExec starts what brummer starts, with the library alone.
func forkExec(b *testing.B) (*os.Process, []*os.File) {
	child, ours := pipes(b)
	p, err := os.StartProcess("/bin/true", []string{"/bin/true"}, &os.ProcAttr{
		Dir: "/", Env: os.Environ(), Files: child, Sys: &syscall.SysProcAttr{},
	})
	if err != nil {
		b.Fatal(err)
	}
	closeAll(child)
	return p, ours
}

// pipes are a process's three streams: its ends, and ours.
func pipes(b *testing.B) (child, ours []*os.File) {
	for i := range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			b.Fatal(err)
		}
		if i == 0 {
			r, w = w, r
		}
		child, ours = append(child, w), append(ours, r)
	}
	return child, ours
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// BenchmarkStop is from the call to the set's being empty: of a process that ends
// when it is asked to, and of a tree of ten of which each has a session of its
// own. The yardstick is a signal and a wait with the library alone, which knows
// nothing of a tree. If it grew, a restart and the end of the program would.
func BenchmarkStop(b *testing.B) {
	up := regexp.MustCompile("up")
	for name, command := range map[string]string{
		"sleeper": "echo up; exec sleep 1000",
		"tree":    "for i in 1 2 3 4 5 6 7 8 9 10; do setsid sleep 1000 & done; echo up; wait",
	} {
		b.Run(fmt.Sprintf("%s/brummer", name), func(b *testing.B) {
			t := guardedTable(b)
			for b.Loop() {
				b.StopTimer()
				p := start(b, t, process.Spec{Name: "p", Shell: command, Ready: &process.Ready{Log: up}})
				await(b, p, func(s *process.Snapshot) bool { return s.Ready })
				b.StartTimer()
				if _, err := p.Stop(process.StopOptions{}).Wait(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("sleeper/kill", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			p, err := os.StartProcess("/bin/sleep", []string{"sleep", "1000"}, &os.ProcAttr{})
			if err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			p.Signal(syscall.SIGTERM)
			p.Wait()
		}
	})
}
