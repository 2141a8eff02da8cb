package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) signalCommand() *cobra.Command {
	return p.verb(&cobra.Command{
		Use: "signal SIGNAL NAME...", Short: "Send a signal to processes",
		Long: `Sends a signal to processes and to all that they have started: HUP, USR1, INT. To
end one, use "brummer-rpc stop", which waits for the end and sees to it.`,
		Example: `  brummer-rpc signal HUP web`,
		Args:    takes(2, -1, "a signal and the names of processes"), ValidArgsFunction: p.completeSignals,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		return each(args[1:], func(name string) error {
			_, err := ask[wire.Null](ctx, c, "process/signal", wire.SignalParams{ID: name, Signal: args[0]})
			return err
		})
	})
}

func (p *program) completeSignals(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return p.completeProcesses(cmd, args, typed)
	}
	return []string{"HUP", "INT", "TERM", "QUIT", "KILL", "USR1", "USR2"}, cobra.ShellCompDirectiveNoFileComp
}
