package monitor

import (
	"math"
	rt "runtime/metrics"

	"github.com/VictoriaMetrics/metrics"
)

// register adds what Go's runtime tells of itself. Each is read when it is
// asked for, in about a microsecond; nothing stops the world.
func register(set *metrics.Set) {
	for name, source := range map[string]string{
		"brummer_runtime_goroutines":               "/sched/goroutines:goroutines",
		"brummer_runtime_threads":                  "/sched/threads/total:threads",
		"brummer_runtime_heap_live_bytes":          "/gc/heap/live:bytes",
		"brummer_runtime_heap_bytes":               "/memory/classes/heap/objects:bytes",
		"brummer_runtime_memory_bytes":             "/memory/classes/total:bytes",
		"brummer_runtime_allocated_total":          "/gc/heap/allocs:objects",
		"brummer_runtime_gc_cycles_total":          "/gc/cycles/total:gc-cycles",
		"brummer_runtime_mutex_wait_seconds_total": "/sync/mutex/wait/total:seconds",
	} {
		set.NewGauge(name, func() float64 { return number(read(source)) })
	}
	for name, source := range map[string]string{
		"brummer_runtime_gc_pause_p99_seconds":         "/sched/pauses/total/gc:seconds",
		"brummer_runtime_scheduling_delay_p99_seconds": "/sched/latencies:seconds",
	} {
		set.NewGauge(name, func() float64 { return quantile(read(source), .99) })
	}
}

func read(source string) rt.Value {
	sample := []rt.Sample{{Name: source}}
	rt.Read(sample)
	return sample[0].Value
}

// number is a value of the runtime; NaN if this Go version has none.
func number(v rt.Value) float64 {
	switch v.Kind() {
	case rt.KindUint64:
		return float64(v.Uint64())
	case rt.KindFloat64:
		return v.Float64()
	}
	return math.NaN()
}

// quantile is the upper end of the bucket in which it lies, of everything since
// the program started; 0 if nothing has been counted.
func quantile(v rt.Value, q float64) float64 {
	if v.Kind() != rt.KindFloat64Histogram {
		return math.NaN()
	}
	h := v.Float64Histogram()
	total := uint64(0)
	for _, n := range h.Counts {
		total += n
	}
	if total == 0 {
		return 0
	}
	want, seen := uint64(math.Ceil(q*float64(total))), uint64(0)
	for i, n := range h.Counts {
		if seen += n; seen >= want {
			if up := h.Buckets[i+1]; !math.IsInf(up, 1) {
				return up
			}
			return h.Buckets[i]
		}
	}
	return 0
}
