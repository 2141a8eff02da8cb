package bench

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/bench/baseline"
	"github.com/brummer-rpc/brummer-rpc/engine/events"
)

// scenario is a load of the seed's EventBusComparison: so many events, shared by
// the goroutines that publish them, each given to every handler.
type scenario struct {
	name                         string
	publishers, events, handlers int
}

var scenarios = []scenario{
	{"Light", 10, 1000, 3}, {"Medium", 50, 5000, 5}, {"Heavy", 100, 10_000, 8}, {"Burst", 500, 50_000, 3},
}

var handlers = []struct {
	name string
	work func()
}{
	{"empty", func() {}},
	{"sleeping", func() { time.Sleep(10 * time.Microsecond) }},
}

// bus is a way to bring events to handlers.
type bus struct {
	publish func(publisher, n int, at int64)
	lost    func() int // deliveries that will not come
	close   func()
}

// busKinds make a bus with so many handlers; deliver is to be called for each.
var busKinds = []struct {
	name string
	make func(handlers int, deliver func(handler, publisher, n int, at int64)) bus
}{
	{"brummer", func(handlers int, deliver func(int, int, int, int64)) bus {
		return poolBus(events.Queue, handlers, deliver)
	}},
	{"brummer-blocking", func(handlers int, deliver func(int, int, int, int64)) bus {
		return poolBus(events.Block, handlers, deliver)
	}},
	{"goroutines", func(handlers int, deliver func(int, int, int, int64)) bus {
		b := baseline.NewBus()
		for h := range handlers {
			b.Subscribe("log.line", func(e baseline.Event) {
				deliver(h, e.Data["publisher"].(int), e.Data["n"].(int), e.Data["at"].(int64))
			})
		}
		return bus{
			publish: func(publisher, n int, at int64) {
				b.Publish(baseline.Event{Type: "log.line", Data: map[string]any{"publisher": publisher, "n": n, "at": at}})
			},
			lost:  func() int { return 0 },
			close: func() {},
		}
	}},
}

// poolBus is the engine's pool. A publisher's number travels as the process, the
// event's own number and time as its data.
func poolBus(policy events.Policy, handlers int, deliver func(int, int, int, int64)) bus {
	p := events.New(events.Options{})
	var lost atomic.Int64
	for h := range handlers {
		p.Handle(events.Handler{Types: events.Of(events.LogLine), Policy: policy, Wait: time.Minute, Handle: func(e events.Event) {
			switch d := e.Data.(type) {
			case events.Gap:
				lost.Add(int64(d.Count))
			case events.Line:
				deliver(h, d.Count>>32, d.Count&(1<<32-1), int64(d.Seq))
			}
		}})
	}
	return bus{
		publish: func(publisher, n int, at int64) {
			p.Publish(events.Event{Type: events.LogLine, Data: events.Line{Count: publisher<<32 | n, Seq: uint64(at)}})
		},
		lost:  func() int { return int(lost.Load()) },
		close: func() { shutdown(p) },
	}
}

// BenchmarkEventBusComparison is the seed's comparison: the whole flood is
// published at once, so a delivery's latency is the length of the queue before
// it. With the handler that sleeps for 10 us (which takes 60 us to 1 ms) a fixed
// number of workers takes workers x sleep: that is arithmetic; look at the cost of
// publishing, goroutines, order and gaps. Only the empty handler runs in CI.
func BenchmarkEventBusComparison(b *testing.B) {
	for _, s := range scenarios {
		for _, handler := range handlers {
			for _, kind := range busKinds {
				b.Run(s.name+"/"+handler.name+"/"+kind.name, func(b *testing.B) {
					var sum flood
					for b.Loop() {
						sum.add(s.play(b, kind.make, handler.work))
					}
					sum.report(b, s)
				})
			}
		}
	}
}

// flood is what playing a scenario has come to.
type flood struct {
	runs, lost, misordered int
	goroutines             int           // at the most while they publish, beyond the publishers' own
	publish, all           time.Duration // until all is published, and until all is delivered
	bytes                  uint64
	latencies              []int64
}

func (f *flood) add(o flood) {
	f.runs++
	f.lost, f.misordered, f.bytes = f.lost+o.lost, f.misordered+o.misordered, f.bytes+o.bytes
	f.goroutines = max(f.goroutines, o.goroutines)
	f.publish, f.all = f.publish+o.publish, f.all+o.all
	f.latencies = o.latencies
}

func (f *flood) report(b *testing.B, s scenario) {
	total := float64(f.runs * s.events)
	b.ReportMetric(float64(f.publish.Nanoseconds())/total, "publish-ns/event")
	b.ReportMetric(float64(f.all.Nanoseconds())/total, "ns/event")
	b.ReportMetric(total/f.all.Seconds(), "events/s")
	b.ReportMetric(float64(f.bytes)/total, "B/event")
	b.ReportMetric(float64(f.goroutines), "goroutines")
	b.ReportMetric(float64(f.lost)/total/float64(s.handlers)*100, "lost-%")
	b.ReportMetric(float64(f.misordered)/float64(f.runs), "misordered")
	reportQuantiles(b, f.latencies)
}

// reportQuantiles reports p50, p95 and p99 of durations in ns, as us.
func reportQuantiles(b *testing.B, ns []int64) {
	slices.Sort(ns)
	for name, q := range map[string]float64{"p50-us": .5, "p95-us": .95, "p99-us": .99} {
		if len(ns) > 0 {
			b.ReportMetric(float64(ns[min(len(ns)-1, int(q*float64(len(ns))))])/1000, name)
		}
	}
}

// play publishes the scenario's events and waits until each has been delivered
// to every handler, or told as lost.
func (s scenario) play(b *testing.B, makeBus func(int, func(int, int, int, int64)) bus, work func()) flood {
	var f flood
	var delivered, misordered, slots atomic.Int64
	var most crowd
	last := make([]atomic.Int64, s.handlers*s.publishers)
	f.latencies = make([]int64, s.events*s.handlers)
	base := runtime.NumGoroutine()
	bus := makeBus(s.handlers, func(handler, publisher, n int, at int64) {
		slot := slots.Add(1) - 1
		f.latencies[slot] = time.Now().UnixNano() - at
		if slot%64 == 0 {
			most.look()
		}
		if last[handler*s.publishers+publisher].Swap(int64(n)) > int64(n) {
			misordered.Add(1)
		}
		work()
		delivered.Add(1)
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := time.Now()
	var published, publishers sync.WaitGroup
	published.Add(s.publishers)
	counted := make(chan struct{})
	for p := range s.publishers {
		publishers.Go(func() {
			for n := range s.events / s.publishers {
				bus.publish(p, n+1, time.Now().UnixNano())
			}
			published.Done()
			<-counted // the runtime's count of goroutines is not exact while many end
		})
	}
	published.Wait()
	f.publish = time.Since(begun)
	most.look()
	f.goroutines = most.end() - base - s.publishers
	close(counted)
	publishers.Wait()
	want := s.events * s.handlers
	for int(delivered.Load())+bus.lost() < want {
		if time.Since(begun) > 5*time.Minute {
			b.Fatalf("%d delivered and %d lost of %d", delivered.Load(), bus.lost(), want)
		}
		runtime.Gosched()
	}
	f.all = time.Since(begun)
	runtime.ReadMemStats(&after)
	bus.close()
	if got := int(delivered.Load()) + bus.lost(); got != want {
		b.Fatalf("%d delivered and %d lost, but there were %d", delivered.Load(), bus.lost(), want)
	}
	f.bytes, f.lost, f.misordered = after.TotalAlloc-before.TotalAlloc, bus.lost(), int(misordered.Load())
	f.latencies = f.latencies[:slots.Load()]
	return f
}

// crowd is the most goroutines that have been seen at a time.
type crowd struct {
	mu   sync.Mutex
	most int
	over bool
}

func (c *crowd) look() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.most = max(c.most, runtime.NumGoroutine())
	}
}

// end is that number; looking is over.
func (c *crowd) end() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	return c.most
}

// BenchmarkPublishers is an event's cost to its publisher when many publish at
// once, with three handlers that do nothing.
func BenchmarkPublishers(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		for _, kind := range busKinds {
			if kind.name == "brummer-blocking" {
				continue
			}
			b.Run(fmt.Sprintf("publishers=%d/%s", n, kind.name), func(b *testing.B) {
				bus := kind.make(3, func(int, int, int, int64) {})
				defer bus.close()
				var all sync.WaitGroup
				for p := range n {
					share := b.N / n
					if p < b.N%n {
						share++
					}
					all.Go(func() {
						for i := range share {
							bus.publish(p, i, 0)
						}
					})
				}
				all.Wait()
			})
		}
	}
}

// BenchmarkEventLatency is from publishing to handling at the seed's realistic
// rate, 265 events a second, and at ten times that: here waking up is what costs,
// and a user waits for it. B/s is what a second of that allocates, this benchmark's
// notes included.
func BenchmarkEventLatency(b *testing.B) {
	for _, rate := range []int{265, 2650} {
		for _, kind := range busKinds {
			if kind.name == "brummer-blocking" {
				continue
			}
			b.Run(fmt.Sprintf("rate=%d/%s", rate, kind.name), func(b *testing.B) {
				const handlers = 4
				var mu sync.Mutex
				var latencies []int64
				bus := kind.make(handlers, func(_, _, _ int, at int64) {
					took := time.Now().UnixNano() - at
					mu.Lock()
					latencies = append(latencies, took)
					mu.Unlock()
				})
				ticker := time.NewTicker(time.Second / time.Duration(rate))
				defer ticker.Stop()
				n := 0
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				for b.Loop() {
					for range 50 { // enough for a p95, however short the run
						<-ticker.C
						n++
						bus.publish(0, n, time.Now().UnixNano())
					}
				}
				for done := false; !done; runtime.Gosched() {
					mu.Lock()
					done = len(latencies) == n*handlers
					mu.Unlock()
				}
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(n)*float64(rate), "B/s")
				bus.close()
				reportQuantiles(b, latencies)
			})
		}
	}
}
