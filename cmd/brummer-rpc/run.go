package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) runCommand() *cobra.Command {
	var start wire.StartParams
	var flags startFlags
	cmd := &cobra.Command{
		Use:   "run [SCRIPT | -- PROGRAM ARG...]",
		Short: "Run one thing here, as if without brummer-rpc, and keep what it prints",
		Long: `Starts a script or a program as "brummer-rpc start" does, prints what it prints,
gives it what comes in on stdin, and ends with its exit code (128 plus the number
of a signal). It waits for who reads what it prints, as in a pipe. On a terminal it
has a terminal. Ctrl-C stops it, with everything it has started; a second Ctrl-C
kills. If it has the keys of the terminal, Ctrl-C is for the program, and Ctrl-]
stops it. What it has printed can be searched later.`,
		Example: `  brummer-rpc run test
  brummer-rpc run --env-file .env.staging -- rails console`,
		ValidArgsFunction: p.completeScripts,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.fill(&start, args, cmd.ArgsLenAtDash()); err != nil {
				return &codeError{exitUsage, err}
			}
			if len(args) > 1 && start.Script != "" {
				return &codeError{exitUsage, fmt.Errorf("run is for one thing; `brummer-rpc up` runs several, and a program with its arguments comes behind --: brummer-rpc run -- %s", strings.Join(args, " "))}
			}
			return p.runHere(cmd.Context(), start)
		},
	}
	flags.addWhat(cmd, &start)
	return cmd
}

func (p *program) runHere(ctx context.Context, start wire.StartParams) error {
	c, ctx, err := p.console(ctx, mayLaunch)
	if err != nil {
		return err
	}
	defer c.close()
	if isTerminal(p.stdin) && isTerminal(p.stdout) && start.Stdio == "" {
		start.Stdio = "pty"
	}
	start.Cols, start.Rows = sizeOf(p.stdout)
	if start.Stdio == "pty" {
		start.Cols, start.Rows = max(start.Cols, 1), max(start.Rows, 1)
	}
	if !p.colours() {
		start.Env["NO_COLOR"] = "1" // or the engine would ask for colours
	}
	var now wire.QueryResult
	if err := c.ask(ctx, "logs/query", map[string]int{"tail": 1}, &now); err != nil {
		return err
	}
	err = c.ask(ctx, "process/start", start, &c.proc)
	if id := inHere(err, start.Script, func() (list wire.Scripts, err error) {
		return list, c.ask(ctx, "project/scripts", wire.None{}, &list)
	}); id != "" {
		start.Script = id
		err = c.ask(ctx, "process/start", start, &c.proc)
	}
	if err != nil {
		return err
	}
	c.own = true
	c.ended = func() {
		_ = c.ask(ctx, "process/input", wire.InputParams{ID: c.proc.ID, EOF: true}, nil) // it may have ended
	}
	proc, err := c.join(ctx, now.Next)
	if ctx.Err() != nil {
		stopped := c.stop(context.WithoutCancel(ctx))
		return cmp.Or(writeFailure(ctx), stopped)
	}
	if err != nil {
		return err
	}
	return &codeError{code: codeOf(proc)}
}

// stop stops the process; a second signal kills it. Its last lines are printed.
func (c *console) stop(ctx context.Context) error {
	again := make(chan os.Signal, 1)
	signal.Notify(again, endSignals...)
	defer signal.Stop(again)
	stopped := make(chan error, 1)
	go func() { stopped <- c.ask(ctx, "process/stop", wire.ID{ID: c.proc.ID}, nil) }()
	for {
		select {
		case <-again:
			now := int64(0)
			_ = c.ask(ctx, "process/stop", wire.StopParams{ID: c.proc.ID, GraceMs: &now}, nil)
		case err := <-stopped:
			if err == nil { // its last lines come before the answer
				err = c.ask(ctx, "process/wait", wire.WaitParams{ID: c.proc.ID, For: "stopped"}, nil)
			}
			if code := c.p.exitCode(); code != exitOK {
				return &codeError{code: code}
			}
			return err
		}
	}
}
