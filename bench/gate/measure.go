package gate

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// Round is what one run of the benchmarks has measured: name -> unit -> value.
type Round map[string]map[string]float64

// Read takes a round from what `go test -bench` prints. Of a benchmark that is
// there several times the last counts.
func Read(r io.Reader) (Round, error) {
	samples, err := ReadSamples(r)
	round := Round{}
	for name, units := range samples {
		round[name] = map[string]float64{}
		for unit, values := range units {
			round[name][unit] = values[len(values)-1]
		}
	}
	return round, err
}

// Samples is what several runs have measured: name -> unit -> a value for each.
type Samples map[string]map[string][]float64

// ReadSamples takes everything from what `go test -bench` prints.
func ReadSamples(r io.Reader) (Samples, error) {
	samples := Samples{}
	in := benchfmt.NewReader(r, "go test")
	for in.Scan() {
		res, ok := in.Result().(*benchfmt.Result)
		if !ok {
			continue // a line that is no measurement; what is missing is found out later
		}
		name := "Benchmark" + withoutCores(res.Name.String())
		if samples[name] == nil {
			samples[name] = map[string][]float64{}
		}
		for _, v := range res.Values {
			unit, value := v.Unit, v.Value
			if v.OrigUnit != "" { // benchfmt turns ns/op into sec/op
				unit, value = v.OrigUnit, v.OrigValue
			}
			samples[name][unit] = append(samples[name][unit], value)
		}
	}
	return samples, in.Err()
}

var cores = regexp.MustCompile(`-\d+$`)

func withoutCores(name string) string { return cores.ReplaceAllString(name, "") }

// figure is the gate's figure in this round, and that of its yardstick (1 if
// it has none).
func (g Gate) figure(r Round) (value, yard float64, err error) {
	if value, err = r.value(g.Benchmark, g.Metric); err != nil {
		return 0, 0, err
	}
	if g.Yardstick == "" {
		return value, 1, nil
	}
	if yard, err = r.value(g.yardstick(), g.Metric); err != nil {
		return 0, 0, err
	}
	if yard == 0 {
		return 0, 0, fmt.Errorf("the yardstick %s has %s = 0", g.yardstick(), g.Metric)
	}
	return value, yard, nil
}

func (r Round) value(name, unit string) (float64, error) {
	values, ok := r[name]
	if !ok {
		return 0, fmt.Errorf("missing: there is no benchmark %s in the run", name)
	}
	v, ok := values[unit]
	if !ok {
		var have []string
		for u := range values {
			have = append(have, u)
		}
		return 0, fmt.Errorf("missing: %s does not report %s (it has %s)", name, unit, strings.Join(have, ", "))
	}
	return v, nil
}

// pattern is the argument of -bench that runs exactly these benchmarks, which
// have their top-level function in common. Levels are joined one by one, since
// that is how go test matches: where names differ in two levels it may run a
// few more than asked for.
func pattern(names []string) string {
	var levels [][]string
	for _, name := range names {
		for i, part := range strings.Split(name, "/") {
			if i == len(levels) {
				levels = append(levels, nil)
			}
			levels[i] = append(levels[i], regexp.QuoteMeta(part))
		}
	}
	var out []string
	for _, parts := range levels {
		out = append(out, "^("+strings.Join(unique(parts), "|")+")$")
	}
	return strings.Join(out, "/")
}

func unique(list []string) (out []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			out = append(out, s)
		}
		seen[s] = true
	}
	return out
}
