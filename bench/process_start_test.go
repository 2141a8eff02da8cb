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
// yardstick is what the system takes for the same: pipes, fork and exec. What is
// over it is a message to the guard and back. If it grew, every start of every
// process would be later, and a start of fifty shows it. The median is what
// counts: both wait for other processes, and the mean is made of what else runs.
func BenchmarkStart(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		t := guardedTable(b)
		starts(b, func() (end func()) {
			p := start(b, t, process.Spec{Name: "true", Args: []string{"/bin/true"}})
			return func() { awaitEnded(b, p) }
		})
	})
	b.Run("forkexec", func(b *testing.B) {
		starts(b, func() (end func()) {
			p, ours := forkExec(b)
			return func() {
				p.Wait()
				for _, f := range ours {
					f.Close()
				}
			}
		})
	})
}

// starts measures single starts, without their ends.
func starts(b *testing.B, start func() (end func())) {
	var times []time.Duration
	for b.Loop() {
		begun := time.Now()
		end := start()
		times = append(times, time.Since(begun))
		b.StopTimer()
		end()
		b.StartTimer()
	}
	b.ReportMetric(percentile(times, 0.5), "p50-ns")
	b.ReportMetric(percentile(times, 0.1), "p10-ns")
}

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
			for _, f := range ours {
				f.Close()
			}
		}
	})
}

// forkExec starts what brummer starts, with the library alone.
func forkExec(b *testing.B) (*os.Process, []*os.File) {
	var child, ours []*os.File
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
	p, err := os.StartProcess("/bin/true", []string{"/bin/true"}, &os.ProcAttr{
		Dir: "/", Env: os.Environ(), Files: child, Sys: &syscall.SysProcAttr{},
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range child {
		f.Close()
	}
	return p, ours
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
