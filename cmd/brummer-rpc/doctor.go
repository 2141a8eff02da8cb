package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/socket"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Tell where the workspace's engine is and whether all is well",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.doctor(cmd.Context())
		},
	}
}

func (p *program) doctor(ctx context.Context) error {
	fmt.Fprintf(p.stdout, "program  %s, version %s, protocol %d\n", binaryPath(), version, wire.Protocol)
	place, err := p.place(p.flags.root)
	if err != nil {
		fmt.Fprintf(p.stdout, "socket   %v\n", err)
		return &codeError{code: exitAnswered}
	}
	if place.Root != "" {
		fmt.Fprintf(p.stdout, "root     %s\n", place.Root)
	}
	fmt.Fprintf(p.stdout, "socket   %s\n", place.Socket())
	conn, err := dial(place)
	switch {
	case errors.Is(err, socket.ErrNone):
		fmt.Fprintln(p.stdout, "engine   none runs; `brummer-rpc serve --detach` starts one")
		return nil
	case err != nil:
		fmt.Fprintf(p.stdout, "engine   %v\n", err)
		return &codeError{code: exitAnswered}
	}
	conn.Close()
	c, err := p.connect(ctx, neverLaunch)
	if err != nil {
		return err
	}
	defer c.close()
	info, err := ask[wire.SessionInfo](ctx, c, "session/info", wire.None{})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "engine   pid %d, version %s, up %d s, %d clients besides this one\n", info.PID, info.Version, info.UptimeMs/1000, len(info.Sessions)-1)
	l := info.Limits
	fmt.Fprintf(p.stdout, "limits   %d MiB of output, %d KiB a line, %d s to end after TERM\n", l.LogBudgetBytes>>20, l.LineBytes>>10, l.GraceMs/1000)
	fmt.Fprintf(p.stdout, "log      %s\n", place.Log())
	return nil
}
