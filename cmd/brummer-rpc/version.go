package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// version is set by the build; see the Makefile.
var version = "dev"

// versionLine is what the verb and the flag print.
func versionLine() string {
	return fmt.Sprintf("brummer-rpc %s, protocol %d, %s %s/%s", version, wire.Protocol, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func (p *program) versionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  takesNothing,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return p.printJSON(wire.Version{Version: version, Protocol: wire.Protocol, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH})
			}
			_, err := fmt.Fprintln(p.stdout, versionLine())
			return err
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}
