package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/brummer-rpc/brummer-rpc/editors/nvim"
)

// nvimPluginCommand unpacks the Neovim plugin that the program carries.
func (p *program) nvimPluginCommand() *cobra.Command {
	var path bool
	cmd := &cobra.Command{
		Use:   "nvim-plugin --path",
		Short: "Unpack the Neovim plugin and print its folder",
		Long: `Unpacks the Neovim plugin of this version into the user's cache, unless it is there
already, and prints the folder: a runtime path of Neovim, with help and its tags.
Folders of other versions that nobody has used for a month are deleted.`,
		Example: `  ln -sfn "$(brummer-rpc nvim-plugin --path)" ~/.local/share/nvim/site/pack/brummer/start/brummer`,
		Args:    takesNothing,
		RunE: func(*cobra.Command, []string) error {
			if !path {
				return &codeError{exitUsage, errors.New("nvim-plugin needs --path: it unpacks the plugin and prints where it is")}
			}
			cache, err := os.UserCacheDir()
			if err != nil {
				return fmt.Errorf("there is no folder to unpack the plugin into: %w", err)
			}
			cache = filepath.Join(cache, "brummer-rpc", "nvim")
			dir, err := nvim.Unpack(cache)
			if err != nil {
				return err
			}
			// Not into a pipe: Neovim's system() takes both outputs for the folder.
			if gone := nvim.DeleteUnused(cache, dir, time.Now()); len(gone) > 0 && isTerminal(p.stderr) {
				fmt.Fprintf(p.stderr, "brummer-rpc: deleted, since nobody has used it for a month: %s\n", strings.Join(gone, ", "))
			}
			_, err = fmt.Fprintln(p.stdout, dir)
			return err
		},
	}
	cmd.Flags().BoolVar(&path, "path", false, "print the folder")
	return cmd
}
