package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) removeCommand() *cobra.Command {
	return p.verb(&cobra.Command{
		Use: "remove NAME...", Short: "Forget processes that do not run, with their output",
		Args: takes(1, -1, "the names of processes"), ValidArgsFunction: p.completeProcesses,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		return each(args, func(name string) error {
			_, err := ask[wire.Null](ctx, c, "process/remove", wire.ID{ID: name})
			return err
		})
	})
}

func (p *program) clearCommand() *cobra.Command {
	var all bool
	cmd := p.verb(&cobra.Command{
		Use: "clear [--all | NAME...]", Short: "Hide the output that is held of processes",
		ValidArgsFunction: p.completeProcesses,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		if all == (len(args) > 0) {
			return &codeError{exitUsage, fmt.Errorf("clear needs names, or --all")}
		}
		for _, name := range args {
			if _, err := ask[wire.Process](ctx, c, "process/status", wire.ID{ID: name}); err != nil {
				return err // a filter takes any name
			}
		}
		cleared, err := ask[wire.Cleared](ctx, c, "logs/clear", wire.ClearParams{Filter: wire.Filter{Processes: args}})
		if err == nil {
			p.tellNone(count(int(cleared.Lines), "line") + " are hidden")
		}
		return err
	})
	cmd.Flags().BoolVar(&all, "all", false, "of all processes")
	return cmd
}
