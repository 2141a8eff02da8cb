package main

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) attachCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "attach NAME",
		Short: "Type into a process and see what it prints",
		Long: `Shows the newest lines of a process and all that it prints from now on, as it
prints it, and gives it what is typed. If the process has a terminal (--stdio pty),
it gets every key, and Ctrl-] leaves; else it gets lines, and Ctrl-C leaves. The
process goes on. If it ends, the exit code is its own.`,
		Example: `  brummer-rpc start --name repl --stdio pty -- node
  brummer-rpc attach repl`,
		Args: takes(1, 1, "the name of one process"), ValidArgsFunction: p.completeProcesses,
		RunE: func(cmd *cobra.Command, args []string) error { return p.attach(cmd.Context(), args[0]) },
	}
}

// recentLines is what is shown of what was there before.
const recentLines = 10

func (p *program) attach(ctx context.Context, name string) error {
	c, ctx, err := p.console(ctx, neverLaunch)
	if err != nil {
		return err
	}
	defer c.close()
	c.ended = c.leave
	if err := c.ask(ctx, "process/status", wire.ID{ID: name}, &c.proc); err != nil {
		return err
	}
	switch {
	case len(c.proc.Replicas) > 0:
		return &codeError{exitUsage, fmt.Errorf("%s has replicas: attach to one of them, such as %s", name, c.proc.ID)}
	case !active(c.proc):
		return &codeError{exitAnswered, fmt.Errorf("%s: `brummer-rpc logs %s` shows what it has printed", sentence(c.proc), name)}
	}
	if isTerminal(p.stdin) {
		key := "Ctrl-C"
		if c.proc.Stdio == "pty" {
			key = "Ctrl-]"
		}
		p.logf("attached to %s; %s leaves it", name, key)
	}
	proc, err := c.join(ctx, map[string]int{"tail": recentLines})
	switch {
	case ctx.Err() != nil:
		return cmp.Or[error](writeFailure(ctx), &codeError{code: p.exitCode()})
	case err != nil:
		return err
	}
	return &codeError{codeOf(proc), fmt.Errorf("%s", sentence(proc))}
}
