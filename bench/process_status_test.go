package bench

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/process"
)

// What a look at processes costs, and a change of one. The yardsticks are one
// atomic load, which is the least that a look can be, and the table that the seed
// had: a map behind a read-write lock.

// BenchmarkStatusByHandle is the state of a process that the caller holds: what
// each of its own goroutines asks. If it got slower, a lock or an allocation would
// have come into the hottest path of the room.
func BenchmarkStatusByHandle(b *testing.B) {
	e, id := engineWith(b, 50)
	m, name := managerWith(50)
	p, err := e.Process.Get(id)
	if err != nil {
		b.Fatal(err)
	}
	var word atomic.Uint64
	for _, parallel := range []bool{false, true} {
		how := map[bool]string{false: "alone", true: "parallel"}[parallel]
		measure(b, how+"/brummer", parallel, func() {
			if p.State() != process.Failed {
				panic("another state")
			}
		})
		measure(b, how+"/load", parallel, func() {
			if word.Load() != 0 {
				panic("another value")
			}
		})
		measure(b, how+"/mutex", parallel, func() {
			if _, ok := m.Status(name); !ok {
				panic("another process")
			}
		})
	}
}

// BenchmarkStatusByID is the whole of what is known of a process, by its id: what
// process/status does before it writes the answer.
func BenchmarkStatusByID(b *testing.B) {
	for _, n := range []int{10, 50, 1000} {
		e, id := engineWith(b, n)
		m, name := managerWith(n)
		measure(b, fmt.Sprintf("processes=%d/brummer", n), false, func() {
			if p, err := e.Process.Get(id); err != nil || p.Snapshot().ID != id {
				panic("another process")
			}
		})
		measure(b, fmt.Sprintf("processes=%d/mutex", n), false, func() {
			if _, ok := m.Status(name); !ok {
				panic("another process")
			}
		})
	}
}

// BenchmarkProcessList is the whole list. It must not depend on its length: it is
// made when something changes, not when somebody asks.
func BenchmarkProcessList(b *testing.B) {
	for _, n := range []int{10, 50, 1000} {
		e, _ := engineWith(b, n)
		m, _ := managerWith(n)
		measure(b, fmt.Sprintf("processes=%d/brummer", n), false, func() {
			if len(e.Process.List().Processes) != n {
				panic("another list")
			}
		})
		measure(b, fmt.Sprintf("processes=%d/mutex", n), false, func() {
			if len(m.List()) != n {
				panic("another list")
			}
		})
	}
}

// measure runs one look as a benchmark.
func measure(b *testing.B, name string, parallel bool, look func()) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		if !parallel {
			for b.Loop() {
				look()
			}
			return
		}
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				look()
			}
		})
	})
}

// BenchmarkProcessUpdate is a change of one of 50 processes, by two writers, with
// and without two readers that never stop asking for the list. A change pays for
// what readers don't: it publishes a new list. It must not get slower because of
// readers, which the lock's does.
func BenchmarkProcessUpdate(b *testing.B) {
	const n = 50
	for _, readers := range []int{0, 2} {
		b.Run(fmt.Sprintf("readers=%d/brummer", readers), func(b *testing.B) {
			e, _ := engineWith(b, n)
			specs := [2]process.Spec{}
			for i := range specs { // a definition that differs, and one that does not
				specs[i] = process.Spec{Args: []string{"/no/such/program"}, Dir: e.Root, Nice: i}
			}
			update(b, readers, func() { e.Process.List() }, func(writer, i int) {
				s := specs[i%2]
				s.Name = names[writer]
				e.Process.Redefine(s)
			})
		})
		b.Run(fmt.Sprintf("readers=%d/mutex", readers), func(b *testing.B) {
			m, _ := managerWith(n)
			update(b, readers, func() { m.List() }, func(writer, i int) { m.Update(names[writer], states[i%2]) })
		})
	}
}

var (
	names  = []string{"process-3", "process-30"}
	states = []string{"running", "stopped"}
)

// update has two writers make b.N changes, and reports how long one took at most
// in 99 of 100 cases.
func update(b *testing.B, readers int, read func(), change func(writer, i int)) {
	var stop atomic.Bool
	var reading, writing sync.WaitGroup
	for range readers {
		reading.Go(func() {
			for !stop.Load() {
				read()
			}
		})
	}
	took := make([][]int64, len(names))
	b.ResetTimer()
	for w := range names {
		writing.Go(func() {
			for i := range max(1, b.N/len(names)) {
				begun := time.Now()
				change(w, i)
				took[w] = append(took[w], time.Since(begun).Nanoseconds())
			}
		})
	}
	writing.Wait()
	b.StopTimer()
	stop.Store(true)
	reading.Wait()
	b.ReportMetric(float64(nth(slices.Concat(took...), 99)), "p99-ns")
}

func nth(took []int64, p int) int64 {
	slices.Sort(took)
	return took[len(took)*p/100]
}

// BenchmarkStatusInStorm asks for a status and the list while 50 processes are
// being stopped: an editor that is redrawn while everything ends. The seed's table
// is changed as often in the same time, under its lock.
func BenchmarkStatusInStorm(b *testing.B) {
	const n = 50
	b.Run("brummer", func(b *testing.B) {
		e, end := newEngine(b)
		defer end()
		storm(b, func() (looks func(), stop func()) {
			var stops []*process.Process
			for i := range n {
				name := fmt.Sprintf("process-%d", i)
				if _, err := e.Process.Start(process.Spec{Name: name, Args: []string{"sleep", "1000"}, Dir: "/", Env: os.Environ()}); err != nil {
					b.Fatal(err)
				}
				p, err := e.Process.Get(name)
				if err != nil {
					b.Fatal(err)
				}
				stops = append(stops, p)
			}
			return func() {
					if p, err := e.Process.Get("process-7"); err != nil || p.Snapshot().Run == 0 || len(e.Process.List().Processes) != n {
						panic("another table")
					}
				}, func() {
					var waits sync.WaitGroup
					for _, p := range stops {
						waits.Go(func() { p.Stop(process.StopOptions{}).Wait(b.Context()) })
					}
					waits.Wait()
				}
		})
	})
	b.Run("mutex", func(b *testing.B) {
		storm(b, func() (looks func(), stop func()) {
			m, _ := managerWith(n)
			return func() { m.Status("process-7"); m.List() }, func() {
				var stops sync.WaitGroup
				for i := range n {
					stops.Go(func() {
						for range 20 {
							m.Update(fmt.Sprintf("process-%d", i), "stopped")
							time.Sleep(time.Millisecond)
						}
					})
				}
				stops.Wait()
			}
		})
	})
}

// storm measures looks from the begin of a stop of everything to its end.
func storm(b *testing.B, prepare func() (look, stop func())) {
	var took []int64
	for b.Loop() {
		b.StopTimer()
		look, stop := prepare()
		b.StartTimer()
		var over atomic.Bool
		var stopping sync.WaitGroup
		stopping.Go(func() {
			stop()
			over.Store(true)
		})
		for !over.Load() {
			begun := time.Now()
			look()
			took = append(took, time.Since(begun).Nanoseconds())
		}
		stopping.Wait()
	}
	b.ReportMetric(float64(nth(took, 50)), "p50-ns")
	b.ReportMetric(float64(nth(took, 99)), "p99-ns")
}
