package bench

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/bench/baseline"
	"github.com/brummer-rpc/brummer-rpc/engine/events"
)

// exited is an event as the engine publishes it.
var exited = events.Event{Type: events.ProcessExited, Process: "web", Data: events.Exited{Run: 1, FinalSeq: 12345}}

// BenchmarkPublish is what a publisher pays for one event, with handlers that do
// nothing. If it grew with the number of handlers, a process's reader would wait
// for those who listen.
func BenchmarkPublish(b *testing.B) {
	for _, handlers := range []int{1, 3, 8} {
		b.Run(fmt.Sprintf("handlers=%d/brummer", handlers), func(b *testing.B) {
			p := poolWith(b, handlers, func(events.Event) {})
			for b.Loop() {
				p.Publish(exited)
			}
		})
		b.Run(fmt.Sprintf("handlers=%d/goroutines", handlers), func(b *testing.B) {
			bus := baseline.NewBus()
			var done sync.WaitGroup
			for range handlers {
				bus.Subscribe("process.exited", func(baseline.Event) { done.Done() })
			}
			e := baseline.Event{Type: "process.exited", Data: map[string]any{"process": "web"}}
			for b.Loop() {
				done.Add(handlers)
				bus.Publish(e)
			}
			done.Wait()
		})
	}
}

// poolWith is a pool with so many handlers; it ends with the benchmark.
func poolWith(b *testing.B, handlers int, handle func(events.Event)) *events.Pool {
	p := events.New(events.Options{})
	for range handlers {
		p.Handle(events.Handler{Types: events.All(), Handle: handle})
	}
	b.Cleanup(func() { shutdown(p) })
	return p
}

func shutdown(p *events.Pool) {
	if err := p.Shutdown(context.Background()); err != nil {
		panic(err)
	}
}
