package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// run is the kept run that docs/performance.md was made from.
const run = "../baselines/report.txt"

func figures(t *testing.T) Figures {
	t.Helper()
	in, err := os.Open(run)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	f, err := ReadFigures(in)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestReportIsOfTheKeptRun: docs/performance.md has the table that the kept run
// makes, so neither can be changed alone.
func TestReportIsOfTheKeptRun(t *testing.T) {
	rows, err := LoadRows("../projections.toml")
	if err != nil {
		t.Fatal(err)
	}
	var table1 strings.Builder
	if err := table(&table1, rows, figures(t)); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	for row := range strings.Lines(table1.String()) {
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/performance.md lacks %s(make bench-report)", row)
		}
	}
}

// TestWrite: the page and its diagrams are written, and a run without a figure
// is refused by the figure's name.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	o := Options{Run: run, Rows: "../projections.toml", Out: filepath.Join(dir, "performance.md"), Machine: "a machine", Date: "today", Commit: "abc"}
	if err := Write(o); err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string]string{
		"performance.md": "a machine", "performance/events.svg": "<svg", "performance/rows.svg": "<svg",
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(text), part) {
			t.Errorf("%s: %v", name, err)
		}
	}
	o.Run = filepath.Join(dir, "empty.txt")
	if err := os.WriteFile(o.Run, []byte("PASS\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Write(o); err == nil || !strings.Contains(err.Error(), "BenchmarkEventLatency/rate=265/brummer") {
		t.Errorf("a run without figures: %v", err)
	}
}

func TestImprovement(t *testing.T) {
	for _, tt := range []struct {
		before, now float64
		want        string
	}{
		{300, 100, "3.00x better"},
		{100, 300, "3.00x worse"},
		{100, 105, "as before"},
		{105, 100, "as before"},
		{3, 0, "none any more"},
		{0, 3, "worse: before there was none"},
		{0, 0, "the same"},
		{12345, 100, "123x better"},
	} {
		if got := (Row{}).improvement(tt.before, tt.now); got != tt.want {
			t.Errorf("%v -> %v: %s, want %s", tt.before, tt.now, got, tt.want)
		}
	}
}

// TestVerdict: a projection is a figure and a ratio, and what is better may be more.
func TestVerdict(t *testing.T) {
	for _, tt := range []struct {
		seed, projected float64
		more            bool
		before, now     float64
		want            string
	}{
		{400, 100, false, 300, 50, "reached"},
		{400, 100, false, 150, 50, "the figure is reached, the ratio (4.00x) is not"},
		{400, 100, false, 60, 50, "the figure is reached, but before reaches it here, too"},
		{400, 100, false, 800, 200, "the ratio (4.00x) is reached, the figure is not"},
		{400, 100, false, 300, 200, "missed (4.00x)"},
		{45, 5, false, 0, 0, "the figure is reached, but before reaches it here, too"},
		{45, 5, false, 3, 0, "reached"},
		{1000, 5000, true, 1000, 6000, "reached"},
		{1000, 5000, true, 1000, 2000, "missed (5.00x)"},
		{100, 100, false, 90, 80, "reached"},
		{100, 100, false, 90, 110, "missed (1.00x)"},
	} {
		r := Row{Seed: &tt.seed, Projected: &tt.projected, More: tt.more}
		if got := r.verdict(tt.before, tt.now); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
	if got := (Row{}).verdict(1, 2); got != "" {
		t.Errorf("without a projection: %s", got)
	}
}

func TestQuantity(t *testing.T) {
	for want, q := range map[string]struct {
		v      float64
		metric string
	}{
		"24 ms": {24e6, "ns/op"}, "2.3 s": {2_300_000, "recovery-us"}, "2.3 ms": {2300, "start-us"}, "387 ns": {387, "ns/op"}, "1.5 KiB": {1536, "B/op"},
		"0.19 %": {0.19, "blocked-%"}, "12.5 million": {12.5e6, "events/s"}, "97 %": {97, "fast-%"}, "3": {3, "allocs/op"}, "2.5": {2.5, "GCs/1000s"},
	} {
		if got := quantity(q.v, q.metric); got != want {
			t.Errorf("%v %s: %s, want %s", q.v, q.metric, got, want)
		}
	}
}
