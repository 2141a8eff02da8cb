package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/script"
)

func (p *program) batchCommand() *cobra.Command {
	return p.verb(&cobra.Command{
		Use:   "batch < FILE",
		Short: "Send calls from standard input and print their results in order",
		Long: `Reads a call per line, {"method": ..., "params": ...}, and prints a line for
each: {"result": ...} or {"error": ...}. The calls take effect in order. The exit
code is 1 if one of them was answered with an error.`,
		Args:    takesNothing,
		Example: `  printf '%s\n' '{"method":"process/list"}' '{"method":"logs/query","params":{"tail":5}}' | brummer-rpc batch`,
	}, neverLaunch, func(ctx context.Context, c *client, _ []string) error {
		return p.batch(ctx, c)
	})
}

func (p *program) batch(ctx context.Context, c *client) error {
	in := bufio.NewScanner(p.stdin)
	in.Buffer(nil, front.MaxMessage)
	failed := false
	for line := 1; in.Scan(); line++ {
		text := bytes.TrimSpace(in.Bytes())
		if len(text) == 0 {
			continue
		}
		var request struct {
			Method string
			Params json.RawMessage
		}
		if err := json.Unmarshal(text, &request); err != nil || request.Method == "" {
			return &codeError{exitUsage, fmt.Errorf("standard input:%d: want {\"method\": ..., \"params\": ...}", line)}
		}
		result, err := c.Call(ctx, request.Method, request.Params)
		var answered *script.Error
		switch {
		case err == nil:
			_, err = fmt.Fprintf(p.stdout, "{\"result\":%s}\n", result)
		case errors.As(err, &answered):
			failed = true
			_, err = fmt.Fprintf(p.stdout, "{\"error\":%s}\n", answered.JSON)
		default:
			return p.failedCall(err)
		}
		if err != nil {
			return nil // nobody reads any more
		}
	}
	if err := in.Err(); err != nil {
		return &codeError{exitUsage, err}
	}
	if failed {
		return &codeError{code: exitAnswered}
	}
	return nil
}
