package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/socket"
)

func (p *program) serveCommand() *cobra.Command {
	var detach, launched, clients bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the workspace's engine without a client",
		Long: `Runs the engine of the workspace on its socket, for clients to come. It ends by
"brummer-rpc shutdown", by a signal, or after 60 s without a client and without
a process.

With --tcp it also serves HTTP (POST /rpc, GET /metrics, GET /openrpc.json) on a
port of this machine, for programs that can't use a Unix socket. They must send
"Authorization: Bearer TOKEN", with the token from a file that only you can
read, and the very address as Host; web pages are refused.`,
		Example: `  brummer-rpc serve --detach
  brummer-rpc serve --tcp 127.0.0.1:7000`,
		Args: takesNothing,
		RunE: func(cmd *cobra.Command, _ []string) error {
			place, err := p.place(p.flags.root)
			if err != nil {
				return &codeError{exitUsage, err}
			}
			if err := p.tcp.check(); err != nil {
				return &codeError{exitUsage, err}
			}
			if p.tcp.tokenFile != "" { // an engine in the background has another folder
				if p.tcp.tokenFile, err = filepath.Abs(p.tcp.tokenFile); err != nil {
					return err
				}
			}
			if place.Root == "" {
				return &codeError{exitUsage, errors.New("serve needs a workspace: give --root, and unset BRUMMER_RPC_SOCKET")}
			}
			switch {
			case detach:
				return p.serveDetached(cmd.Context(), place)
			case launched:
				return p.serveLaunched(cmd.Context(), place, clients)
			}
			return lost(p.runDaemon(cmd.Context(), place, untilIdle, func(d *daemon) {
				p.logf("serving %s on %s", place.Root, place.Socket())
				if d.tcp != nil {
					p.logf("and on http://%s, for who has the token in %s", d.tcp.door.Host, d.tcp.file)
				}
			}))
		},
	}
	cmd.Flags().StringVar(&p.tcp.address, "tcp", "", "also serve HTTP on this loopback address, such as 127.0.0.1:7000; port 0 for any")
	cmd.Flags().StringVar(&p.tcp.tokenFile, "token-file", "", "the file of mode 600 with the token for --tcp (default: a new one beside the socket)")
	cmd.Flags().BoolVar(&detach, "detach", false, "start it in the background and return when it answers")
	cmd.Flags().BoolVar(&launched, "launched", false, "started by another brummer-rpc")
	cmd.Flags().BoolVar(&clients, "with-clients", false, "end when the last client leaves")
	cmd.Flags().MarkHidden("launched")
	cmd.Flags().MarkHidden("with-clients")
	return cmd
}

// lost gives errors that have no exit code yet the one for "no engine".
func lost(err error) error {
	var coded *codeError
	if err == nil || errors.As(err, &coded) {
		return err
	}
	return &codeError{exitLost, err}
}

func (p *program) serveDetached(ctx context.Context, place socket.Place) error {
	conn, err := p.dialOrLaunch(ctx, place, untilIdle)
	if err != nil {
		return lost(err)
	}
	conn.Close()
	info, err := place.ReadInfo()
	switch {
	case err != nil:
		return lost(err)
	case p.tcp.address != "" && info.TCP == "":
		return &codeError{exitAnswered, fmt.Errorf("an engine serves %s already, without --tcp: `brummer-rpc shutdown` ends it", place.Root)}
	case info.TCP != "":
		defer p.logf("HTTP is served on http://%s, for who has the token in %s", info.TCP, info.Token)
	}
	fmt.Fprintf(p.stderr, "brummer-rpc: engine %d serves %s on %s\n", info.PID, place.Root, place.Socket())
	return nil
}

// serveLaunched becomes the engine unless another one is. One that is just
// ending is waited for.
func (p *program) serveLaunched(ctx context.Context, place socket.Place, clients bool) error {
	life := untilIdle
	if clients {
		life = withClients
	}
	for end := time.Now().Add(launchTime); ; {
		err := p.runDaemon(ctx, place, life, func(*daemon) { fmt.Fprintln(p.stdout, "ready") })
		var busy *socket.BusyError
		if !errors.As(err, &busy) {
			return lost(err)
		}
		if conn, err := dial(place); err == nil {
			conn.Close()
			return nil
		}
		if time.Now().After(end) {
			return lost(err)
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return nil
		}
	}
}
