package proxy

import "github.com/VictoriaMetrics/metrics"

// proxyMetrics are what does not already exist as state.
type proxyMetrics struct {
	requests *metrics.Counter
	refused  *metrics.Counter // requests that did not come from a page of this machine
	failures *metrics.Counter
	injected *metrics.Counter
	seconds  *metrics.Histogram

	reported       *metrics.Counter // events of pages that were kept
	reportsRefused *metrics.Counter
}

func newMetrics(r *Registry, set *metrics.Set) *proxyMetrics {
	if set == nil {
		set = metrics.NewSet()
	}
	h := r.History
	set.NewGauge("brummer_proxy_registrations", func() float64 { return float64(len(r.List())) })
	set.NewGauge("brummer_proxy_history_bytes", func() float64 { return float64(h.held()) })
	set.NewGauge("brummer_proxy_history_dropped_total", func() float64 { return float64(h.Dropped()) })
	set.NewGauge("brummer_telemetry_dropped_total", func() float64 { return float64(r.Telemetry.Dropped()) })
	set.NewGauge("brummer_telemetry_held_bytes", func() float64 { return float64(r.Telemetry.Bytes()) })
	return &proxyMetrics{
		requests: set.NewCounter("brummer_proxy_requests_total"),
		refused:  set.NewCounter("brummer_proxy_refused_total"),
		failures: set.NewCounter("brummer_proxy_failures_total"),
		injected: set.NewCounter("brummer_proxy_injected_total"),
		seconds:  set.NewHistogram("brummer_proxy_request_seconds"),

		reported:       set.NewCounter("brummer_telemetry_events_total"),
		reportsRefused: set.NewCounter("brummer_telemetry_refused_total"),
	}
}

// observe counts an exchange that has ended.
func (m *proxyMetrics) observe(r *Row) {
	m.seconds.Update(r.Timings.Total.Seconds())
	if r.Failure != (Failure{}) {
		m.failures.Inc()
	}
	if r.Injected {
		m.injected.Inc()
	}
}
