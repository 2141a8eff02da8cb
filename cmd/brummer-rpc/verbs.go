package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// verb makes a command that asks the workspace's engine.
func (p *program) verb(c *cobra.Command, launch launching, run func(ctx context.Context, c *client, args []string) error) *cobra.Command {
	c.RunE = func(cmd *cobra.Command, args []string) error {
		client, err := p.connect(cmd.Context(), launch)
		if err != nil {
			return lost(err)
		}
		defer client.close()
		return run(cmd.Context(), client, args)
	}
	return c
}

func jsonFlag(cmd *cobra.Command, to *bool) {
	cmd.Flags().BoolVar(to, "json", false, "print JSON")
}

func (p *program) scriptsCommand() *cobra.Command {
	var asJSON bool
	cmd := p.verb(&cobra.Command{
		Use: "scripts", Short: "List what can be run in the workspace", Args: takesNothing,
	}, mayLaunch, func(ctx context.Context, c *client, _ []string) error {
		list, err := ask[wire.Scripts](ctx, c, "project/scripts", wire.None{})
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(list)
		}
		return p.printScripts(list)
	})
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (p *program) stopCommand() *cobra.Command {
	var all, asJSON bool
	var signal string
	var grace time.Duration
	cmd := p.verb(&cobra.Command{
		Use: "stop [--all | NAME...]", Short: "Stop processes, with everything they have started",
		ValidArgsFunction: p.completeProcesses,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		if all {
			done := c.wait("stopping all")
			all, err := ask[wire.Processes](ctx, c, "process/stopAll", wire.None{Tokens: progressToken})
			done()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(all)
			}
			return p.printProcesses(all.Processes)
		}
		if len(args) == 0 {
			return &codeError{exitUsage, errors.New("stop needs a name, or --all")}
		}
		return each(args, func(name string) error {
			params := wire.StopParams{ID: name, Signal: signal}
			if grace != 0 {
				ms := grace.Milliseconds()
				params.GraceMs = &ms
			}
			done := c.wait("stopping " + name)
			proc, err := ask[wire.Process](ctx, c, "process/stop", params)
			done()
			return p.tell(proc, err, asJSON)
		})
	})
	jsonFlag(cmd, &asJSON)
	cmd.Flags().BoolVar(&all, "all", false, "stop all of them")
	cmd.Flags().StringVar(&signal, "signal", "", "ask with this signal (default TERM)")
	cmd.Flags().DurationVar(&grace, "grace", 0, "kill after this time (default 5s)")
	return cmd
}

func (p *program) restartCommand() *cobra.Command {
	var asJSON bool
	cmd := p.verb(&cobra.Command{
		Use: "restart NAME...", Short: "Stop processes and start them again", Args: takes(1, -1, "the names of processes"),
		ValidArgsFunction: p.completeProcesses,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		return each(args, func(name string) error {
			done := c.wait("restarting " + name)
			proc, err := ask[wire.Process](ctx, c, "process/restart", wire.ID{ID: name})
			done()
			return p.tell(proc, err, asJSON)
		})
	})
	jsonFlag(cmd, &asJSON)
	return cmd
}

// each does all of them, as long as there is an engine that answers, and returns
// all errors; the exit code is that of the first.
func each(names []string, do func(string) error) error {
	var all []error
	for _, name := range names {
		err := do(name)
		all = append(all, err)
		if coded, ok := errors.AsType[*codeError](err); err != nil && (!ok || coded.code != exitAnswered && coded.code != exitTimeout) {
			break
		}
	}
	return errors.Join(all...)
}

// tell prints what a process has become.
func (p *program) tell(proc wire.Process, err error, asJSON bool) error {
	if err != nil {
		return err
	}
	if asJSON {
		return p.printJSON(proc)
	}
	_, err = fmt.Fprintln(p.stdout, sentence(proc))
	return err
}

func (p *program) waitCommand() *cobra.Command {
	var goal string
	var timeout time.Duration
	var asJSON, itsCode bool
	cmd := p.verb(&cobra.Command{
		Use: "wait NAME...", Short: "Wait until processes have ended, or are ready", Args: takes(1, -1, "the names of processes"),
		Long: `Waits for one process after the other, and says how each is then. A failure that was
waited for is no failure of the wait: the exit code is 0, unless --exit-code asks
for that of the process.`,
		Example: `  brummer-rpc wait build --for=exited --timeout 2m
  brummer-rpc wait build --exit-code && ./deploy
  brummer-rpc wait db web --for=ready`,
		ValidArgsFunction: p.completeProcesses,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		code := exitOK
		err := each(args, func(name string) error {
			done := c.wait(name + " is not " + goal)
			proc, err := ask[wire.Process](ctx, c, "process/wait", wire.WaitParams{
				ID: name, For: goal, TimeoutMs: timeout.Milliseconds(), Tokens: progressToken,
			})
			done()
			if err == nil && itsCode && !active(proc) && code == exitOK {
				code = codeOf(proc)
			}
			return p.tell(proc, err, asJSON)
		})
		if err == nil && code != exitOK {
			err = &codeError{code: code}
		}
		return err
	})
	cmd.Flags().BoolVar(&itsCode, "exit-code", false, "end with the exit code of the process, 128 and more for a signal; of several, the first that is not 0")
	cmd.Flags().StringVar(&goal, "for", "exited", "running, ready, exited or stopped")
	cmd.RegisterFlagCompletionFunc("for", cobra.FixedCompletions([]string{"running", "ready", "exited", "stopped"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "give up after this time, for each (default: never)")
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (p *program) shutdownCommand() *cobra.Command {
	var asJSON bool
	cmd := p.verb(&cobra.Command{
		Use: "shutdown", Short: "Stop the workspace's engine and all its processes", Args: takesNothing,
	}, neverLaunch, func(ctx context.Context, c *client, _ []string) error {
		info, err := ask[wire.SessionInfo](ctx, c, "session/info", wire.None{})
		if err != nil {
			return err
		}
		if _, err := ask[any](ctx, c, "session/stopEngine", wire.None{}); err != nil {
			return err
		}
		done := c.wait("the engine's processes end")
		select {
		case <-c.Done(): // the engine hangs up when every process has ended
			done()
		case <-ctx.Done():
			done()
			return p.failedCall(ctx.Err())
		}
		if asJSON {
			return p.printJSON(info)
		}
		_, err = fmt.Fprintf(p.stdout, "the engine of %s has ended\n", info.Root)
		return err
	})
	jsonFlag(cmd, &asJSON)
	return cmd
}
