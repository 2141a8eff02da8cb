package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// ownGuard says how this program is run as the guard of its processes: the very
// same file, also when it has been replaced since.
func ownGuard() *guard.Command {
	return &guard.Command{Path: "/proc/self/exe", Args: []string{"brummer-rpc", guard.Verb}}
}

// guardCommand is the guard's own verb, which only an engine can use.
func (p *program) guardCommand() *cobra.Command {
	var grace time.Duration
	cmd := &cobra.Command{
		Use: guard.Verb, Short: "Be the parent of an engine's processes", Hidden: true, Args: takesNothing,
		RunE: func(cmd *cobra.Command, _ []string) error { return guard.Serve(cmd.Context(), grace, p.stderr) },
	}
	cmd.Flags().DurationVar(&grace, "grace", 0, "from asking a process to end to killing it")
	return cmd
}
