package bench

import (
	"context"
	"fmt"
	"os/exec"
	"runtime/metrics"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/bench/baseline"
	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
)

// The rows of the seed about processes, measured as it names them, against its
// manager: one map behind a lock.

// engineWith is an engine with so many entries in its process table, and the id
// of one of them. None of them runs: a command that is not there leaves a failed
// entry, which is looked up and listed like any other.
func engineWith(b *testing.B, entries int) (*engine.Engine, string) {
	e, end := newEngine(b)
	b.Cleanup(end)
	for i := range entries {
		e.Process.Start(process.Spec{Name: fmt.Sprintf("process-%d", i), Args: []string{"/no/such/program"}, Dir: e.Root})
	}
	if n := len(e.Process.List().Processes); n != entries {
		b.Fatalf("%d entries, not %d", n, entries)
	}
	return e, fmt.Sprintf("process-%d", entries/2)
}

// newEngine is a running engine in a folder of its own.
func newEngine(b *testing.B) (*engine.Engine, func()) {
	e, err := engine.New(engine.Options{Root: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { e.Run(ctx) })
	return e, func() { cancel(); done.Wait() }
}

func managerWith(entries int) (*baseline.Manager, string) {
	m := baseline.NewManager()
	for i := range entries {
		m.Add(&baseline.Process{ID: fmt.Sprintf("process-%d", i), Name: fmt.Sprintf("process-%d", i), Status: "running"})
	}
	return m, fmt.Sprintf("process-%d", entries/2)
}

// BenchmarkSeedStatusCheck is one process's status by its id, asked by all cores
// at once: what each redraw of a panel asks.
func BenchmarkSeedStatusCheck(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		e, id := engineWith(b, 50)
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				p, err := e.Process.Get(id)
				if err != nil || p.Snapshot().ID != id {
					panic("another process")
				}
			}
		})
	})
	b.Run("mutex", func(b *testing.B) {
		m, id := managerWith(50)
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if p, ok := m.Status(id); !ok || p.ID != id {
					panic("another process")
				}
			}
		})
	})
}

// BenchmarkSeedProcessListing is the whole list.
func BenchmarkSeedProcessListing(b *testing.B) {
	for _, n := range []int{10, 50} {
		b.Run(fmt.Sprintf("processes=%d/brummer", n), func(b *testing.B) {
			e, _ := engineWith(b, n)
			for b.Loop() {
				if len(e.Process.List().Processes) != n {
					b.Fatal("another list")
				}
			}
		})
		b.Run(fmt.Sprintf("processes=%d/mutex", n), func(b *testing.B) {
			m, _ := managerWith(n)
			for b.Loop() {
				if len(m.List()) != n {
					b.Fatal("another list")
				}
			}
		})
	}
}

// BenchmarkSeedStatusUpdate changes the state of one of 50 processes. The table
// changes states itself, so this is the shortest way to one from outside: a start
// that fails, which is two changes, each with a new list for the readers, and a
// look for the program.
func BenchmarkSeedStatusUpdate(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		e, id := engineWith(b, 50)
		for b.Loop() {
			if _, err := e.Process.Start(process.Spec{Name: id, Args: []string{"/no/such/program"}, Dir: e.Root}); err == nil {
				b.Fatal("it has started")
			}
		}
	})
	b.Run("mutex", func(b *testing.B) {
		m, id := managerWith(50)
		for b.Loop() {
			m.Update(id, "starting")
			m.Update(id, "failed")
		}
	})
}

// BenchmarkSeedStartProcess is from the call to the process's being there, and
// until it has ended, for a program that ends at once.
func BenchmarkSeedStartProcess(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		t := guardedTable(b)
		run := func() time.Duration {
			begun := time.Now()
			p := start(b, t, process.Spec{Name: "true", Args: []string{"true"}})
			took := time.Since(begun)
			awaitEnded(b, p)
			return took
		}
		var started time.Duration
		n := 0
		for b.Loop() {
			started += run()
			n++
		}
		b.ReportMetric(float64(started.Microseconds())/float64(n), "start-us")
	})
	b.Run("exec", func(b *testing.B) {
		var started time.Duration
		n := 0
		for b.Loop() {
			begun := time.Now()
			cmd := exec.Command("true")
			if err := cmd.Start(); err != nil {
				b.Fatal(err)
			}
			started += time.Since(begun)
			n++
			if err := cmd.Wait(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(started.Microseconds())/float64(n), "start-us")
	})
}

// BenchmarkSeedContention asks for the status of five processes while each of
// them logs. In the seed's manager the callbacks for output hold the lock that a
// status needs, and an update waits for them all; here a line does not touch the
// table. paced is the seed's own rate, a status every 100 ms and a line every
// 10 ms for each process; flood is the same without a pause, and reports how long a
// status took. blocked-% is the share of their time for which the goroutines were
// blocked by a lock.
func BenchmarkSeedContention(b *testing.B) {
	const processes, line = 5, "a line as a server writes it, with a path and a status"
	kinds := []struct {
		name string
		make func(b *testing.B) (log func(n int), ask func(), end func())
	}{
		{"brummer", func(b *testing.B) (func(int), func(), func()) {
			e, id := engineWith(b, processes)
			var writers []logs.Writer
			for n := range processes {
				writers = append(writers, e.Logs.Writer(fmt.Sprintf("process-%d", n), logs.Stdout))
			}
			batch := batchOf(line)
			ask := func() {
				if p, err := e.Process.Get(id); err != nil || p.State() != process.Failed {
					panic("another process")
				}
			}
			return func(n int) { writers[n].Append(batch) }, ask, func() {}
		}},
		{"mutex", func(b *testing.B) (func(int), func(), func()) {
			m, id := managerWith(processes)
			s := baseline.NewStore(10_000)
			m.OnLog(s.Add)
			lines := make([]int, processes)
			log := func(n int) {
				name := fmt.Sprintf("process-%d", n)
				m.Log(name, line)
				if lines[n]++; lines[n]%100 == 0 {
					m.Update(name, "running")
				}
			}
			return log, func() { m.Status(id) }, s.Close
		}},
	}
	for _, kind := range kinds {
		b.Run("paced/"+kind.name, func(b *testing.B) {
			log, ask, end := kind.make(b)
			defer end()
			contendPaced(b, processes, log, ask)
		})
		b.Run("flood/"+kind.name, func(b *testing.B) {
			log, ask, end := kind.make(b)
			defer end()
			contend(b, processes, log, ask)
		})
	}
}

// contendPaced plays 100 ms for each iteration.
func contendPaced(b *testing.B, processes int, log func(int), ask func()) {
	blocked := blockedSeconds()
	for b.Loop() {
		var all sync.WaitGroup
		for n := range processes {
			all.Go(func() {
				ticker := time.NewTicker(10 * time.Millisecond)
				defer ticker.Stop()
				for range 10 {
					<-ticker.C
					log(n)
				}
				ask()
			})
		}
		all.Wait()
	}
	share := (blockedSeconds() - blocked) / (b.Elapsed().Seconds() * float64(processes))
	b.ReportMetric(share*100, "blocked-%")
}

// blockedSeconds is for how long goroutines have waited for locks, ever.
func blockedSeconds() float64 {
	sample := []metrics.Sample{{Name: "/sync/mutex/wait/total:seconds"}}
	metrics.Read(sample)
	return sample[0].Value.Float64()
}

// contend logs without a pause beside the one who asks.
func contend(b *testing.B, processes int, log func(int), ask func()) {
	var stop atomic.Bool
	var writers sync.WaitGroup
	for n := range processes {
		writers.Go(func() {
			for !stop.Load() {
				log(n)
			}
		})
	}
	var took []int64
	blocked := blockedSeconds()
	for b.Loop() {
		begun := time.Now()
		ask()
		took = append(took, time.Since(begun).Nanoseconds())
	}
	stop.Store(true)
	writers.Wait()
	share := (blockedSeconds() - blocked) / (b.Elapsed().Seconds() * float64(processes+1))
	b.ReportMetric(share*100, "blocked-%")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
	b.ReportMetric(float64(took[len(took)*999/1000]), "p99.9-ns")
}
