package logs

import "github.com/VictoriaMetrics/metrics"

// storeMetrics are the counters that do not already exist as state.
type storeMetrics struct {
	evicted  *metrics.Counter // lines dropped to stay within the budget
	searches *metrics.Counter
	scanned  *metrics.Counter // lines whose text a search looked at
	recalled *metrics.Counter // segments that a search knew already
}

func newMetrics(s *Store, set *metrics.Set) storeMetrics {
	if set == nil {
		set = metrics.NewSet()
	}
	set.NewGauge("brummer_logs_lines_total", func() float64 { return float64(s.seq.Load()) })
	set.NewGauge("brummer_logs_appended_bytes_total", func() float64 { return float64(s.bytes.Load()) })
	set.NewGauge("brummer_logs_held_bytes", func() float64 { return float64(s.held.Load()) })
	set.NewGauge("brummer_logs_budget_bytes", func() float64 { return float64(s.budget) })
	set.NewGauge("brummer_logs_cache_hits_total", func() float64 { return float64(s.recall.stats().Hits) })
	set.NewGauge("brummer_logs_cache_misses_total", func() float64 { return float64(s.recall.stats().Misses) })
	set.NewGauge("brummer_logs_cache_evicted_total", func() float64 { return float64(s.recall.stats().Evicted) })
	set.NewGauge("brummer_logs_cache_bytes", func() float64 { return float64(s.recall.stats().Bytes) })
	set.NewGauge("brummer_logs_cache_budget_bytes", func() float64 { return float64(s.recall.budget) })
	return storeMetrics{
		evicted:  set.NewCounter("brummer_logs_evicted_lines_total"),
		searches: set.NewCounter("brummer_logs_searches_total"),
		scanned:  set.NewCounter("brummer_logs_searched_lines_total"),
		recalled: set.NewCounter("brummer_logs_recalled_segments_total"),
	}
}

func (m *storeMetrics) searched(w *walk) {
	m.searches.Inc()
	m.scanned.Add(w.scanned)
	m.recalled.Add(w.cached)
}
