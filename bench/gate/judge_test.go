package gate

import (
	"math/rand/v2"
	"strings"
	"testing"
)

var publish = Gate{Name: "events.publish", Benchmark: "BenchmarkPublish/brummer", Metric: "ns/op", Yardstick: "goroutines", Limit: 0.25}

// rounds makes rounds in which the figure is so many times the yardstick.
func rounds(ratios ...float64) (list []Round) {
	for i, ratio := range ratios {
		yard := 500 + 100*float64(i) // the machine gets slower; that must not matter
		list = append(list, Round{
			"BenchmarkPublish/brummer":    {"ns/op": ratio * yard, "allocs/op": 1},
			"BenchmarkPublish/goroutines": {"ns/op": yard},
		})
	}
	return list
}

func TestJudge(t *testing.T) {
	for name, tt := range map[string]struct {
		rounds []Round
		want   Outcome
		noisy  bool
	}{
		"all keep it":                    {rounds(.1, .12, .1, .2, .25), Pass, false},
		"all break it":                   {rounds(.3, .26, .5, .3, .3), Fail, false},
		"one is slow: again":             {rounds(.1, .1, 2, .1, .1), Again, true},
		"one is quick: again":            {rounds(.3, .3, .1, .3, .3), Again, true},
		"at the end, the median keeps":   {rounds(.1, .1, 2, .1, .1, .1, 3, 4, .1), Pass, true},
		"at the end, the median breaks":  {rounds(.3, .1, .3, .3, .1, .3, .3, .3, .1), Fail, true},
		"no benchmark":                   {[]Round{{}}, Fail, false},
		"no yardstick":                   {[]Round{{"BenchmarkPublish/brummer": {"ns/op": 1}}}, Fail, false},
		"missing in the second round":    {append(rounds(.1), Round{}), Fail, false},
		"a yardstick that took no time":  {[]Round{{"BenchmarkPublish/brummer": {"ns/op": 1}, "BenchmarkPublish/goroutines": {"ns/op": 0}}}, Fail, false},
		"the benchmark has another unit": {[]Round{{"BenchmarkPublish/brummer": {"MB/s": 1}}}, Fail, false},
	} {
		v := Judge(publish, tt.rounds, 9)
		if v.Outcome != tt.want || v.Noisy != tt.noisy {
			t.Errorf("%s: %v, noisy %v", name, v, v.Noisy)
		}
	}
}

// TestNoiseDoesNotFail: on a machine where every third round takes up to ten
// times as long, a figure at half its limit is never failed, and one at twice
// its limit never passes.
func TestNoiseDoesNotFail(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 2000 {
		for ratio, want := range map[float64]Outcome{.125: Pass, .5: Fail} {
			var noisy []float64
			for i := range 15 {
				f := ratio
				if i%3 == n%3 {
					f *= 1 + 9*random.Float64()
				}
				noisy = append(noisy, f)
			}
			v := Judge(publish, rounds(noisy[:5]...), 15)
			if v.Outcome == Again {
				v = Judge(publish, rounds(noisy...), 15)
			}
			if v.Outcome != want {
				t.Fatalf("%g times the yardstick: %v", ratio, v)
			}
		}
	}
}

func TestVerdictNamesBothFigures(t *testing.T) {
	v := Judge(publish, rounds(.5, .5, .5), 3)
	for _, part := range []string{"FAIL", "events.publish", "300 ns/op", "goroutines 600", "0.5 times", "<= 0.25"} {
		if !strings.Contains(v.String(), part) {
			t.Errorf("%q is not in: %s", part, v)
		}
	}
	least := publish
	least.Least, least.Limit = true, .9
	if v := Judge(least, rounds(.95), 1); v.Outcome != Pass || !strings.Contains(v.String(), ">= 0.9") {
		t.Error(v)
	}
	if v := Judge(publish, []Round{{}}, 1); !strings.Contains(v.String(), "missing: there is no benchmark BenchmarkPublish/brummer") {
		t.Error(v)
	}
}
