package wire

// MetricsParams are those of metrics/get.
type MetricsParams struct {
	Names  []string `json:"names,omitzero"`                         // or prefixes as brummer_logs_*; default: all
	Format string   `json:"format,omitzero" enum:"json|prometheus"` // default json
	Tokens
}

// Metrics are the engine's metrics now.
type Metrics struct {
	Metrics map[string]float64 `json:"metrics,omitzero"` // by name, labels included
	Text    string             `json:"text,omitzero"`    // with format prometheus, instead: its text format
}

// MetricsSubscribeParams are those of metrics/subscribe.
type MetricsSubscribeParams struct {
	IntervalMs *int     `json:"intervalMs,omitzero"` // between two samples; at least 500, default 1000
	Names      []string `json:"names,omitzero"`      // or prefixes as brummer_logs_*; default: all
	Tokens
}

// MetricsSubscribed is the result of metrics/subscribe.
type MetricsSubscribed struct {
	Subscription string `json:"subscription"`
}

// MetricsSample is the params of metrics/sample. A client that is slow gets
// fewer samples, each of the moment at which it was sent.
type MetricsSample struct {
	Subscription string             `json:"subscription"`
	T            int64              `json:"t"`       // ms since the epoch
	Metrics      map[string]float64 `json:"metrics"` // by name, labels included
}

// TrendParams are those of metrics/trend.
type TrendParams struct {
	Name   string `json:"name"`            // of a metric, labels included
	Window *int   `json:"window,omitzero"` // samples, one a second; 5 to 500, default 50
	Tokens
}

// Trend says how a metric has moved lately.
type Trend struct {
	Name         string   `json:"name"`
	Trend        string   `json:"trend" enum:"rising|falling|steady|insufficient"` // insufficient: there are fewer samples than needed
	Significance *float64 `json:"significance"`                                    // the probability of such a difference by chance (Mann-Whitney U test); below 0.05 it is a trend; null if insufficient
	Recent       *float64 `json:"recent"`                                          // median of the last window; null if insufficient
	Previous     *float64 `json:"previous"`                                        // median of the window before; null if insufficient
	Samples      int      `json:"samples"`                                         // that are held
	Needed       int      `json:"needed"`                                          // for two windows
	PerSecond    bool     `json:"perSecond,omitzero"`                              // a counter's (_total): how fast it grows is compared
}

// Gates is the result of metrics/gates.
type Gates struct {
	Gates []Gate `json:"gates"`
}

// Gate is a budget of the running engine, and how it stands.
type Gate struct {
	Name   string  `json:"name"`
	Metric string  `json:"metric"` // whose value is judged
	Value  float64 `json:"value"`
	Limit  float64 `json:"limit"` // it may be this at the most
	Pass   bool    `json:"pass"`
	Reason string  `json:"reason,omitzero"` // why it does not pass
}
