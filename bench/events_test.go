package bench

import (
	"fmt"
	"sync"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/bench/baseline"
	"github.com/brummer-rpc/brummer-rpc/engine/events"
)

// BenchmarkPublish is what a publisher pays for one event. If it grew with the
// number of handlers, a process's reader would wait for those who listen.
func BenchmarkPublish(b *testing.B) {
	for _, handlers := range []int{1, 3, 8} {
		b.Run(fmt.Sprintf("handlers=%d/brummer", handlers), func(b *testing.B) {
			p := events.New(nil)
			e := events.Event{Type: events.ProcessStarted, Process: "web"}
			for b.Loop() {
				p.Publish(e)
			}
		})
		b.Run(fmt.Sprintf("handlers=%d/goroutines", handlers), func(b *testing.B) {
			bus := baseline.NewBus()
			var done sync.WaitGroup
			for range handlers {
				bus.Subscribe("process.started", func(baseline.Event) { done.Done() })
			}
			e := baseline.Event{Type: "process.started", Data: map[string]any{"process": "web"}}
			for b.Loop() {
				done.Add(handlers)
				bus.Publish(e)
			}
			done.Wait()
		})
	}
}
