package bench

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/bench/baseline"
	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
)

// BenchmarkSeedSession is what a second of the seed's realistic session costs
// inside: 200 lines, 50 events for three handlers, a hundred questions for a
// status, four lists. It is about garbage: allocations and bytes per second of a
// session, and how many such seconds pass between two collections. On the wire
// the workload measures the same.
func BenchmarkSeedSession(b *testing.B) {
	const lines, happenings, questions, lists = 200, 50, 100, 4
	b.Run("brummer", func(b *testing.B) {
		e, id := engineWith(b, 8)
		for range 3 {
			e.Events.Handle(events.Handler{Types: events.All(), Handle: func(events.Event) {}})
		}
		var writers []logs.Writer
		for i := range 8 {
			writers = append(writers, e.Logs.Writer(fmt.Sprint("w", i), logs.Stdout))
		}
		batch := batchOf(seedLine)
		session(b, func() {
			for i := range lines {
				writers[i%8].Append(batch)
			}
			for i := range happenings {
				e.Events.Publish(events.Event{Type: events.ProcessStarted, Process: id, Data: events.Started{Run: uint32(i), PID: 1000}})
			}
			for range questions {
				if p, err := e.Process.Get(id); err != nil || p.Snapshot() == nil {
					panic("another process")
				}
			}
			for range lists {
				e.Process.List()
			}
		})
	})
	b.Run("before", func(b *testing.B) {
		m, id := managerWith(8)
		s := baseline.NewStore(100_000)
		defer s.Close()
		bus := baseline.NewBus()
		for range 3 {
			bus.Subscribe("process.started", func(baseline.Event) {})
		}
		m.OnLog(s.Add)
		session(b, func() {
			for range lines {
				m.Log(id, seedLine)
			}
			for i := range happenings {
				bus.Publish(baseline.Event{Type: "process.started", Data: map[string]any{"process": id, "run": i, "pid": 1000}})
			}
			for range questions {
				m.Status(id)
			}
			for range lists {
				m.List()
			}
		})
	})
}

// session plays seconds, and then two thousand more to count what they allocate
// and how often that is collected. live-B is what is alive in the whole process
// then, since that decides when the next collection comes.
func session(b *testing.B, second func()) {
	b.ReportAllocs()
	for b.Loop() {
		second()
	}
	const seconds = 2000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range seconds {
		second()
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.NumGC-before.NumGC)*1000/seconds, "GCs/1000s")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/seconds, "mallocs/s")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/seconds, "B/s")
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc), "live-B")
}
