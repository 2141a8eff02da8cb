package monitor

import (
	"math/rand/v2"
	"testing"
	"time"
)

// sampled is a monitor that has seen these values of x, one a second. It is
// closed, so that no sample of its own comes in between.
func sampled(name string, values ...float64) *Monitor {
	m, _ := newMonitor()
	m.Close()
	for i, v := range values {
		m.history.add(time.Unix(int64(i), 0), Values{name: v})
	}
	return m
}

func TestTrend(t *testing.T) {
	for name, tt := range map[string]struct {
		metric    string
		values    []float64
		direction string
		recent    float64
	}{
		"rising":                      {"x", []float64{1, 2, 1, 2, 1, 5, 6, 5, 6, 5}, Rising, 5},
		"falling":                     {"x", []float64{5, 6, 5, 6, 5, 1, 2, 1, 2, 1}, Falling, 1},
		"one that is off is no trend": {"x", []float64{1, 1, 1, 1, 1, 1, 1, 900, 1, 1}, Steady, 1},
		"equal":                       {"x", []float64{3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, Steady, 3},
		"only the last two windows":   {"x", []float64{9, 9, 9, 9, 1, 2, 1, 2, 1, 5, 6, 5, 6, 5}, Rising, 5},
		"too few":                     {"x", []float64{1, 2, 1, 2, 1, 5, 6, 5, 6}, Insufficient, 0},
		"a counter grows steadily":    {"x_total", []float64{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100}, Steady, 10},
		"a counter grows faster":      {"x_total", []float64{0, 1, 2, 3, 4, 5, 25, 45, 65, 85, 105}, Rising, 20},
		"a counter: too few":          {"x_total", []float64{0, 1, 2, 3, 4, 5, 25, 45, 65, 85}, Insufficient, 0},
		"a counter with labels":       {`x_total{a="b"}`, []float64{0, 20, 40, 60, 80, 100, 101, 102, 103, 104, 105}, Falling, 1},
	} {
		m := sampled(tt.metric, tt.values...)
		got, known := m.Trend(tt.metric, 5)
		if !known || got.Direction != tt.direction || got.Recent != tt.recent || got.Samples != len(tt.values) {
			t.Errorf("%s: %+v", name, got)
		}
		if significant := got.P < alpha; significant != (got.Direction == Rising || got.Direction == Falling) {
			t.Errorf("%s: p = %v", name, got.P)
		}
	}
	if _, known := sampled("x", 1).Trend("y", 5); known {
		t.Error("a metric that there is not is known")
	}
}

// TestChanceIsNoTrend: of windows from one distribution about one in twenty
// differs significantly, as the level of 0.05 means; of windows that are one
// standard deviation apart nearly all do.
func TestChanceIsNoTrend(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	const runs = 400
	found := map[float64]int{}
	for _, shift := range []float64{0, 1} {
		for range runs {
			var values []float64
			for i := range 2 * DefaultWindow {
				v := random.NormFloat64()
				if i >= DefaultWindow {
					v += shift
				}
				values = append(values, v)
			}
			if trend, _ := sampled("x", values...).Trend("x", DefaultWindow); trend.Direction == Rising {
				found[shift]++
			}
		}
	}
	if found[0] > runs/20 { // rising is half of one in twenty
		t.Errorf("%d of %d equal windows are called rising", found[0], runs)
	}
	if found[1] < runs*95/100 {
		t.Errorf("only %d of %d windows that rise are called so", found[1], runs)
	}
}
