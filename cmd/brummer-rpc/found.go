package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) problemsCommand() *cobra.Command {
	var params wire.ProblemsParams
	var asJSON, clear bool
	limit := 200
	cmd := p.verb(&cobra.Command{
		Use:   "problems [PROCESS]",
		Short: "List the problems that the output tells of",
		Long: `Lists what compilers, linters and crashes say of places in files and what holds
now: FILE:LINE:COLUMN, as editors and terminals open them. The exit code is 0
whatever there is; --json has the counts.`,
		Args: takes(0, 1, "one process at the most"), ValidArgsFunction: p.completeProcesses,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		if len(args) == 1 {
			params.Process = args[0]
		}
		if clear {
			_, err := ask[wire.Null](ctx, c, "problems/clear", wire.ClearProblemsParams{Process: params.Process})
			return err
		}
		params.Limit = &limit
		list, err := ask[wire.ProblemList](ctx, c, "problems/list", params)
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(list)
		}
		return p.printProblems(list)
	})
	f := cmd.Flags()
	f.StringVar(&params.File, "file", "", "only of this file")
	f.StringVar(&params.Severity, "severity", "", "only as serious as this, or more: error, warning, info, hint")
	f.IntVar(&limit, "limit", limit, "problems")
	f.BoolVar(&clear, "clear", false, "forget them instead")
	jsonFlag(cmd, &asJSON)
	return cmd
}

var severityColours = map[string]string{"error": "31", "warning": "33", "info": "36", "hint": "90"}

func (p *program) printProblems(list wire.ProblemList) error {
	var out strings.Builder
	for _, w := range list.Problems {
		fmt.Fprintf(&out, "%s: %s: %s", p.spot(w.Location), p.paint(w.Severity, severityColours[w.Severity]), firstLine(w.Message))
		if w.Code != "" {
			fmt.Fprintf(&out, " [%s]", w.Code)
		}
		fmt.Fprintf(&out, " (%s)\n", p.paint(w.Process, nameColour(w.Process)))
	}
	if _, err := p.stdout.WriteString(out.String()); err != nil {
		return err
	}
	switch {
	case list.More:
		p.tellMore()
	case len(list.Problems) == 0:
		p.tellNone("no problems are known")
	}
	return nil
}

// spot is a location as compilers print it, from 1, relative to the folder that
// the user is in where that is shorter.
func (p *program) spot(at wire.Location) string {
	file := at.File
	if cwd, err := realPath("."); err == nil {
		if rel, err := filepath.Rel(cwd, file); err == nil && len(rel) < len(file) {
			file = rel
		}
	}
	return fmt.Sprintf("%s:%d:%d", file, at.Line+1, at.Character+1)
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

func (p *program) testsCommand() *cobra.Command {
	var params wire.TestsParams
	var asJSON bool
	limit := 200
	cmd := p.verb(&cobra.Command{
		Use: "tests [PROCESS]", Short: "List the last result of each test that the output names",
		Args: takes(0, 1, "one process at the most"), ValidArgsFunction: p.completeProcesses,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		if len(args) == 1 {
			params.Process = args[0]
		}
		params.Limit = &limit
		list, err := ask[wire.TestList](ctx, c, "tests/list", params)
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(list)
		}
		return p.printTests(list)
	})
	f := cmd.Flags()
	f.StringVar(&params.Status, "status", "", "only these: passed, failed, skipped, todo")
	f.IntVar(&limit, "limit", limit, "tests")
	jsonFlag(cmd, &asJSON)
	return cmd
}

var statusColours = map[string]string{"passed": "32", "failed": "31", "skipped": "90", "todo": "90"}

func (p *program) printTests(list wire.TestList) error {
	rows := [][]string{}
	for _, k := range list.Cases {
		at := ""
		if k.Location != nil {
			at = p.spot(*k.Location)
		}
		rows = append(rows, []string{k.Status, k.Name, at, firstLine(k.Message)})
	}
	err := p.table(rows, func(row, column int) string {
		if column == 0 {
			return statusColours[list.Cases[row].Status]
		}
		return ""
	})
	if err != nil {
		return err
	}
	if list.More {
		p.tellMore()
	}
	s := list.Summary
	_, err = fmt.Fprintf(p.stderr, "%d passed, %d failed, %d skipped\n", s.Passed, s.Failed, s.Skipped+s.Todo)
	return err
}

func (p *program) urlsCommand() *cobra.Command {
	var asJSON, links bool
	cmd := p.verb(&cobra.Command{
		Use:   "urls",
		Short: "List the addresses that processes serve",
		Long: `Lists the addresses of this machine that processes serve: verified ones, where a
process listens on the port, and claimed ones, which only the output names.`,
		Args: takesNothing,
	}, neverLaunch, func(ctx context.Context, c *client, _ []string) error {
		list, err := ask[wire.URLList](ctx, c, "urls/list", wire.None{})
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(list)
		}
		rows := [][]string{}
		for _, u := range list.URLs {
			if u.State != "link" || links {
				rows = append(rows, []string{u.URL, u.State, u.Process, u.ProxyURL})
			}
		}
		if len(rows) == 0 {
			p.tellNone("no process serves an address")
		}
		return p.table(rows, func(_, column int) string { return [...]string{"4", "", "", "4"}[column] })
	})
	cmd.Flags().BoolVar(&links, "links", false, "also every other address that the output names")
	jsonFlag(cmd, &asJSON)
	return cmd
}
