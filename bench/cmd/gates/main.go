// Command gates judges bench/gates.toml: it runs the benchmarks that the gates
// name and exits with 1 if a figure breaks its limit, is missing, or can't be
// measured. Run it in the project's root.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"time"

	"github.com/brummer-rpc/brummer-rpc/bench/gate"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

type options struct {
	file, run, save string
	short, list     bool
}

func run(args []string, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("gates", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.file, "file", "bench/gates.toml", "the gates")
	flags.StringVar(&o.run, "run", "", "only the gates whose name matches this regular expression")
	flags.StringVar(&o.save, "save", "", "write the benchmarks' output to this file, for benchstat")
	flags.BoolVar(&o.short, "short", false, "CI's settings: fewer and shorter rounds, without the long gates")
	flags.BoolVar(&o.list, "list", false, "list the gates and measure nothing")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := judge(ctx, o, stdout); err != nil {
		fmt.Fprintln(stderr, "gates:", err)
		return 1
	}
	return 0
}

func judge(ctx context.Context, o options, out io.Writer) error {
	all, err := gate.Load(o.file)
	if err != nil {
		return err
	}
	gates, err := choose(all, o, out)
	if err != nil {
		return err
	}
	if o.list {
		for _, g := range gates {
			fmt.Fprintf(out, "%s\n    %s, %s\n    %s\n", g.Name, g.Benchmark, g.Metric, g.Why)
		}
		return nil
	}
	r := gate.Runner{Dir: "bench", Rounds: 5, Most: 15, Time: 200 * time.Millisecond, Out: out}
	if o.short {
		r.Rounds, r.Most, r.Time = 3, 7, 50*time.Millisecond
	}
	if o.save != "" {
		f, err := os.Create(o.save)
		if err != nil {
			return err
		}
		defer f.Close()
		r.Raw = f
	}
	failed, err := r.Run(ctx, gates)
	if err != nil {
		return err
	}
	if len(failed) > 0 {
		return fmt.Errorf("%d of %d gates failed", len(failed), len(gates))
	}
	fmt.Fprintf(out, "all %d gates keep their limits\n", len(gates))
	return nil
}

// choose leaves out what was not asked for or can't be measured here, and says
// which.
func choose(all []gate.Gate, o options, out io.Writer) (gates []gate.Gate, err error) {
	want, err := regexp.Compile(o.run)
	if err != nil {
		return nil, fmt.Errorf("-run: %w", err)
	}
	for _, g := range all {
		switch {
		case !want.MatchString(g.Name):
		case o.short && g.Long:
			fmt.Fprintf(out, "left out: %s is long; %s\n", g.Name, g.Alone())
		case g.Needs != "" && missing(g.Needs):
			fmt.Fprintf(out, "left out: %s needs %s, which is not here\n", g.Name, g.Needs)
		default:
			gates = append(gates, g)
		}
	}
	if len(gates) == 0 {
		return nil, fmt.Errorf("no gate to judge: -run %q chooses among %d", o.run, len(all))
	}
	return gates, nil
}

func missing(program string) bool {
	_, err := exec.LookPath(program)
	return err != nil
}
