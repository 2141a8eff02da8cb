package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/script"
)

func (p *program) callCommand() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "call METHOD [JSON | @FILE | -]",
		Short: "Send one call and print its result",
		Long: `Sends one call and prints the bare result as a line of JSON. Params are given as
JSON, read from a file with @FILE, or from standard input with -.

An error that the engine answers with goes to stderr as a JSON object.
Exit codes: 0 result, 1 error answered, 2 usage, 3 connection lost, 4 timeout.`,
		Example: `  brummer-rpc call project/scripts
  brummer-rpc call process/status '{"id":"web"}'`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			params, err := p.params(args[1:])
			if err != nil {
				return &codeError{exitUsage, err}
			}
			ctx := cmd.Context()
			if timeout > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, timeout)
				defer cancel()
			}
			return p.call(ctx, args[0], params)
		},
	}
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "give up after this time, such as 30s (default: never)")
	return cmd
}

// params reads the params of a call; they must be an object or an array.
func (p *program) params(args []string) (json.RawMessage, error) {
	if len(args) == 0 {
		return nil, nil
	}
	text, from := []byte(args[0]), "params"
	var err error
	if name, isFile := strings.CutPrefix(args[0], "@"); isFile {
		text, err = os.ReadFile(name)
		from = name
	} else if args[0] == "-" {
		text, err = io.ReadAll(p.stdin)
		from = "standard input"
	}
	if err != nil {
		return nil, err
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, fmt.Errorf("%s: not valid JSON%s: %w", from, jsonPosition(text, err), err)
	}
	switch v.(type) {
	case nil:
		return nil, nil
	case map[string]any, []any:
		return text, nil
	}
	return nil, fmt.Errorf("%s: params must be a JSON object, such as '{\"id\":\"web\"}'", from)
}

func jsonPosition(text []byte, err error) string {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return ""
	}
	before := string(text[:syntax.Offset])
	line := strings.Count(before, "\n") + 1
	return fmt.Sprintf(" at %d:%d", line, len(before)-strings.LastIndex(before, "\n")-1)
}

// call sends the call to an engine of this process, over the same framing as a
// script would.
func (p *program) call(ctx context.Context, method string, params json.RawMessage) error {
	host, err := p.newHost()
	if err != nil {
		return err
	}
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	server := rpc.New(rpc.Options{Version: version, Open: host.open, Logf: p.logf})
	served := make(chan struct{})
	go func() {
		defer close(served)
		server.ServeConn(ctx, toServer, fromServer, front.NDJSON)
	}()
	client := script.NewClient(toClient, fromClient)
	result, err := client.Call(ctx, method, params)
	client.Close()
	<-served
	host.close()
	if err != nil {
		return p.callFailed(err)
	}
	_, err = fmt.Fprintf(p.stdout, "%s\n", result)
	return err
}

func (p *program) callFailed(err error) error {
	var answered *script.Error
	switch {
	case errors.As(err, &answered):
		fmt.Fprintf(p.stderr, "%s\n", answered.JSON)
		return &codeError{code: exitAnswered}
	case errors.Is(err, context.DeadlineExceeded):
		return &codeError{exitTimeout, errors.New("no answer in time")}
	case errors.Is(err, context.Canceled):
		return &codeError{code: p.exitCode()} // a signal
	}
	return &codeError{exitLost, err}
}
