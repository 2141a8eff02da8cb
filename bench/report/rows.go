package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/brummer-rpc/brummer-rpc/bench/gate"
)

// Row is an entry of projections.toml.
type Row struct {
	Room      string   `toml:"room"`
	What      string   `toml:"what"`
	Benchmark string   `toml:"benchmark"`
	Before    string   `toml:"before"`
	Metric    string   `toml:"metric"`
	Seed      *float64 `toml:"seed"`
	Projected *float64 `toml:"projected"`
	More      bool     `toml:"more"` // is better
	Note      string   `toml:"note"` // what explains the verdict
}

// LoadRows reads projections.toml; unknown keys are errors.
func LoadRows(path string) ([]Row, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Rows []Row `toml:"row"`
	}
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return file.Rows, nil
}

// before is the whole name of what the row compares with.
func (r Row) before() string {
	if strings.HasPrefix(r.Before, "Benchmark") {
		return r.Before
	}
	return r.Benchmark[:strings.LastIndexByte(r.Benchmark, '/')+1] + r.Before
}

// Figures are the medians of a run.
type Figures struct{ samples gate.Samples }

// ReadFigures reads what `go test -bench` has printed.
func ReadFigures(r io.Reader) (Figures, error) {
	s, err := gate.ReadSamples(r)
	return Figures{s}, err
}

// median of a benchmark's figure; an error names what is missing.
func (f Figures) median(benchmark, metric string) (float64, error) {
	values := f.samples[benchmark][metric]
	if len(values) == 0 {
		return 0, fmt.Errorf("the run has no %s of %s", metric, benchmark)
	}
	return gate.Median(values), nil
}

func times(ratio float64) string {
	switch {
	case ratio >= 100:
		return fmt.Sprintf("%.0fx", ratio)
	case ratio >= 10:
		return fmt.Sprintf("%.1fx", ratio)
	}
	return fmt.Sprintf("%.2fx", ratio)
}

// quantity writes a figure with the unit that suits its size.
func quantity(v float64, metric string) string {
	for _, time := range []string{"publish-ns/event", "ns/op", "ns/event", "ns/line", "p99.9-ns", "blocked-ns"} {
		if metric == time {
			return duration(v)
		}
	}
	switch {
	case strings.HasSuffix(metric, "-us"):
		return duration(v * 1000)
	case strings.HasPrefix(metric, "B/"):
		return size(v)
	case strings.HasSuffix(metric, "-%"):
		return fmt.Sprintf("%.3g %%", v)
	case strings.HasSuffix(metric, "/s") && v >= 1e6:
		return fmt.Sprintf("%.3g million", v/1e6)
	}
	return strings.TrimSuffix(strings.TrimSuffix(fmt.Sprintf("%.1f", v), "0"), ".")
}

func duration(ns float64) string {
	switch {
	case ns >= 1e9:
		return fmt.Sprintf("%.3g s", ns/1e9)
	case ns >= 1e6:
		return fmt.Sprintf("%.3g ms", ns/1e6)
	case ns >= 1e3:
		return fmt.Sprintf("%.3g us", ns/1e3)
	}
	return fmt.Sprintf("%.3g ns", ns)
}

func size(b float64) string {
	switch {
	case b >= 1<<20:
		return fmt.Sprintf("%.3g MiB", b/(1<<20))
	case b >= 1<<10:
		return fmt.Sprintf("%.3g KiB", b/(1<<10))
	}
	return fmt.Sprintf("%.3g B", b)
}
