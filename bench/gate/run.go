package gate

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Runner measures and judges gates.
type Runner struct {
	Dir    string        // the folder of the benchmarks: bench; a gate may name another
	Rounds int           // to begin with
	Most   int           // if the rounds don't agree
	Time   time.Duration // per benchmark and round
	Out    io.Writer     // verdicts and progress
	Raw    io.Writer     // the benchmarks' own output, for compare; nil for none
}

// Run judges the gates and reports how many failed. Gates of one benchmark
// function are measured together: their set-up is paid once, and subject and
// yardstick run within the same second.
func (r Runner) Run(ctx context.Context, gates []Gate) (failed []Verdict, err error) {
	dir, err := os.MkdirTemp("", "gates")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintln(r.Out, "building the benchmarks")
	binaries, err := r.build(ctx, dir, gates)
	if err != nil {
		return nil, err
	}
	groups := group(gates)
	for i, g := range groups {
		fmt.Fprintf(r.Out, "[%d/%d] %s\n", i+1, len(groups), function(g[0].Benchmark))
		for _, v := range r.judge(ctx, binaries[g[0].In], g) {
			r.tell(v)
			if v.Outcome == Fail && !v.Gate.Info {
				failed = append(failed, v)
			}
		}
		if ctx.Err() != nil {
			return failed, ctx.Err()
		}
	}
	return failed, nil
}

// build compiles the benchmarks of each folder that the gates name.
func (r Runner) build(ctx context.Context, dir string, gates []Gate) (binaries map[string]string, err error) {
	binaries = map[string]string{}
	for _, g := range gates {
		if binaries[g.In] != "" {
			continue
		}
		binary := filepath.Join(dir, fmt.Sprintf("bench%d.test", len(binaries)))
		cmd := exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, ".")
		cmd.Dir = filepath.Join(r.Dir, g.In)
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building the benchmarks in %s: %w\n%s", cmd.Dir, err, out)
		}
		binaries[g.In] = binary
	}
	return binaries, nil
}

// judge measures the gates of one function until each has its verdict.
func (r Runner) judge(ctx context.Context, binary string, gates []Gate) []Verdict {
	verdicts := make([]Verdict, len(gates))
	var rounds []Round
	for open := gates; len(open) > 0; {
		round, err := r.measure(ctx, binary, open)
		if err != nil {
			return failAll(gates, err)
		}
		if rounds = append(rounds, round); len(rounds) < r.Rounds {
			continue
		}
		open = nil
		for i, g := range gates {
			if verdicts[i].Outcome != Again {
				continue
			}
			if verdicts[i] = Judge(g, rounds, r.Most); verdicts[i].Outcome == Again {
				open = append(open, g)
			}
		}
	}
	return verdicts
}

// failAll is for benchmarks that would not run at all: no figure is a failure.
func failAll(gates []Gate, err error) (verdicts []Verdict) {
	for _, g := range gates {
		verdicts = append(verdicts, Verdict{Gate: g, Outcome: Fail, Err: err})
	}
	return verdicts
}

// measure runs one round.
func (r Runner) measure(ctx context.Context, binary string, gates []Gate) (Round, error) {
	var names []string
	for _, g := range gates {
		names = append(names, g.benchmarks()...)
	}
	all := Round{}
	for _, f := range byFunction(names) {
		cmd := exec.CommandContext(ctx, binary, "-test.run", "^$", "-test.bench", pattern(f), "-test.benchmem", "-test.benchtime", r.Time.String())
		cmd.Dir = filepath.Join(r.Dir, gates[0].In)
		out, err := cmd.CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", cmd, err, out)
		}
		if r.Raw != nil {
			r.Raw.Write(out)
		}
		round, err := Read(bytes.NewReader(out))
		if err != nil {
			return nil, err
		}
		for name, values := range round {
			all[name] = values
		}
	}
	return all, nil
}

func (r Runner) tell(v Verdict) {
	fmt.Fprintln(r.Out, "  "+v.String())
	if v.Outcome == Fail && !v.Gate.Info {
		fmt.Fprintf(r.Out, "        why it matters: %s\n        alone: %s\n", v.Gate.Why, v.Gate.Alone())
	}
}

// Alone is the command that repeats a gate by itself, in the project's root.
func (g Gate) Alone() string {
	return fmt.Sprintf("go run ./bench/cmd/gates -run '^%s$'", g.Name)
}

// group puts gates of the same benchmark function together, in the file's order;
// a function's name stands for one folder.
func group(gates []Gate) (groups [][]Gate) {
	at := map[string]int{}
	for _, g := range gates {
		f := function(g.Benchmark)
		i, ok := at[f]
		if !ok {
			i = len(groups)
			at[f] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], g)
	}
	return groups
}

func byFunction(names []string) (out [][]string) {
	at := map[string]int{}
	for _, n := range unique(names) {
		i, ok := at[function(n)]
		if !ok {
			i = len(out)
			at[function(n)] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], n)
	}
	return out
}

// function is the benchmark function of a whole name.
func function(name string) string {
	f, _, _ := strings.Cut(name, "/")
	return f
}
