package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/engine"
)

func (p *program) initCommand() *cobra.Command {
	var from string
	var print bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a brummer.toml from what is found, or from another program's file",
		Long: `Writes a brummer.toml with what was discovered in the workspace: what is likely to
be kept running is there to be started, the rest is commented out. With --from, or
where there is a process-compose.yaml, the processes are those of a Procfile or of
that; what has no counterpart is told. A brummer.toml that is there is never
touched.`,
		Example: `  brummer-rpc init
  brummer-rpc init --from process-compose.yaml --print`,
		Args: takesNothing,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := p.draft(cmd.Context(), from)
			if err != nil {
				return err
			}
			if print {
				_, err = io.WriteString(p.stdout, text)
				return err
			}
			return p.writeDraft(text)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "the Procfile or process-compose.yaml to take the processes from")
	cmd.Flags().BoolVar(&print, "print", false, "print it instead of writing the file")
	return cmd
}

func (p *program) draft(ctx context.Context, from string) (string, error) {
	if from == "" {
		root, err := findRoot(p.flags.root)
		if err != nil {
			return "", &codeError{exitUsage, err}
		}
		if from = composeFile(root); from == "" {
			return engine.DraftConfig(ctx, root)
		}
		fmt.Fprintf(p.stderr, "the processes are those of %s\n", from)
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return "", &codeError{exitUsage, err}
	}
	text, notes, err := engine.ImportConfig(from, data)
	if err != nil {
		return "", &codeError{exitUsage, err}
	}
	for _, note := range notes {
		fmt.Fprintf(p.stderr, "left out: %s\n", note)
	}
	return text, nil
}

// composeFile is the file by which process-compose runs a workspace, "" if there is
// none. What it has is no script that could be discovered: it is taken over whole.
func composeFile(root string) string {
	for _, name := range []string{"process-compose.yaml", "process-compose.yml"} {
		if path := filepath.Join(root, name); hasAny(root, []string{name}) {
			return path
		}
	}
	return ""
}

// writeDraft writes the file into the workspace's root, if it is not there yet.
func (p *program) writeDraft(text string) error {
	root, err := findRoot(p.flags.root)
	if err != nil {
		return &codeError{exitUsage, err}
	}
	path := filepath.Join(root, engine.ConfigFile)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return &codeError{exitUsage, fmt.Errorf("%s is there already; --print shows what would be written", path)}
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(file, text)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	next := "`brummer-rpc up` starts what is in it"
	if !strings.Contains(text, "\n[processes.") {
		next = "nothing was found that it could start: write in what is to run"
	}
	_, err = fmt.Fprintf(p.stdout, "wrote %s; %s\n", path, next)
	return err
}
