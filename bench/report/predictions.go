package report

import (
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/brummer-rpc/brummer-rpc/bench/model"
)

// prediction is what a model says of a figure that is measured.
type prediction struct {
	what      string
	model     string // the function, with its arguments
	predicted float64
	benchmark string
	metric    string
	why       string // what the model leaves out
}

// seedPredictions are what the seed's own models say, with its constants.
func seedPredictions(workers int) []prediction {
	const events, handlers, lines, requests, statuses = 265, 3, 200, 50, 250
	before, after := model.SeedAllocated(events, handlers, lines, requests, statuses), model.SeedOptimized(lines, requests)
	return []prediction{
		{
			"memory at 265 events/s, a goroutine for each handler", "SeedGoroutineMemory(265, 4)", model.SeedGoroutineMemory(events, 4),
			"BenchmarkEventLatency/rate=265/goroutines", "B/s", "that Go uses the stacks of goroutines again",
		},
		{
			"latency at 265 events/s, a goroutine for each handler", "SeedGoroutineLatency(265, 4)", model.SeedGoroutineLatency(events, 4) / 1000,
			"BenchmarkEventLatency/rate=265/goroutines", "p50-us", "that a sleeping core must be woken first: at such rates that is all there is",
		},
		{
			"latency at 265 events/s, the pool", "SeedPoolLatency(265, 4)", model.SeedPoolLatency(events, 4) / 1000,
			"BenchmarkEventLatency/rate=265/brummer", "p50-us", "the same",
		},
		{
			"events a second before the pool queues, 8 handlers", fmt.Sprintf("SeedPoolSaturation(%d)", workers), model.SeedPoolSaturation(workers),
			"BenchmarkEventBusComparison/Heavy/empty/brummer-blocking", "events/s", "how long a handler takes: it is a constant of the seed, and these do nothing",
		},
		{
			"status under a lock", "SeedLocked(1.3)", model.SeedLocked(1.3),
			"BenchmarkSeedStatusCheck/mutex", "ns/op", "that a status is looked up by its name, and copied",
		},
		{
			"status with an atomic load", "SeedAtomic", model.SeedAtomic,
			"BenchmarkSeedStatusCheck/brummer", "ns/op", "the look-up by name",
		},
		{
			"allocated in a second of the session, before", "SeedAllocated(265, 3, 200, 50, 250)", before,
			"BenchmarkSeedSession/before", "B/s", "again that stacks are used again, and that a status is no garbage",
		},
		{
			"allocated in a second of the session, brummer", "SeedOptimized(200, 50)", after,
			"BenchmarkSeedSession/brummer", "B/s", "that lines share segments, which cost their bytes and little more",
		},
		{
			"collections in 1000 seconds of the session, before", fmt.Sprintf("1000 x SeedCollections(%s/s)", size(before)), 1000 * model.SeedCollections(before),
			"BenchmarkSeedSession/before", "GCs/1000s", "that Go collects when the heap has doubled, not every 2 MB; and what is allocated, see above",
		},
	}
}

// predictions are the models' say. workers is how many the event pool has; GC
// predictions take the measured allocation rate, and predict what it leads to.
func predictions(f Figures) ([]prediction, error) {
	workers := min(8, max(2, runtime.GOMAXPROCS(0)))
	drain := func(events, handlers, workers int) float64 {
		return float64(model.Drain(events, handlers, workers, 10*time.Microsecond).Nanoseconds()) / float64(events)
	}
	list := []prediction{
		{
			"publish to 3 handlers, a goroutine each", "PublishByGoroutines(3)", model.PublishByGoroutines(3),
			"BenchmarkPublish/handlers=3/goroutines", "ns/op", "the closures' allocation, and that more goroutines than cores must wait for each other",
		},
		{
			"publish to 8 handlers, a goroutine each", "PublishByGoroutines(8)", model.PublishByGoroutines(8),
			"BenchmarkPublish/handlers=8/goroutines", "ns/op", "the same",
		},
		{
			"publish to 3 handlers, the pool", "PublishByPool()", model.PublishByPool(),
			"BenchmarkPublish/handlers=3/brummer", "ns/op", "that a worker takes the lock too, and must sometimes be woken",
		},
		{
			"Light, sleeping handlers, the pool: an event to all", fmt.Sprintf("Drain(1000, 3, %d, 10us)", workers), drain(1000, 3, workers),
			"BenchmarkEventBusComparison/Light/sleeping/brummer-blocking", "ns/event", "that a sleep of 10 us takes 60 us to 1 ms: the system's timer decides",
		},
		{
			"Light, sleeping handlers, a goroutine each: an event to all", "Drain(1000, 3, 3000, 10us)", drain(1000, 3, 3000),
			"BenchmarkEventBusComparison/Light/sleeping/goroutines", "ns/event", "that goroutines must be started before they can sleep: that is what it costs",
		},
		{
			"Burst, empty handlers: goroutines", "PeakGoroutines(50000, 3)", model.PeakGoroutines(50_000, 3),
			"BenchmarkEventBusComparison/Burst/empty/goroutines", "goroutines", "that some end while others are started",
		},
		{
			"share of time blocked at the seed's rates, %", "Blocked(500/s for 500 ns, 50/s for 50 ns)",
			100 * model.Blocked(model.Load{PerSecond: 500, HoldNs: model.CallbackHold}, model.Load{PerSecond: 50, HoldNs: 50}),
			"BenchmarkSeedContention/paced/mutex", "blocked-%", "that readers share the lock, and that callers who come at fixed times are not random",
		},
	}
	for _, kind := range []string{"before", "brummer"} {
		name := "BenchmarkSeedSession/" + kind
		rate, err := f.median(name, "B/s")
		if err != nil {
			return nil, err
		}
		live, err := f.median(name, "live-B")
		if err != nil {
			return nil, err
		}
		list = append(list, prediction{
			"collections in 1000 seconds of the session, " + kind, fmt.Sprintf("1000 x Collections(%s/s, %s live)", size(rate), size(live)), 1000 * model.Collections(rate, live),
			name, "GCs/1000s", "that the live heap is not the same all the time: what is logged is kept, and then dropped",
		})
	}
	return append(seedPredictions(workers), list...), nil
}

// writePredictions writes the models' table.
func writePredictions(w io.Writer, f Figures) error {
	fmt.Fprintln(w, "| what | model | predicted | measured | measured/predicted | what the model leaves out |\n| --- | --- | ---: | ---: | ---: | --- |")
	list, err := predictions(f)
	if err != nil {
		return err
	}
	for _, p := range list {
		measured, err := f.median(p.benchmark, p.metric)
		if err != nil {
			return err
		}
		ratio := "-"
		if p.predicted > 0 {
			ratio = times(measured / p.predicted)
		}
		fmt.Fprintf(w, "| %s | `%s` | %s | %s | %s | %s |\n", p.what, p.model, quantity(p.predicted, p.metric), quantity(measured, p.metric), ratio, p.why)
	}
	return nil
}
