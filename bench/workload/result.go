package workload

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/monitor"
)

// Result is what a session came to.
type Result struct {
	Options Options
	Took    time.Duration // of the load
	Figures []Figure
	Trends  []Trend
	Checks  []Check
	Points  []Point
}

// Figure is how long something took, in us, and how often it was done.
type Figure struct {
	Name          string
	Count         int
	PerSecond     float64
	P50, P95, P99 float64
}

// Trend is how a figure moved from the first half of the session to the second.
type Trend struct {
	Name string
	monitor.Trend
}

// Check is something that must hold.
type Check struct {
	Name   string
	OK     bool
	Detail string
}

func (r *Result) check(name string, ok bool, detail string) {
	r.Checks = append(r.Checks, Check{name, ok, detail})
}

// OK reports whether all checks hold.
func (r *Result) OK() bool {
	return !slices.ContainsFunc(r.Checks, func(c Check) bool { return !c.OK })
}

// what is measured, in the order of the report: the recorder's name, and for
// people.
var what = [][2]string{
	{"event", "written -> event with the client"},
	{"line", "written -> line with the client"},
	{"process/status", "process/status"},
	{"process/start", "process/start"},
	{"process/wait", "process/wait until exited"},
	{"page", "page fetched"},
}

// watched are the figures whose trend is told. What is before | is the name of
// the metric or of the recorder's figure.
var watched = [][2]string{
	{"event p95 us", "event latency p95, us"},
	{"process/status p95 us", "status p95, us"},
	{"lines", "lines a second"},
	{"brummer_runtime_heap_live_bytes", "live heap, bytes"},
	{"heap besides", "live heap besides what is kept, bytes"},
	{"brummer_runtime_memory_bytes", "memory mapped by Go, bytes"},
	{"brummer_runtime_goroutines", "goroutines"},
	{"brummer_runtime_gc_pause_p99_seconds", "GC pause p99, s"},
}

// result sums up what has been recorded. The first tenth is warming up, and left
// out of the trends.
func (s *session) result() Result {
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	res := Result{Options: s.o, Took: s.o.Duration, Points: s.r.points}
	for _, w := range what {
		if sample := s.r.samples[w[0]]; sample != nil {
			res.Figures = append(res.Figures, Figure{
				Name: w[1], Count: len(sample.all), PerSecond: float64(len(sample.all)) / s.o.Duration.Seconds(),
				P50: quantile(sample.all, .5), P95: quantile(sample.all, .95), P99: quantile(sample.all, .99),
			})
		}
	}
	for _, w := range watched {
		values := series(s.r.points, w[0], s.o.Duration)
		values = values[len(values)/10:]
		half := len(values) / 2
		res.Trends = append(res.Trends, Trend{w[1], monitor.Compare(values[:half], values[half:])})
	}
	return res
}

// series are the values of one figure while the load lasted.
func series(points []Point, name string, load time.Duration) (values []float64) {
	for _, p := range points {
		if v, ok := p.Figures[name]; ok && p.Second <= load.Seconds() {
			values = append(values, v)
		}
	}
	return values
}

// Write writes the result for people, as Markdown.
func (r *Result) Write(w io.Writer) {
	o := r.Options
	fmt.Fprintf(w, "%d processes for %v at %d times the seed's rates: %d lines, %d events, %d status checks and %d pages a second.\n\n",
		Processes, o.Duration, o.Factor, LinesPerSecond*o.Factor, EventsPerSecond*o.Factor, Processes*StatusPerSecond*o.Factor, PagesPerSecond*o.Factor)
	fmt.Fprintf(w, "| | count | a second | p50 us | p95 us | p99 us |\n| --- | ---: | ---: | ---: | ---: | ---: |\n")
	for _, f := range r.Figures {
		fmt.Fprintf(w, "| %s | %d | %.1f | %.0f | %.0f | %.0f |\n", f.Name, f.Count, f.PerSecond, f.P50, f.P95, f.P99)
	}
	fmt.Fprintf(w, "\n| second half against first | trend | p | median, first half | second half |\n| --- | --- | ---: | ---: | ---: |\n")
	for _, t := range r.Trends {
		if t.Direction == monitor.Insufficient {
			fmt.Fprintf(w, "| %s | too few samples | | | |\n", t.Name)
			continue
		}
		fmt.Fprintf(w, "| %s | %s | %.2g | %.6g | %.6g |\n", t.Name, t.Direction, t.P, t.Previous, t.Recent)
	}
	fmt.Fprintln(w)
	for _, c := range r.Checks {
		mark := "ok"
		if !c.OK {
			mark = "WRONG"
		}
		fmt.Fprintf(w, "- %s: %s (%s)\n", mark, c.Name, strings.TrimSpace(c.Detail))
	}
}
