package gate

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Gate is one entry of gates.toml: a figure that a benchmark reports, and the
// limit that it must keep.
type Gate struct {
	Name      string  `toml:"name"`      // unique; the room comes first: events.publish
	Benchmark string  `toml:"benchmark"` // the whole name as `go test` prints it, without the -2 for the cores
	In        string  `toml:"in"`        // the folder of the benchmark's package, seen from the others; "" is theirs
	Metric    string  `toml:"metric"`    // unit of the figure: ns/op, allocs/op, or one of b.ReportMetric
	Yardstick string  `toml:"yardstick"` // a sibling's last name, or a whole name; "" judges the figure itself
	Limit     float64 `toml:"limit"`     // what the figure, or figure/yardstick, may be at the most
	Least     bool    `toml:"least"`     // the limit is a lower one
	Info      bool    `toml:"info"`      // shown beside, fails nothing: an absolute time differs from machine to machine
	Long      bool    `toml:"long"`      // takes too long for CI's short settings
	Needs     string  `toml:"needs"`     // a program that the yardstick runs; the gate is left out, and said so, without it
	Why       string  `toml:"why"`       // what it would mean to a user if it failed
}

// Load reads a file of gates. Unknown keys and contradictions are errors that
// name the place.
func Load(path string) ([]Gate, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Gates []Gate `toml:"gate"`
	}
	err = toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&file)
	if strict, ok := errors.AsType[*toml.StrictMissingError](err); ok {
		return nil, fmt.Errorf("%s: unknown key\n%s", path, strict.String())
	}
	if wrong, ok := errors.AsType[*toml.DecodeError](err); ok {
		return nil, fmt.Errorf("%s: %w\n%s", path, err, wrong.String())
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	seen := map[string]bool{}
	for _, g := range file.Gates {
		if err := g.check(); err != nil {
			return nil, fmt.Errorf("%s: gate %q: %w", path, g.Name, err)
		}
		if seen[g.Name] {
			return nil, fmt.Errorf("%s: there are two gates %q", path, g.Name)
		}
		seen[g.Name] = true
	}
	return file.Gates, nil
}

func (g Gate) check() error {
	switch {
	case g.Name == "" || g.Benchmark == "" || g.Metric == "" || g.Why == "":
		return errors.New("name, benchmark, metric and why are required")
	case !strings.HasPrefix(g.Benchmark, "Benchmark"):
		return fmt.Errorf("benchmark %q does not begin with Benchmark", g.Benchmark)
	case g.Yardstick == "" && isTime(g.Metric) && !g.Info:
		return fmt.Errorf("%s differs from machine to machine: name a yardstick, or mark it info = true", g.Metric)
	case g.yardstick() == g.Benchmark:
		return errors.New("it is its own yardstick")
	}
	return nil
}

func isTime(unit string) bool {
	for _, time := range []string{"ns", "us", "ms"} {
		if strings.HasPrefix(unit, time+"/") || strings.Contains(unit, "-"+time) {
			return true
		}
	}
	return strings.HasSuffix(unit, "MB/s")
}

// yardstick is the whole name of the benchmark to compare with, "" for none.
func (g Gate) yardstick() string {
	if g.Yardstick == "" || strings.HasPrefix(g.Yardstick, "Benchmark") {
		return g.Yardstick
	}
	return g.Benchmark[:strings.LastIndexByte(g.Benchmark, '/')+1] + g.Yardstick
}

// benchmarks are the names that must be measured for the gate.
func (g Gate) benchmarks() []string {
	if y := g.yardstick(); y != "" {
		return []string{g.Benchmark, y}
	}
	return []string{g.Benchmark}
}
