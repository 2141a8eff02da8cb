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
		Args: takes(1, 2, "a method, and its params as one piece of JSON"),
		RunE: func(cmd *cobra.Command, args []string) error {
			params, err := p.params(args[1:])
			if err != nil {
				return &codeError{exitUsage, err}
			}
			ctx, cancel := within(cmd.Context(), timeout)
			defer cancel()
			return p.call(ctx, args[0], params)
		},
	}
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "give up after this time, such as 30s (default: never)")
	return cmd
}

// within bounds a context, unless the time is 0.
func within(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, timeout)
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
	return fmt.Sprintf(" at %d:%d", line, max(1, len(before)-strings.LastIndex(before, "\n")-1))
}

// call sends one call and prints its result.
func (p *program) call(ctx context.Context, method string, params json.RawMessage) error {
	c, err := p.connect(ctx, neverLaunch)
	if err != nil {
		return err
	}
	defer c.close()
	result, err := c.call(ctx, method, params)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s\n", result)
	return err
}
