package rpc

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/monitor"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// How often a client may be sent samples, in ms.
const (
	minInterval     = 500
	defaultInterval = 1000
	maxInterval     = 24 * 60 * 60 * 1000
)

func metricsGet(c *call, p wire.MetricsParams) (wire.Metrics, error) {
	switch p.Format {
	case "", "json":
		values, err := c.metrics(p.Names)
		return wire.Metrics{Metrics: values}, err
	case "prometheus":
		if len(p.Names) > 0 {
			return wire.Metrics{}, invalidParams("/names", "names are for the format json: Prometheus takes all, and chooses itself")
		}
		var text bytes.Buffer
		c.engine.Metrics.WritePrometheus(&text)
		return wire.Metrics{Text: text.String()}, nil
	}
	return wire.Metrics{}, invalidParams("/format", "format must be json or prometheus")
}

// metrics reads those that the names choose; all if there are none. A name that
// chooses nothing is an error, unless it is a prefix.
func (s *session) metrics(names []string) (map[string]float64, error) {
	all := s.engine.Monitor.Read()
	if len(names) == 0 {
		return all, nil
	}
	for i, name := range names {
		if _, ok := all[name]; !ok && !strings.HasSuffix(name, "*") {
			return nil, invalidParams(fmt.Sprintf("/names/%d", i), noMetric(name))
		}
	}
	return chosen(all, names), nil
}

func noMetric(name string) string {
	return fmt.Sprintf("there is no metric %q; metrics/get without names has them all", name)
}

func chosen(all monitor.Values, names []string) map[string]float64 {
	out := map[string]float64{}
	for name, v := range all {
		if slices.ContainsFunc(names, func(want string) bool {
			prefix, open := strings.CutSuffix(want, "*")
			return name == want || open && strings.HasPrefix(name, prefix)
		}) {
			out[name] = v
		}
	}
	return out
}

func metricsTrend(c *call, p wire.TrendParams) (wire.Trend, error) {
	window := monitor.DefaultWindow
	if p.Window != nil {
		window = *p.Window
	}
	if window < monitor.MinWindow || window > monitor.MaxWindow {
		return wire.Trend{}, invalidParams("/window", fmt.Sprintf("window must be between %d and %d", monitor.MinWindow, monitor.MaxWindow))
	}
	if p.Name == "" {
		return wire.Trend{}, missing("name")
	}
	t, known := c.engine.Monitor.Trend(p.Name, window)
	if !known {
		return wire.Trend{}, invalidParams("/name", noMetric(p.Name))
	}
	w := wire.Trend{Name: p.Name, Trend: t.Direction, Samples: t.Samples, Needed: t.Needed, PerSecond: t.PerSecond}
	if t.Direction != monitor.Insufficient {
		w.Significance, w.Recent, w.Previous = &t.P, &t.Recent, &t.Previous
	}
	return w, nil
}

func metricsGates(c *call, _ wire.None) (wire.Gates, error) {
	out := wire.Gates{Gates: []wire.Gate{}}
	for _, v := range c.engine.Monitor.Judge(c.engine.Gates()) {
		out.Gates = append(out.Gates, wire.Gate{
			Name: v.Name, Metric: v.Metric, Value: v.Value, Limit: v.Limit, Pass: v.Pass, Reason: v.Reason,
		})
	}
	return out, nil
}

func metricsSubscribe(c *call, p wire.MetricsSubscribeParams) (wire.MetricsSubscribed, error) {
	interval := defaultInterval
	if p.IntervalMs != nil {
		interval = *p.IntervalMs
	}
	if interval < minInterval || interval > maxInterval {
		return wire.MetricsSubscribed{}, invalidParams("/intervalMs", fmt.Sprintf("intervalMs must be between %d and %d", minInterval, maxInterval))
	}
	if _, err := c.metrics(p.Names); err != nil {
		return wire.MetricsSubscribed{}, err
	}
	s := &metricSub{names: p.Names, interval: time.Duration(interval) * time.Millisecond}
	id, err := c.pump.addMetrics(s, c.request.Call)
	return wire.MetricsSubscribed{Subscription: id}, err
}

func metricsUnsubscribe(c *call, p wire.SubscriptionParams) (wire.Null, error) {
	s, err := c.pump.removeMetrics(p.Subscription)
	if err != nil {
		return wire.Null{}, err
	}
	s.close()
	return wire.Null{}, nil
}

// metricSub is one metrics/subscribe. The newest values are all that counts, so
// there is no queue: they are read when they are sent.
type metricSub struct {
	id       string
	names    []string
	interval time.Duration
	release  func()      // of the monitor
	begun    atomic.Bool // the client knows the id

	mu     sync.Mutex // held while a sample is sent
	due    time.Time
	closed bool
}

// sendSamples sends the samples that are due, and returns when the next one is.
func (p *pump) sendSamples(ctx context.Context, subs []*metricSub) (next time.Duration, err error) {
	next = never
	for _, s := range subs {
		if !s.begun.Load() {
			continue
		}
		wait, err := p.sendSample(ctx, s)
		if err != nil {
			return 0, err
		}
		next = min(next, wait)
	}
	return next, nil
}

func (p *pump) sendSample(ctx context.Context, s *metricSub) (next time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.closed {
		return never, nil
	}
	if wait := s.due.Sub(now); wait > 0 {
		return wait, nil
	}
	s.due = now.Add(s.interval)
	values := map[string]float64(p.engine.Monitor.Read())
	if len(s.names) > 0 {
		values = chosen(values, s.names)
	}
	params, err := wire.Encode(wire.MetricsSample{Subscription: s.id, T: now.UnixMilli(), Metrics: values})
	if err != nil {
		return 0, err
	}
	return s.interval, p.notify(ctx, "metrics/sample", params)
}

// close ends the subscription: nothing of it is sent once this has returned.
func (s *metricSub) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.release()
}
