package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) metricsCommand() *cobra.Command {
	var asJSON, gates, prometheus bool
	var trend string
	var window int
	cmd := p.verb(&cobra.Command{
		Use:   "metrics [NAME...]",
		Short: "Show what the engine measures of itself",
		Long: `Prints the engine's metrics, or those of the names; a name may end in *.
docs/metrics.md says what they mean.

--gates judges the engine's budgets instead, with exit code 1 if one is broken.
--trend NAME says whether a metric rises or falls; the engine samples it once a
second from the first such question on, so an answer takes two windows' time.`,
		Example: `  brummer-rpc metrics 'brummer_logs_*'
  brummer-rpc metrics --gates
  brummer-rpc metrics --trend brummer_runtime_heap_live_bytes`,
	}, neverLaunch, func(ctx context.Context, c *client, names []string) error {
		switch {
		case gates:
			return p.showGates(ctx, c, asJSON)
		case trend != "":
			return p.showTrend(ctx, c, wire.TrendParams{Name: trend, Window: &window}, asJSON)
		case prometheus:
			m, err := ask[wire.Metrics](ctx, c, "metrics/get", wire.MetricsParams{Names: names, Format: "prometheus"})
			if err == nil {
				_, err = p.stdout.WriteString(m.Text)
			}
			return err
		}
		return p.showMetrics(ctx, c, names, asJSON)
	})
	f := cmd.Flags()
	f.BoolVar(&gates, "gates", false, "judge the budgets of the running engine")
	f.StringVar(&trend, "trend", "", "whether this metric rises or falls")
	f.IntVar(&window, "window", 50, "with --trend: samples in each of the two windows that are compared")
	f.BoolVar(&prometheus, "prometheus", false, "Prometheus' text format")
	jsonFlag(cmd, &asJSON)
	cmd.MarkFlagsMutuallyExclusive("gates", "trend", "prometheus")
	return cmd
}

func (p *program) showMetrics(ctx context.Context, c *client, names []string, asJSON bool) error {
	m, err := ask[wire.Metrics](ctx, c, "metrics/get", wire.MetricsParams{Names: names})
	if err != nil {
		return err
	}
	if asJSON {
		return p.printJSON(m)
	}
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(m.Metrics)) {
		rows = append(rows, []string{name, strconv.FormatFloat(m.Metrics[name], 'f', -1, 64)})
	}
	return p.table(rows, func(int, int) string { return "" })
}

func (p *program) showTrend(ctx context.Context, c *client, params wire.TrendParams, asJSON bool) error {
	t, err := ask[wire.Trend](ctx, c, "metrics/trend", params)
	if err != nil {
		return err
	}
	if asJSON {
		return p.printJSON(t)
	}
	if t.Significance == nil {
		_, err = fmt.Fprintf(p.stdout, "%s: %d of %d samples so far; one comes each second\n", t.Name, t.Samples, t.Needed)
		return err
	}
	unit := ""
	if t.PerSecond {
		unit = " a second"
	}
	_, err = fmt.Fprintf(p.stdout, "%s is %s: %.6g%s, before %.6g (p = %.3g)\n", t.Name, t.Trend, *t.Recent, unit, *t.Previous, *t.Significance)
	return err
}

// showGates prints how the budgets stand. A broken one is exit code 1.
func (p *program) showGates(ctx context.Context, c *client, asJSON bool) error {
	list, err := ask[wire.Gates](ctx, c, "metrics/gates", wire.None{})
	if err != nil {
		return err
	}
	broken := slices.ContainsFunc(list.Gates, func(g wire.Gate) bool { return !g.Pass })
	if asJSON {
		err = p.printJSON(list)
	} else {
		err = p.printGates(list.Gates)
	}
	if err == nil && broken {
		err = &codeError{code: exitAnswered}
	}
	return err
}

func (p *program) printGates(gates []wire.Gate) error {
	rows := [][]string{{"GATE", "STATE", "VALUE", "LIMIT", "METRIC"}}
	for _, g := range gates {
		state := "kept"
		if !g.Pass {
			state = "BROKEN"
		}
		rows = append(rows, []string{g.Name, state, fmt.Sprintf("%.6g", g.Value), fmt.Sprintf("%.6g", g.Limit), g.Metric})
	}
	err := p.table(rows, func(row, column int) string {
		switch {
		case row == 0:
			return "1"
		case column == 1 && !gates[row-1].Pass:
			return stateColours["failed"]
		}
		return ""
	})
	for _, g := range gates {
		if !g.Pass {
			fmt.Fprintf(p.stderr, "%s: %s\n", g.Name, g.Reason)
		}
	}
	return err
}
