package monitor

import (
	"slices"
	"strings"

	"golang.org/x/perf/benchmath"
)

// Directions of a [Trend].
const (
	Rising       = "rising"
	Falling      = "falling"
	Steady       = "steady"       // the windows do not differ more than by chance
	Insufficient = "insufficient" // too few samples to say
)

// Windows that a trend may have, in samples.
const (
	MinWindow     = 5 // below, not even windows that are quite apart differ significantly
	DefaultWindow = 50
	MaxWindow     = Kept / 2
)

// alpha is how unlikely a difference must be to be more than chance.
const alpha = 0.05

// Trend compares the newest samples of a metric with those before them.
type Trend struct {
	Direction string
	P         float64 // probability of such a difference by chance; 1 if insufficient
	Recent    float64 // median of the last window
	Previous  float64 // median of the window before
	Samples   int     // that are held
	Needed    int     // for two windows
	PerSecond bool    // it is a counter: its growth is compared, not its value
}

// Trend compares the last window of samples with the window before. Counters
// (names that end in _total) are compared by how fast they grow, since they
// always do. known reports whether there is a metric of this name.
//
// The test is the Mann-Whitney U test, which assumes no distribution, as
// golang.org/x/perf/benchmath has it (H. B. Mann and D. R. Whitney, "On a test of
// whether one of two random variables is stochastically larger than the other",
// 1947). Neighbouring samples of an engine resemble each other more than it
// supposes, so a trend just under its level of 0.05 may be a mood of the minute.
func (m *Monitor) Trend(name string, window int) (t Trend, known bool) {
	m.Touch()
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.history[name]
	if s == nil {
		return Trend{}, false
	}
	t = Trend{Direction: Insufficient, P: 1, Samples: min(s.count, Kept), Needed: 2 * window}
	at, values := s.last(2*window + 1)
	if strings.HasSuffix(family(name), "_total") {
		t.PerSecond = true
		t.Needed++
		values = rates(at, values)
	} else if len(values) > 2*window {
		values = values[1:]
	}
	if len(values) < 2*window {
		return t, true
	}
	c := Compare(values[:window], values[window:])
	t.Direction, t.P, t.Recent, t.Previous = c.Direction, c.P, c.Recent, c.Previous
	return t, true
}

// family is a metric's name without labels.
func family(name string) string {
	f, _, _ := strings.Cut(name, "{")
	return f
}

// Compare says how recent values differ from those before, by the same test.
// There must be [MinWindow] of each.
func Compare(previous, recent []float64) (t Trend) {
	t.Direction, t.P = Insufficient, 1
	if len(previous) < MinWindow || len(recent) < MinWindow {
		return t
	}
	t.Previous, t.Recent = median(previous), median(recent)
	a := benchmath.NewSample(slices.Clone(previous), &benchmath.DefaultThresholds) // it sorts in place
	b := benchmath.NewSample(slices.Clone(recent), &benchmath.DefaultThresholds)
	t.P = min(1, benchmath.AssumeNothing.Compare(a, b).P)
	switch {
	case t.P >= alpha:
		t.Direction = Steady
	case t.Recent > t.Previous || t.Recent == t.Previous && mean(recent) > mean(previous):
		t.Direction = Rising
	default:
		t.Direction = Falling
	}
	return t
}

func median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

func mean(values []float64) (m float64) {
	for _, v := range values {
		m += v / float64(len(values))
	}
	return m
}
