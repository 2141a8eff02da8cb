package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) explainCommand() *cobra.Command {
	var asJSON, all bool
	cmd := &cobra.Command{
		Use:   "explain [FILE|-]",
		Short: "Show what each line of a log is taken for, and why",
		Long: `Reads a log as the output of a process is read, and shows for each line its
level, the matcher that took it, and what is known since then: problems with
their places, stacks, tests, builds, addresses. A level in brackets is not said
by the line; what it comes from is named below it. Lines that mean nothing are left
out unless --all.

The last line, on stderr, counts what was found.

This is how to write a matcher: with --matchers, the problem matchers of those
files are tried as well. It needs no engine.`,
		Example: `  make 2>&1 | brummer-rpc explain
  brummer-rpc explain build.log --matchers matchers.json`,
		Args: takes(0, 1, "one file, or - for standard input"),
		RunE: func(_ *cobra.Command, args []string) error {
			in := io.Reader(p.stdin)
			if len(args) == 1 && args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return &codeError{exitUsage, err}
				}
				defer f.Close()
				in = f
			}
			files, err := engine.ReadMatchers("", p.flags.matchers)
			if err != nil {
				return &codeError{exitUsage, err}
			}
			tally, err := engine.Explain(in, files, func(x engine.Explained) error {
				switch {
				case asJSON:
					return p.printJSON(wire.ExplainedLine(x))
				case !all && x.By == "" && x.Found == nil && (x.Level == "info" || !x.Said):
					return nil
				}
				return p.printExplained(x)
			})
			if err != nil {
				return &codeError{exitUsage, err}
			}
			_, err = fmt.Fprintln(p.stderr, tally.String())
			return err
		},
	}
	f := cmd.Flags()
	f.BoolVar(&all, "all", false, "also the lines that mean nothing")
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (p *program) printExplained(x engine.Explained) error {
	var out strings.Builder
	level := x.Level
	if !x.Said {
		level = "(" + level + ")"
	}
	if x.Line > 0 {
		fmt.Fprintf(&out, "%5d %s %s\n", x.Line, p.paint(fmt.Sprintf("%-7s", level), levelColours[x.Level]), x.Text)
	}
	if why := reason(x); why != "" {
		fmt.Fprintf(&out, "%13s %s\n", "", p.paint(why, "90"))
	}
	for _, f := range x.Found {
		fmt.Fprintf(&out, "%13s %s\n", "", p.paint("= "+f, "36"))
	}
	_, err := p.stdout.WriteString(out.String())
	return err
}

// reason says which matcher took a line, and where a level comes from that the
// line does not say itself.
func reason(x engine.Explained) string {
	assumed := !x.Said && x.Level != "info" && x.Line > 0
	switch {
	case x.By == "continues" && assumed:
		return "belongs to what is above, which makes it " + x.Level
	case x.By == "continues":
		return "belongs to what is above"
	case x.By != "" && assumed:
		return "by " + x.By + ", which makes it " + x.Level
	case x.By != "":
		return "by " + x.By
	case assumed:
		return x.Level + " as the logger's line above it"
	}
	return ""
}
