package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/docs"
)

func (p *program) openRPCCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "openrpc",
		Short: "Print the protocol as an OpenRPC document",
		Long: `Prints every method, notification, shape and error of the protocol as an OpenRPC
1.3.2 document, the same that the method rpc.discover answers. It needs no engine.`,
		Example: `  brummer-rpc openrpc | jq -r '.methods[].name'`,
		Args:    takesNothing,
		RunE: func(*cobra.Command, []string) error {
			_, err := io.WriteString(p.stdout, docs.OpenRPC)
			return err
		},
	}
}
