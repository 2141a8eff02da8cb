package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"
)

// Exit codes, PROTOCOL section 7; a session on stdio has more, see rpc.
const (
	exitOK       = 0
	exitAnswered = 1 // the server answered with an error
	exitUsage    = 2
	exitLost     = 3 // no engine, or the connection to it was lost
	exitTimeout  = 4
	exitSignal   = 128 // plus the signal's number
)

// program is one invocation.
type program struct {
	stdin          *os.File
	stdout, stderr *os.File
	flags          flags
	tcp            tcpFlags     // of serve
	beforeDash     int          // of start: how many arguments stand before --, -1 without one
	signal         atomic.Int32 // the number of the signal that ended it
	code           int
	heard          heard
}

// flags are those of every verb.
type flags struct {
	root      string
	socket    string
	framing   string
	logBudget int64
	maxLine   int
	autostart bool
	detection string
	matchers  []string
}

// run is the whole program: arguments and files in, exit code out.
func run(args []string, stdin, stdout, stderr *os.File) int {
	p := &program{stdin: stdin, stdout: stdout, stderr: stderr}
	p.heard.p = p
	ctx, stop := onSignals(context.Background(), p)
	defer stop()
	cmd := p.command()
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	if err := cmd.ExecuteContext(ctx); err != nil {
		return p.failed(err)
	}
	return p.exitCode()
}

// exitCode is what the verb stands for, unless a signal ended it.
func (p *program) exitCode() int {
	if n := p.signal.Load(); n != 0 {
		return exitSignal + int(n)
	}
	return p.code
}

// codeError is an error with the exit code that it stands for; without a message
// everything has been said already.
type codeError struct {
	code int
	err  error
}

func (e *codeError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *codeError) Unwrap() error { return e.err }

func (p *program) failed(err error) int {
	if readerGone(err) {
		return exitOK // whoever read the output has had enough of it
	}
	var coded *codeError
	switch {
	case p.unwritten(err):
		coded = &codeError{exitAnswered, err}
	case !errors.As(err, &coded):
		coded = &codeError{exitUsage, err} // cobra's own errors are all about usage
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if line != "" {
			fmt.Fprintf(p.stderr, "brummer-rpc: %s\n", line)
		}
	}
	return coded.code
}

// unwritten reports whether an error is that of writing to stdout: its disk is full.
func (p *program) unwritten(err error) bool {
	path, ok := errors.AsType[*fs.PathError](err)
	return ok && path.Op == "write" && path.Path == p.stdout.Name()
}

func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "brummer-rpc",
		Short: "Run, follow and search the processes of a workspace over JSON-RPC",
		Long: `brummer-rpc is to running processes what a language server is to source code.

Without a verb it serves JSON-RPC 2.0 on stdin and stdout: with Content-Length
headers as editors do, or a message per line as shell scripts do; the first byte
decides. At the end of input it stops every process it has started.`,
		Example: `  printf '{"jsonrpc":"2.0","id":1,"method":"project/scripts"}' | brummer-rpc
  brummer-rpc call project/scripts`,
		Version:       version,
		Args:          isVerb,
		SilenceErrors: true,
		SilenceUsage:  true,

		SuggestionsMinimumDistance: 2,
		RunE:                       p.serve,
	}
	pf := root.PersistentFlags()
	pf.StringVar(&p.flags.root, "root", "", "the workspace's root folder (default: found from the present folder upwards)")
	pf.StringVar(&p.flags.socket, "socket", defaultSocket(), "auto, off (an engine of its own) or the path of an engine's socket")
	pf.Int64Var(&p.flags.logBudget, "log-budget", 0, "bytes of output to keep (default 64 MiB)")
	pf.StringVar(&p.flags.detection, "detection", "", "on, or off: output is not looked at, and has no levels, problems, tests and addresses")
	pf.StringSliceVar(&p.flags.matchers, "matchers", nil, "files with problem matchers, relative to the root: VS Code's, GitHub's, errorformat")
	pf.IntVar(&p.flags.maxLine, "max-line", 0, "bytes of a line to keep in one piece (default 64 KiB)")
	pf.BoolVar(&p.flags.autostart, "autostart", false, "start what brummer.toml wants to be started with the engine")
	root.Flags().StringVar(&p.flags.framing, "framing", "auto", "auto, header or ndjson")
	root.AddCommand(
		p.psCommand(), p.scriptsCommand(), p.startCommand(), p.runCommand(), p.attachCommand(), p.stopCommand(), p.restartCommand(), p.waitCommand(), p.signalCommand(), p.removeCommand(),
		p.logsCommand(), p.searchCommand(), p.exportCommand(), p.clearCommand(), p.metricsCommand(),
		p.upCommand(), p.initCommand(), p.configCommand(),
		p.problemsCommand(), p.testsCommand(), p.urlsCommand(), p.explainCommand(),
		p.proxyCommand(), p.requestsCommand(),
		p.callCommand(), p.batchCommand(), p.openRPCCommand(),
		p.serveCommand(), p.mcpCommand(), p.shutdownCommand(), p.doctorCommand(), p.versionCommand(), p.nvimPluginCommand(), p.guardCommand(),
	)
	root.AddCommand(exitCodes)
	root.SetVersionTemplate(versionLine() + "\n")
	root.SetFlagErrorFunc(wrongFlag)
	return root
}

// exitCodes is a page of the help.
var exitCodes = &cobra.Command{
	Use:   "exit-codes",
	Short: "What the exit codes mean",
	Long: `0    it worked; of search: something was found
1    the engine answered with an error, nothing was found, doctor has a problem,
     or the output could not be written
2    the arguments can't be used
3    no engine runs for the workspace, or the connection to it was lost
4    it took longer than --timeout allows
65   the input of a session on stdin was neither headers nor JSON
130  ended by Ctrl-C (128 plus the signal's number)

An error is told on stderr in one line; "brummer-rpc call" tells it as the JSON
object that the engine has sent.`,
}

func (p *program) logf(format string, args ...any) {
	fmt.Fprintf(p.stderr, "brummer-rpc: "+format+"\n", args...)
}
