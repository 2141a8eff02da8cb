package main

import (
	"context"
	"net"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/editor"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) upCommand() *cobra.Command {
	var f upFlags
	cmd := &cobra.Command{
		Use:   "up [NAME...]",
		Short: "Start what is configured, in order, and follow it until Ctrl-C",
		Long: `Starts the processes of brummer.toml, or those that are named, each behind what it
depends on, and prints their output. Ctrl-C stops them in the reverse order and
says what it waits for; a second Ctrl-C kills. It ends when all of them have: with
0 if every one has ended well, with 1 otherwise; with --fail-fast also when one has
failed. What ran before is left running. A changed brummer.toml is told of, and
counts for what is started from then on.`,
		Example: `  brummer-rpc up
  brummer-rpc up web worker --json`,
		ValidArgsFunction: p.completeScripts,
		RunE: func(cmd *cobra.Command, names []string) error {
			return lost(p.up(cmd.Context(), f, names))
		},
	}
	cmd.Flags().BoolVarP(&f.timestamps, "timestamps", "t", false, "print when each line was read")
	cmd.Flags().BoolVar(&f.failFast, "fail-fast", false, "stop everything once a process has failed and is not started again")
	jsonFlag(cmd, &f.json)
	return cmd
}

type upFlags struct {
	logsFlags
	failFast bool
}

func (p *program) up(ctx context.Context, f upFlags, names []string) error {
	place, err := p.place(p.flags.root)
	if err != nil {
		return &codeError{exitUsage, err}
	}
	var conn *net.UnixConn
	if conn, err = p.dialOrLaunch(ctx, place, untilIdle); err != nil {
		return noEngine(place, err)
	}
	defer conn.Close()
	f.follow = true
	m := &foreman{p: p, flags: f, news: make(chan struct{}, 1), processes: map[string]wire.Process{}}
	m.print = &linePrinter{p: p, flags: f.logsFlags}
	m.Client = editor.NewClient(conn, conn, m.notified)
	if err := m.begin(ctx); err != nil {
		return err
	}
	if err := m.start(ctx, names); err != nil {
		if ctx.Err() == nil && m.claim(ctx) == nil && len(m.ours()) == 0 {
			return err // nothing was started
		}
		stopped := m.stop(context.WithoutCancel(ctx))
		if ctx.Err() != nil {
			return stopped
		}
		return err
	}
	return m.follow(ctx)
}
