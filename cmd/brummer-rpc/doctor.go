package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/socket"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Tell where the workspace's engine is and whether all is well",
		Long: `Tells which program this is, which folder is the workspace's root and where its
engine is reached, and what the engine says of itself: its version and limits,
and problems in the configuration and in the files that say what can be run. The
exit code is 1 if something is not as it should be. An engine that does not run is
no problem.`,
		Args: takesNothing,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := p.examine(cmd.Context())
			if asJSON {
				if err := p.printJSON(d); err != nil {
					return err
				}
			} else if err := p.printDoctor(d); err != nil {
				return err
			}
			if len(d.Problems) > 0 {
				return &codeError{code: exitAnswered}
			}
			return nil
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// examine looks at everything between this program and the workspace's engine.
func (p *program) examine(ctx context.Context) *wire.Doctor {
	d := &wire.Doctor{Program: binaryPath(), Version: version, Protocol: wire.Protocol, Problems: []string{}}
	place, err := p.place(p.flags.root)
	if err != nil {
		d.Problems = append(d.Problems, err.Error())
		return d
	}
	d.Root, d.Socket = place.Root, place.Socket()
	info, err := place.ReadInfo()
	if err == nil {
		d.HTTP, d.Token = info.TCP, info.Token
	}
	if err := p.askEngine(ctx, place, d); err != nil && !errors.Is(err, socket.ErrNone) {
		d.Problems = append(d.Problems, err.Error())
	}
	if d.Engine == nil {
		d.HTTP, d.Token = "", ""
	}
	return d
}

// askEngine has the engine tell of itself. The error is [socket.ErrNone] if none
// runs.
func (p *program) askEngine(ctx context.Context, place socket.Place, d *wire.Doctor) error {
	conn, err := dial(place)
	if err != nil {
		return err
	}
	c, err := p.meet(conn)
	if err != nil {
		return err
	}
	defer c.close()
	info, err := ask[wire.SessionInfo](ctx, c, "session/info", wire.None{})
	if err != nil {
		return err
	}
	d.Engine, d.Log, d.Root = &info, place.Log(), info.Root // which may be another one at a path that was given
	if info.Version != version {
		d.Problems = append(d.Problems, fmt.Sprintf("the engine has version %s, this program %s: `brummer-rpc shutdown` ends it, and the next start takes this one", info.Version, version))
	}
	scripts, err := ask[wire.Scripts](ctx, c, "project/scripts", wire.None{})
	if err != nil {
		return err
	}
	d.Scripts = len(scripts.Scripts)
	for _, problem := range scripts.Problems {
		if line := problemLine(problem); !slices.Contains(d.Problems, line) {
			d.Problems = append(d.Problems, line)
		}
	}
	return nil
}

// printDoctor is for people.
func (p *program) printDoctor(d *wire.Doctor) error {
	var out strings.Builder
	say := func(what, format string, args ...any) {
		fmt.Fprintf(&out, "%-8s %s\n", what, fmt.Sprintf(format, args...))
	}
	say("program", "%s, version %s, protocol %d", d.Program, d.Version, d.Protocol)
	if d.Root != "" {
		say("root", "%s", d.Root)
	}
	if d.Socket != "" {
		say("socket", "%s", d.Socket)
	}
	if e := d.Engine; e != nil {
		say("engine", "pid %d, version %s, up %s, %s besides this one", e.PID, e.Version, short(time.Duration(e.UptimeMs)*time.Millisecond), count(len(e.Sessions)-1, "client"))
		say("limits", "%d MiB of output, %d KiB a line, %d s to end after TERM", e.Limits.LogBudgetBytes>>20, e.Limits.LineBytes>>10, e.Limits.GraceMs/1000)
		say("scripts", "%d can be run; `brummer-rpc scripts` lists them", d.Scripts)
		say("log", "%s", d.Log)
	} else {
		say("engine", "none runs; `brummer-rpc serve --detach` starts one")
	}
	if d.HTTP != "" {
		say("http", "http://%s, token in %s", d.HTTP, d.Token)
	}
	for _, problem := range d.Problems {
		say("problem", "%s", problem)
	}
	_, err := p.stdout.WriteString(out.String())
	return err
}
