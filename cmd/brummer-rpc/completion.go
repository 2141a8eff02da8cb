package main

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	gojson "github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// completionTime is how long a shell may be kept waiting for names.
const completionTime = 200 * time.Millisecond

// completeProcesses offers the names of the workspace's processes.
func (p *program) completeProcesses(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var list wire.ProcessList
	var names []string
	if p.quietly(cmd.Context(), "process/list", &list) {
		for _, proc := range list.Processes {
			names = offer(names, args, proc.ID, proc.State)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeScripts offers what can be started; behind -- stands a program.
func (p *program) completeScripts(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if cmd.ArgsLenAtDash() >= 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var list wire.Scripts
	var names []string
	if p.quietly(cmd.Context(), "project/scripts", &list) {
		for _, s := range list.Scripts {
			names = offer(names, args, s.ID, s.Command)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// offer adds a name and what it is to those that are offered, unless it stands
// there already.
func offer(names, args []string, name, what string) []string {
	if slices.Contains(args, name) {
		return names
	}
	return append(names, cobra.CompletionWithDesc(name, what))
}

// quietly asks the engine, if there is one that answers in time. Completion must
// never print, start or wait for anything.
func (p *program) quietly(ctx context.Context, method string, result any) bool {
	ctx, cancel := context.WithTimeout(ctx, completionTime)
	defer cancel()
	c, err := p.connect(ctx, neverLaunch)
	if err != nil {
		return false
	}
	defer c.close()
	raw, err := c.Call(ctx, method, json.RawMessage("{}"))
	return err == nil && gojson.Unmarshal(raw, result) == nil
}
