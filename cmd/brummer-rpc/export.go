package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func (p *program) exportCommand() *cobra.Command {
	var params wire.ExportParams
	var asJSON bool
	cmd := p.verb(&cobra.Command{
		Use:   "export FILE [PROCESS...]",
		Short: "Write output to a file",
		Long: `Writes the output that is held to a file in the workspace or the folder for
temporary files: as plain text, with --format=raw byte by byte as one process
has written it, or with --format=ndjson as a line of JSON per line.`,
		Args: takes(1, -1, "the file to write"),
		Example: `  brummer-rpc export web.log web
  brummer-rpc export /tmp/errors.json --format=ndjson --level=error`,
	}, neverLaunch, func(ctx context.Context, c *client, args []string) error {
		file, err := filepath.Abs(args[0]) // relative to the shell's folder, not to the root
		if err != nil {
			return err
		}
		params.Path, params.Filter.Processes = file, args[1:]
		done, err := ask[wire.Exported](ctx, c, "logs/export", params)
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(done)
		}
		_, err = fmt.Fprintf(p.stdout, "%d lines, %d bytes in %s\n", done.Lines, done.Bytes, done.Path)
		return err
	})
	f := cmd.Flags()
	f.StringVar(&params.Format, "format", "text", "text, raw or ndjson")
	f.BoolVar(&params.Overwrite, "overwrite", false, "replace a file that is there")
	f.StringVar(&params.Filter.MinLevel, "level", "", "only lines of at least this level: "+strings.Join(levels, ", "))
	f.StringVar(&params.Filter.Regexp, "grep", "", "only lines that match this regular expression")
	jsonFlag(cmd, &asJSON)
	return cmd
}
