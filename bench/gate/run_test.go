package gate

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// runSlowed judges a gate on the benchmarks of testdata/slowed.
func runSlowed(t *testing.T, g Gate) (failed []Verdict, out string) {
	t.Helper()
	var buf bytes.Buffer
	r := Runner{Dir: "testdata/slowed", Rounds: 3, Most: 9, Time: 10 * time.Millisecond, Out: &buf}
	failed, err := r.Run(t.Context(), []Gate{g})
	if err != nil {
		t.Fatal(err)
	}
	return failed, buf.String()
}

// TestSlowedHotPathFails: a gate on a copy of a hot path passes, and fails once
// the copy is slowed. The limit is far from both figures, so a busy machine does
// not decide the test.
func TestSlowedHotPathFails(t *testing.T) {
	g := Gate{Name: "copy", Benchmark: "BenchmarkPublish/brummer", Metric: "ns/op", Yardstick: "goroutine", Limit: 3, Why: "it would be slow"}
	if failed, out := runSlowed(t, g); len(failed) > 0 {
		t.Errorf("the copy as it is fails:\n%s", out)
	}
	t.Setenv("SLOWED", "1")
	failed, out := runSlowed(t, g)
	if len(failed) != 1 || failed[0].Err != nil {
		t.Errorf("the slowed copy does not fail:\n%s", out)
	}
	for _, part := range []string{"FAIL", "copy: ", "ns/op, goroutine ", "why it matters: it would be slow", "alone: go run ./bench/cmd/gates -run '^copy$'"} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is not in:\n%s", part, out)
		}
	}
}

// TestFolder: a gate may name the folder of its benchmark.
func TestFolder(t *testing.T) {
	t.Setenv("NOISE", os.DevNull)
	var buf bytes.Buffer
	r := Runner{Dir: "..", Rounds: 1, Most: 1, Time: time.Millisecond, Out: &buf}
	g := Gate{Name: "there", Benchmark: "BenchmarkPublish/brummer", In: "gate/testdata/slowed", Metric: "allocs/op", Limit: 100, Why: "-"}
	if failed, err := r.Run(t.Context(), []Gate{g}); err != nil || len(failed) > 0 {
		t.Errorf("%v, %v:\n%s", failed, err, buf.String())
	}
	g.In = "gate/testdata/none"
	if _, err := r.Run(t.Context(), []Gate{g}); err == nil || !strings.Contains(err.Error(), "testdata/none") {
		t.Errorf("without such a folder: %v", err)
	}
}

// TestNoisyRunIsRepeated: a figure that breaks its limit in one round of three
// is measured again and passes; one that breaks it in most does not.
func TestNoisyRunIsRepeated(t *testing.T) {
	g := Gate{Name: "noisy", Benchmark: "BenchmarkNoise", Metric: "allocs-held", Limit: 10, Why: "-"}
	for script, fails := range map[string]bool{
		"1 900 1 1 1 1 800 1 1":         false,
		"1 1 1 99 99 99":                false, // clear after three rounds: no more are run
		"1 900 900 900 1 900 900 900 1": true,
		"900 900 900 1 1 1 1 1 1":       true,
	} {
		file := filepath.Join(t.TempDir(), "noise")
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(script, " ", "\n")), 0o666); err != nil {
			t.Fatal(err)
		}
		t.Setenv("NOISE", file)
		if failed, out := runSlowed(t, g); (len(failed) > 0) != fails {
			t.Errorf("rounds %s:\n%s", script, out)
		}
	}
}

// TestWhatIsMissingFails: a benchmark that is not there, a unit that it does not
// report, one that fails.
func TestWhatIsMissingFails(t *testing.T) {
	for _, g := range []Gate{
		{Name: "gone", Benchmark: "BenchmarkGone", Metric: "allocs/op", Limit: 1},
		{Name: "unit", Benchmark: "BenchmarkPublish/brummer", Metric: "parsecs", Limit: 1},
		{Name: "yardstick", Benchmark: "BenchmarkPublish/brummer", Metric: "ns/op", Yardstick: "gone", Limit: 1},
		{Name: "broken", Benchmark: "BenchmarkNoise", Metric: "allocs-held", Limit: 1}, // without NOISE it ends in Fatal
	} {
		if failed, out := runSlowed(t, g); len(failed) != 1 || failed[0].Err == nil {
			t.Errorf("%s does not fail:\n%s", g.Name, out)
		}
	}
}

func TestPattern(t *testing.T) {
	for want, names := range map[string][]string{
		`^(BenchmarkA)$/^(x=1|x=2)$/^(brummer|y\.z)$`: {"BenchmarkA/x=1/brummer", "BenchmarkA/x=1/y.z", "BenchmarkA/x=2/brummer"},
		`^(BenchmarkB)$`: {"BenchmarkB"},
	} {
		if got := pattern(names); got != want {
			t.Errorf("%v: %s, want %s", names, got, want)
		}
	}
}
