package events

import "github.com/VictoriaMetrics/metrics"

// register puts the pool's figures into set. All of them exist as state, so they
// cost nothing until somebody reads them.
func (p *Pool) register(set *metrics.Set) {
	if set == nil {
		return
	}
	for name, read := range map[string]func() float64{
		"brummer_events_published_total":   func() float64 { return float64(p.ring.next - 1) },
		"brummer_events_delivered_total":   func() float64 { return float64(p.delivered) },
		"brummer_events_lost_total":        func() float64 { return float64(p.gaps) },
		"brummer_events_undelivered_total": func() float64 { return float64(p.undelivered) },
		"brummer_events_panics_total":      func() float64 { return float64(p.panics) },
		"brummer_events_refused_total":     func() float64 { return float64(p.refused) },
		"brummer_events_held":              func() float64 { return float64(p.ring.next - p.ring.first) },
		"brummer_events_held_bytes":        func() float64 { return float64(p.ring.bytes) },
		"brummer_events_handlers":          func() float64 { return float64(len(p.handlers)) },
	} {
		set.NewGauge(name, func() float64 {
			p.mu.Lock()
			defer p.mu.Unlock()
			return read()
		})
	}
}
