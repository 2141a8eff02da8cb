package process

import "github.com/VictoriaMetrics/metrics"

// tableMetrics are the counters that do not already exist as state.
type tableMetrics struct {
	started     *metrics.Counter
	ended       *metrics.Counter
	spawnFailed *metrics.Counter
	killed      *metrics.Counter // sets that had to be killed after the grace time
	restarted   *metrics.Counter // restarts that nobody asked for
	givenUp     *metrics.Counter // processes that have failed too often in a row
}

func newMetrics(t *Table, set *metrics.Set) tableMetrics {
	if set == nil {
		set = metrics.NewSet()
	}
	set.NewGauge("brummer_process_running", func() float64 {
		n := 0
		for _, s := range t.List().Processes {
			if s.State.Alive() {
				n++
			}
		}
		return float64(n)
	})
	return tableMetrics{
		started:     set.NewCounter("brummer_process_started_total"),
		ended:       set.NewCounter("brummer_process_ended_total"),
		spawnFailed: set.NewCounter("brummer_process_spawn_failures_total"),
		killed:      set.NewCounter("brummer_process_killed_total"),
		restarted:   set.NewCounter("brummer_process_restarts_total"),
		givenUp:     set.NewCounter("brummer_process_given_up_total"),
	}
}
