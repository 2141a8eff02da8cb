// Package nvim carries the Neovim plugin in the program, and unpacks it where
// Neovim can load it. It knows nothing of Neovim's folders and of the protocol: the
// plugin itself is Lua, beside this file.
package nvim

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// all: is for lua/telescope/_extensions, whose name would keep it out.
//
//go:embed plugin all:lua doc/brummer.txt ftplugin syntax
var files embed.FS

// unpacking begins the name of a folder that is not whole.
const unpacking = ".unpacking-"

// Unpack puts the plugin into a folder below dir, and returns its path. The folder's
// name has a hash of what is in it, so there is one for each version, two programs
// of one version share it, and it is there whole or not at all: it is filled under
// another name first.
func Unpack(dir string) (string, error) {
	tree, err := contents()
	if err != nil {
		return "", err
	}
	to := filepath.Join(dir, "brummer-"+sum(tree))
	now := time.Now()
	if os.Chtimes(to, now, now) == nil { // it is there, and in use: see DeleteUnused
		return to, nil
	}
	if _, err := os.Stat(to); err == nil {
		return to, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("the plugin can't be unpacked: %w", err)
	}
	temp, err := os.MkdirTemp(dir, unpacking)
	if err != nil {
		return "", fmt.Errorf("the plugin can't be unpacked: %w", err)
	}
	defer os.RemoveAll(temp)
	if err := write(temp, tree); err != nil {
		return "", fmt.Errorf("the plugin can't be unpacked: %w", err)
	}
	return to, publish(temp, to)
}

// file is a file of the plugin, by its path with slashes.
type file struct {
	path string
	data []byte
}

// contents are all files, by path, with the tags that `:helptags` would make.
func contents() ([]file, error) {
	var all []file
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := files.ReadFile(path)
		all = append(all, file{path, data})
		if path == "doc/brummer.txt" {
			all = append(all, file{"doc/tags", tags(data)})
		}
		return err
	})
	return all, err
}

func sum(tree []file) string {
	h := sha256.New()
	for _, f := range tree {
		fmt.Fprintf(h, "%s\n%d\n%s", f.path, len(f.data), f.data)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

func write(dir string, tree []file) error {
	for _, f := range tree {
		path := filepath.Join(dir, filepath.FromSlash(f.path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.data, 0o644); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o755) // MkdirTemp's is for the user alone
}

// publish gives the folder its name. Somebody else may have been faster, with the
// same in it.
func publish(temp, to string) error {
	err := os.Rename(temp, to)
	if _, there := os.Stat(to); err != nil && there == nil {
		return nil
	}
	if err != nil {
		return errors.Join(errors.New("the plugin can't be unpacked"), err)
	}
	return nil
}

var tagged = regexp.MustCompile(`(?:^|[ \t])\*([^*|\s]+)\*(?:[ \t]|$)`)

// tags makes the file by which :help finds a tag in the help: tag, file, command.
func tags(help []byte) []byte {
	var lines []string
	for line := range bytes.Lines(help) {
		rest := bytes.TrimRight(line, "\r\n")
		for {
			m := tagged.FindSubmatchIndex(rest)
			if m == nil {
				break
			}
			tag := string(rest[m[2]:m[3]])
			escaped := strings.NewReplacer(`\`, `\\`, `/`, `\/`).Replace(tag)
			lines = append(lines, tag+"\tbrummer.txt\t/*"+escaped+"*\n")
			rest = rest[m[3]+1:] // the blank behind it may be the one before the next
		}
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, ""))
}
