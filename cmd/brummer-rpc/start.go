package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// startFlags are the flags of start that say more than one value.
type startFlags struct {
	shell     string
	env       []string
	dependsOn []string
	readyWhen []string
	restart   string
	watch     []string
	ready     bool
	timeout   time.Duration
	asJSON    bool
}

func (p *program) startCommand() *cobra.Command {
	var start wire.StartParams
	var flags startFlags
	cmd := p.verb(&cobra.Command{
		Use:   "start [SCRIPT... | -- PROGRAM ARG...]",
		Short: "Start scripts of the workspace, or a command",
		Long: `Starts scripts by their names or ids (see "brummer-rpc scripts"), a program with its
arguments behind --, or a command line for the shell with --shell. If the
workspace has no engine yet, one is started in the background. Of several scripts
each is started as the flags say. A name that several scripts have means the one of
the folder that you are in, or of the nearest above it.

--ready-when says how to tell that it is ready; of several, all must hold:
  log:REGEXP         a line of its output matches
  port:N             it listens on the port; port:0 is any
  tcp:HOST:PORT      somebody takes a connection there
  http://HOST/PATH   a GET is answered with a status from 200 to 399
  exec:COMMAND       the command ends with code 0`,
		Example: `  brummer-rpc start web worker
  brummer-rpc start --name api --env PORT=8080 -- go run ./cmd/api
  brummer-rpc start web --ready-when http://localhost:3000 --ready --timeout 30s
  brummer-rpc start web --depends-on db --depends-on migrate=succeeded --restart onFailure`,
		ValidArgsFunction: p.completeScripts,
	}, mayLaunch, func(ctx context.Context, c *client, args []string) error {
		if err := flags.fill(&start, args, p.beforeDash); err != nil {
			return &codeError{exitUsage, err}
		}
		if start.Script == "" {
			return p.start(ctx, c, start, flags)
		}
		return each(args, func(script string) error {
			start.Script = script
			return p.start(ctx, c, start, flags)
		})
	})
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		p.beforeDash = cmd.ArgsLenAtDash()
		return run(cmd, args)
	}
	flags.addWhat(cmd, &start)
	flags.addHow(cmd, &start)
	return cmd
}

// start starts one thing and tells what has become of it.
func (p *program) start(ctx context.Context, c *client, start wire.StartParams, flags startFlags) error {
	started, err := ask[wire.Process](ctx, c, "process/start", start)
	if id := inHere(err, start.Script, func() (wire.Scripts, error) {
		return ask[wire.Scripts](ctx, c, "project/scripts", wire.None{})
	}); id != "" {
		start.Script = id
		started, err = ask[wire.Process](ctx, c, "process/start", start)
	}
	if err == nil && flags.ready {
		started, err = ask[wire.Process](ctx, c, "process/wait", wire.WaitParams{
			ID: nameOf(started), For: "ready", TimeoutMs: flags.timeout.Milliseconds(),
		})
	}
	switch {
	case err != nil:
		return err
	case flags.asJSON:
		return p.printJSON(started)
	}
	if err := p.tellStarted(started); err != nil {
		return err
	}
	if flags.ready && started.ReadyAt == 0 {
		p.tellNone(nameOf(started) + " has no rule that says when it is ready: --ready-when gives it one, or ready in brummer.toml")
	}
	return nil
}

// addWhat adds the flags that say what is to be started.
func (f *startFlags) addWhat(cmd *cobra.Command, start *wire.StartParams) {
	fs := cmd.Flags()
	fs.StringVar(&start.Name, "name", "", "the process's name")
	fs.StringVar(&start.Cwd, "cwd", "", "working folder, relative to the workspace root")
	fs.StringVar(&start.Stdio, "stdio", "", "pipe or pty (default pipe)")
	fs.StringVar(&f.shell, "shell", "", "a command line for the shell")
	fs.StringArrayVar(&f.env, "env", nil, "KEY=value for the process; may be repeated")
	fs.StringArrayVar(&start.EnvFiles, "env-file", nil, "read KEY=value from this file, relative to the working folder; may be repeated (default .env, .env.local)")
	fs.StringVar(&start.Mode, "mode", "", "read .env.MODE and .env.MODE.local, too")
}

// addHow adds those that say how it is to be kept running.
func (f *startFlags) addHow(cmd *cobra.Command, start *wire.StartParams) {
	fs := cmd.Flags()
	fs.StringArrayVar(&f.dependsOn, "depends-on", nil, "NAME[=started|ready|healthy|exited|succeeded] of what must come first (default ready); may be repeated")
	fs.StringArrayVar(&f.readyWhen, "ready-when", nil, "how to tell that it is ready, see above; may be repeated")
	fs.BoolVar(&f.ready, "ready", false, "wait until it is ready")
	fs.DurationVar(&f.timeout, "timeout", 0, "with --ready: give up after this time")
	fs.StringVar(&f.restart, "restart", "", "never, onFailure or always (default never)")
	fs.StringArrayVar(&f.watch, "watch", nil, "start it again when a file of this glob changes; may be repeated")
	fs.IntVar(&start.Replicas, "replicas", 0, "start as many, as NAME#1, NAME#2, ...")
	fs.IntVar(&start.Nice, "nice", 0, "its niceness, -20 to 19")
	fs.StringVar(&start.Umask, "umask", "", "of the files it makes, in octal")
	jsonFlag(cmd, &f.asJSON)
}

// fill puts into the params what the flags and arguments say: of several scripts,
// what the first one is started by. beforeDash is how many arguments stand before
// --, -1 without one.
func (f *startFlags) fill(start *wire.StartParams, args []string, beforeDash int) (err error) {
	switch {
	case f.shell != "" && len(args) > 0, f.shell == "" && len(args) == 0:
		return errors.New("it needs a script, a program behind --, or --shell")
	case f.timeout != 0 && !f.ready:
		return errors.New("--timeout is of --ready, which waits")
	case f.shell != "":
		start.Command.Shell = f.shell
	case beforeDash == 0:
		start.Command.Args = args
	case beforeDash > 0:
		return fmt.Errorf("%q can't be given to a script: behind -- stands a program with its arguments", args[beforeDash:])
	case len(args) > 1 && start.Name != "":
		return fmt.Errorf("--name=%s is for one thing: %d scripts are to be started", start.Name, len(args))
	default:
		start.Script = args[0]
	}
	if start.Env, err = pairs(f.env); err != nil {
		return err
	}
	if len(f.dependsOn) > 0 {
		start.DependsOn = map[string]string{}
	}
	for _, d := range f.dependsOn {
		name, condition, given := strings.Cut(d, "=")
		if !given {
			condition = "ready"
		}
		start.DependsOn[name] = condition
	}
	start.Restart.Policy = f.restart
	if len(f.watch) > 0 {
		start.Watch = &wire.Watch{Paths: f.watch}
	}
	start.Ready, err = readyRule(f.readyWhen)
	return err
}

// readyRule reads the values of --ready-when.
func readyRule(list []string) (*wire.Ready, error) {
	if len(list) == 0 {
		return nil, nil
	}
	var r wire.Ready
	for _, text := range list {
		kind, value, _ := strings.Cut(text, ":")
		switch {
		case value == "":
			return nil, fmt.Errorf("--ready-when %s: want log:, port:, tcp:, exec: or a URL", text)
		case kind == "http" || kind == "https":
			r.HTTP = text
		case kind == "log":
			r.Log = value
		case kind == "tcp":
			r.TCP = value
		case kind == "exec":
			r.Exec.Shell = value
		case kind == "port":
			port, err := strconv.Atoi(value)
			if err != nil {
				return nil, fmt.Errorf("--ready-when %s: %s is no port", text, value)
			}
			r.Port = &port
		default:
			return nil, fmt.Errorf("--ready-when %s: there is no rule %q: log, port, tcp, http, https, exec", text, kind)
		}
	}
	return &r, nil
}

func pairs(list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, e := range list {
		k, v, ok := strings.Cut(e, "=")
		if !ok || k == "" {
			return nil, fmt.Errorf("--env %s: want KEY=value", e)
		}
		out[k] = v
	}
	return out, nil
}

// nameOf is what to call what was started by: replicas have a name in common.
func nameOf(proc wire.Process) string {
	if name, _, ok := strings.Cut(proc.ID, "#"); ok && len(proc.Replicas) > 0 {
		return name
	}
	return proc.ID
}

// sentence says how a process is; of replicas, how the first one is.
func sentence(proc wire.Process) string {
	text := fmt.Sprintf("%s is %s%s", proc.ID, proc.State, noteOf(proc, time.Now()))
	if n := len(proc.Replicas); n > 0 {
		text = fmt.Sprintf("%d of %s: %s", n, nameOf(proc), text)
	}
	return text
}

// tellStarted says what has become of a start.
func (p *program) tellStarted(proc wire.Process) error {
	text := sentence(proc)
	if proc.PID != 0 {
		text += fmt.Sprintf(" (pid %d)", proc.PID)
	}
	_, err := fmt.Fprintln(p.stdout, text)
	return err
}
