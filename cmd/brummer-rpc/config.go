package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) configCommand() *cobra.Command {
	var origin, asJSON bool
	cmd := p.verb(&cobra.Command{
		Use: "config", Short: "Print the configuration as it counts", Args: takesNothing,
		Long: `Prints what the user's own file, the brummer.toml of the workspace and of the
folders below it, the environment and flags say, the later ones winning. With
--origin each value tells where it comes from. Exits with 1 if a file has a
mistake; then the configuration before it counts.`,
		Example: `  brummer-rpc config --origin`,
	}, mayLaunch, func(ctx context.Context, c *client, _ []string) error {
		config, err := ask[wire.Config](ctx, c, "project/config", wire.None{})
		if err != nil {
			return err
		}
		if asJSON {
			err = p.printJSON(config)
		} else {
			err = p.printConfig(config, origin)
		}
		if err == nil && len(config.Issues) > 0 {
			err = &codeError{code: exitAnswered}
		}
		return err
	})
	cmd.Flags().BoolVar(&origin, "origin", false, "tell where each value comes from")
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (p *program) printConfig(config wire.Config, origin bool) error {
	for _, i := range config.Issues {
		p.heard.tell(issueLine(i, ""))
	}
	for _, i := range config.Warnings {
		fmt.Fprintln(p.stderr, issueLine(i, "warning: "))
	}
	if len(config.Values) == 0 && len(config.Issues) == 0 {
		fmt.Fprintln(p.stderr, "nothing is configured; `brummer-rpc init` writes a brummer.toml from what it finds")
	}
	var rows [][]string
	for _, v := range config.Values {
		row := []string{v.Path, "= " + string(v.Value)}
		if origin {
			where := v.File
			if v.Line > 0 {
				where += fmt.Sprintf(":%d:%d", v.Line, v.Column)
			}
			row = slices.Insert(row, 0, where) // first, as values have any length
		}
		rows = append(rows, row)
	}
	return p.table(rows, func(_, column int) string {
		if origin && column == 0 {
			return "90"
		}
		return ""
	})
}

// issueLine is what is wrong in a file as compilers write it.
func issueLine(i wire.ConfigIssue, kind string) string {
	switch {
	case i.File == "":
		return kind + i.Message
	case i.Line == 0:
		return i.File + ": " + kind + i.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s%s", i.File, i.Line, i.Column, kind, i.Message)
}

// defaultSocket is what --socket is without the flag.
func defaultSocket() string {
	if s := engine.UserSocket(userConfig()); s != "" {
		return s
	}
	return "auto"
}
