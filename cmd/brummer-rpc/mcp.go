package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/mcp"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) mcpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "mcp",
		Short: "Let an assistant use the workspace's engine, over MCP on stdio",
		Long: `Serves the Model Context Protocol on stdin and stdout: an assistant can see what
runs, start and stop it, search its output, and ask for problems, tests, addresses
and requests. It uses the workspace's engine, the same as editors and shells, and
starts one if there is none. The events mcp.connected, mcp.activity and
mcp.disconnected tell others what the assistant does.`,
		Example: `  claude mcp add brummer -- brummer-rpc mcp
  {"mcpServers": {"brummer": {"command": "brummer-rpc", "args": ["mcp", "--root", "/path/to/workspace"]}}}`,
		Args: takesNothing,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := mcp.Serve(cmd.Context(), p.stdin, p.stdout, version, p.assist)
			if cmd.Context().Err() != nil {
				return &codeError{code: p.exitCode()}
			}
			return err
		},
	}
}

// assist connects to the workspace's engine for an assistant.
func (p *program) assist(ctx context.Context, who mcp.Client) (mcp.Engine, error) {
	c, err := p.connect(ctx, mayLaunch)
	if err != nil {
		return nil, err
	}
	hello := wire.HelloParams{
		Client: wire.ClientInfo{Name: who.Name, Version: who.Version},
		Env:    environment(), Cwd: workingDir(), Via: "mcp",
	}
	if _, err := ask[wire.Null](ctx, c, "session/hello", hello); err != nil {
		c.close()
		return nil, err
	}
	return assistant{c}, nil
}

// assistant is an engine as package mcp knows it.
type assistant struct{ *client }

func (a assistant) Close() error {
	a.close()
	return nil
}
