package monitor

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

func newMonitor() (*Monitor, *metrics.Counter) {
	set := metrics.NewSet()
	return New(set), set.NewCounter("brummer_test_things_total")
}

// TestSamplesOnlyWhileAsked: nothing runs before the first question; a question
// keeps it going for ten minutes, a hold for longer; what comes after a pause is
// not compared with what was before it. A sampler that has not ended fails the
// bubble.
func TestSamplesOnlyWhileAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, _ := newMonitor()
		time.Sleep(time.Hour)
		if m.Sampling() {
			t.Fatal("it samples unasked")
		}
		samples := func() int {
			m.mu.Lock()
			defer m.mu.Unlock()
			return m.history["brummer_test_things_total"].count
		}
		m.Touch()
		if samples() != 1 {
			t.Errorf("%d samples at the first question, want 1", samples())
		}
		time.Sleep(5*time.Minute + time.Second/2)
		if samples() != 301 {
			t.Errorf("%d samples after five minutes", samples())
		}
		m.Touch()
		time.Sleep(Linger - time.Second)
		if !m.Sampling() {
			t.Error("it has stopped less than ten minutes after the last question")
		}
		time.Sleep(2 * time.Second)
		if m.Sampling() {
			t.Error("it goes on for more than ten minutes")
		}
		release := m.Hold()
		if samples() != 1 {
			t.Errorf("%d samples after a pause, want 1", samples())
		}
		time.Sleep(3 * Linger)
		if !m.Sampling() {
			t.Error("it has stopped while it is held")
		}
		release()
		release()
		time.Sleep(Linger + 2*time.Second)
		if m.Sampling() {
			t.Error("it goes on after the hold")
		}
		m.Touch()
		m.Close()
		m.Close()
		if m.Touch(); m.Sampling() {
			t.Error("it samples after Close")
		}
	})
}

func TestHistoryKeepsTheNewest(t *testing.T) {
	h := history{}
	for i := range Kept + 10 {
		h.add(time.UnixMilli(int64(i)), Values{"x": float64(i)})
	}
	at, values := h["x"].last(2 * Kept)
	if len(values) != Kept || values[0] != 10 || values[Kept-1] != Kept+9 || at[0] != 10 {
		t.Errorf("%d samples from %v at %v to %v", len(values), values[0], at[0], values[len(values)-1])
	}
}

func TestParse(t *testing.T) {
	got := parse([]byte("# HELP x\na 1\nb{le=\"0 1\"} 2.5e3\nbad\nc NaN\nd +Inf\n\ne -1\n"))
	want := Values{"a": 1, `b{le="0 1"}`: 2500, "e": -1}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s: %v, want %v", name, got[name], v)
		}
	}
}

// TestRuntime: everything that is asked of the runtime is there in this version
// of Go.
func TestRuntime(t *testing.T) {
	m, _ := newMonitor()
	runtime.GC()
	values := m.Read()
	for _, name := range m.set.ListMetricNames() {
		if _, ok := values[name]; !ok {
			t.Errorf("%s has no value", name)
		}
	}
	for _, name := range []string{"brummer_runtime_goroutines", "brummer_runtime_heap_live_bytes", "brummer_runtime_gc_cycles_total", "brummer_runtime_gc_pause_p99_seconds"} {
		if values[name] <= 0 {
			t.Errorf("%s is %v", name, values[name])
		}
	}
}

func TestJudge(t *testing.T) {
	m, things := newMonitor()
	defer m.Close()
	things.Set(7)
	gates := []Gate{
		{Name: "kept", Metric: "brummer_test_things_total", Limit: Fixed(7)},
		{Name: "broken", Metric: "brummer_test_things_total", Limit: Fixed(6), Why: "too many"},
		{Name: "missing", Metric: "brummer_test_nothing", Limit: Fixed(6)},
		{Name: "relative", Metric: "brummer_test_things_total", Limit: func(v Values) float64 { return v["brummer_test_things_total"] - 1 }},
	}
	for i, want := range []Verdict{
		{Value: 7, Limit: 7, Pass: true},
		{Value: 7, Limit: 6, Reason: "brummer_test_things_total is 7, over 6: too many"},
		{Limit: 6, Reason: "there is no metric brummer_test_nothing"},
		{Value: 7, Limit: 6, Reason: "brummer_test_things_total is 7, over 6: "},
	} {
		got := m.Judge(gates)[i]
		if got.Value != want.Value || got.Limit != want.Limit || got.Pass != want.Pass || got.Reason != want.Reason {
			t.Errorf("%s: %+v", gates[i].Name, got)
		}
	}
}
