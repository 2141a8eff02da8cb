//go:build !linux

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// ownGuard is none: only Linux lets a process adopt orphans.
func ownGuard() *guard.Command { return nil }

func (p *program) guardCommand() *cobra.Command {
	return &cobra.Command{Use: guard.Verb, Hidden: true, RunE: func(*cobra.Command, []string) error {
		return fmt.Errorf("%s is a verb of Linux", guard.Verb)
	}}
}
