package main

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) psCommand() *cobra.Command {
	var asJSON bool
	cmd := p.verb(&cobra.Command{
		Use: "ps", Short: "List the workspace's processes", Args: takesNothing,
		Long: `Lists the processes with their state and what it waits for, for how long they have
been so, how often they were started again, and what they use with all that they
have started: cores since the last look, and memory.`,
	}, neverLaunch, func(ctx context.Context, c *client, _ []string) error {
		list, err := ask[wire.ProcessList](ctx, c, "process/list", wire.ListParams{Usage: true})
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(list)
		}
		return p.printProcesses(list.Processes)
	})
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (p *program) printProcesses(list []wire.Process) error {
	if len(list) == 0 {
		p.tellNone("nothing has been started; `brummer-rpc scripts` lists what can be")
		return nil
	}
	now := time.Now()
	rows := [][]string{{"NAME", "STATE", "READY", "PID", "FOR", "RESTARTS", "CPU", "MEM", "COMMAND"}}
	for _, proc := range list {
		rows = append(rows, []string{
			proc.ID, shorten(proc.State+noteOf(proc, now), 60), readiness(proc), number(proc.PID), age(proc, now),
			number(proc.Restarts), cores(proc.CPU), size(proc.RSS), shorten(proc.Command, 60),
		})
	}
	fit(rows, columnsOf(p.stdout))
	return p.table(rows, func(row, column int) string {
		switch {
		case row == 0:
			return "1"
		case column == 0:
			return nameColour(list[row-1].ID)
		case column == 1:
			return stateColours[list[row-1].State]
		case column == 2 && rows[row][column] == "no":
			return "33"
		}
		return ""
	})
}

// fit shortens the last column so that no row is wider than a terminal, whose width
// is 0 if there is none; what is left of a command says at least which one it is.
func fit(rows [][]string, columns int) {
	const least = 12
	taken := 0
	for i := range rows[0][:len(rows[0])-1] {
		widest := 0
		for _, row := range rows {
			widest = max(widest, utf8.RuneCountInString(row[i]))
		}
		taken += widest + 2
	}
	for _, row := range rows {
		if last := len(row) - 1; columns > 0 {
			row[last] = shorten(row[last], max(least, columns-taken))
		}
	}
}

// noteOf is what there is to know besides the state: whom it waits for, how it
// has ended, why it is not as it should be.
func noteOf(proc wire.Process, now time.Time) string {
	var notes []string
	if len(proc.BlockedBy) > 0 {
		notes = append(notes, "waits for "+strings.Join(proc.BlockedBy, ", "))
	}
	if proc.RestartAt != 0 {
		notes = append(notes, "again in "+short(time.UnixMilli(proc.RestartAt).Sub(now)))
	}
	if how := endOf(proc); how != "" {
		notes = append(notes, how)
	}
	if proc.Watched && (proc.State == "failed" || proc.State == "exited") {
		notes = append(notes, "waits for a change")
	}
	if proc.Stale {
		notes = append(notes, "its definition has changed")
	}
	if len(notes) == 0 {
		return ""
	}
	return " (" + strings.Join(notes, "; ") + ")"
}

// readiness is about what runs: yes, no, or why not to rely on it.
func readiness(proc wire.Process) string {
	switch {
	case proc.State != "running":
		return "-"
	case !proc.Ready:
		return "no"
	case proc.Healthy != nil && !*proc.Healthy:
		return "unhealthy"
	}
	return "yes"
}

func number(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

// cores is a share of processor time in percent of one core, as top has it.
func cores(share *float64) string {
	if share == nil {
		return "-"
	}
	return fmt.Sprintf("%.0f%%", 100**share)
}

func size(rss *int64) string {
	if rss == nil {
		return "-"
	}
	const mib = 1 << 20
	switch n := *rss; {
	case n < 10*mib:
		return fmt.Sprintf("%.1fM", float64(n)/mib)
	case n < 10*1024*mib:
		return fmt.Sprintf("%.0fM", float64(n)/mib)
	default:
		return fmt.Sprintf("%.1fG", float64(n)/(1024*mib))
	}
}

// age is for how long a process has been as it is.
func age(proc wire.Process, now time.Time) string {
	since := proc.StartedAt
	if proc.ExitedAt != 0 {
		since = proc.ExitedAt
	}
	if since == 0 {
		return "-"
	}
	return short(now.Sub(time.UnixMilli(since)))
}

func short(d time.Duration) string {
	d = max(0, d)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	}
	return fmt.Sprintf("%dh%dm", int(d.Hours()), int(d.Minutes())%60)
}
