package engine

import (
	"cmp"
	"slices"

	"github.com/brummer-rpc/brummer-rpc/engine/monitor"
	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

// Budgets are what a running engine is to keep; metrics/gates tells how it
// stands. They read the metrics that a user sees.
var Budgets = []monitor.Gate{
	{
		Name: "logs.memory", Metric: "brummer_logs_held_bytes",
		Limit: func(v monitor.Values) float64 { return v["brummer_logs_budget_bytes"] },
		Why:   "the log holds more than its budget",
	},
	{
		Name: "memory.heap", Metric: "brummer_runtime_heap_live_bytes",
		Limit: func(v monitor.Values) float64 { return 64<<20 + 1.5*v["brummer_logs_budget_bytes"] },
		Why:   "the engine needs more memory than its logs explain",
	},
	{
		Name: "goroutines", Metric: "brummer_runtime_goroutines",
		Limit: func(v monitor.Values) float64 { return 256 + 8*v["brummer_process_running"] },
		Why:   "there are more goroutines than its processes and clients explain",
	},
	{
		Name: "gc.pause", Metric: "brummer_runtime_gc_pause_p99_seconds", Limit: monitor.Fixed(0.05),
		Why: "collecting garbage stops the engine for longer than a person notices in typing",
	},
	{
		Name: "scheduling.delay", Metric: "brummer_runtime_scheduling_delay_p99_seconds", Limit: monitor.Fixed(0.1),
		Why: "the machine is too busy for the engine to answer at once",
	},
	{
		Name: "events.memory", Metric: "brummer_events_held_bytes", Limit: monitor.Fixed(4 << 20),
		Why: "events hold more text than they may",
	},
	{
		Name: "events.panics", Metric: "brummer_events_panics_total", Limit: monitor.Fixed(0),
		Why: "a handler of events has a defect; the program's log has its stack",
	},
	{
		Name: "detection.panics", Metric: "brummer_detection_panics_total", Limit: monitor.Fixed(0),
		Why: "what looks at lines has a defect; the program's log has its stack",
	},
	{
		Name: "events.lost", Metric: "brummer_events_lost_total", Limit: monitor.Fixed(0),
		Why: "a room of the engine is too slow for the events that it wants",
	},
}

// Gates are the budgets that count here: [Budgets], with the limits that the
// configuration gives them, and the configuration's own.
func (e *Engine) Gates() []monitor.Gate {
	gates := slices.Clone(Budgets)
	configured := e.gates.Load()
	if configured == nil {
		return gates
	}
	for _, g := range *configured {
		if g.Max == nil {
			continue // it was refused when it was read
		}
		i := slices.IndexFunc(gates, func(o monitor.Gate) bool { return o.Name == g.Name })
		if i < 0 {
			gates = append(gates, monitor.Gate{Name: g.Name, Metric: g.Metric, Why: "it is over the limit that the configuration gives it"})
			i = len(gates) - 1
		}
		gates[i].Limit = monitor.Fixed(float64(*g.Max))
		gates[i].Why = cmp.Or(g.Why, gates[i].Why)
	}
	return gates
}

// useGates replaces the configuration's budgets.
func (e *Engine) useGates(g config.Gates) { e.gates.Store(&g) }
