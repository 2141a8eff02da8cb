package logs

import "github.com/VictoriaMetrics/metrics"

// storeMetrics are the counters that do not already exist as state.
type storeMetrics struct {
	evicted *metrics.Counter // lines dropped to stay within the budget
}

func newMetrics(s *Store, set *metrics.Set) storeMetrics {
	if set == nil {
		set = metrics.NewSet()
	}
	set.NewGauge("brummer_logs_lines_total", func() float64 { return float64(s.seq.Load()) })
	set.NewGauge("brummer_logs_appended_bytes_total", func() float64 { return float64(s.bytes.Load()) })
	set.NewGauge("brummer_logs_held_bytes", func() float64 { return float64(s.held.Load()) })
	set.NewGauge("brummer_logs_budget_bytes", func() float64 { return float64(s.budget) })
	return storeMetrics{evicted: set.NewCounter("brummer_logs_evicted_lines_total")}
}
