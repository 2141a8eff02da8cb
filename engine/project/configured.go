package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

// ConfigFile is the name of the file that configures a workspace, or a part of it.
const ConfigFile = "brummer.toml"

// configGroup is the group, and the first part of the ID, of configured scripts.
const configGroup = "brummer"

// configured is the configuration that the files of a workspace come to.
type configured struct {
	merged *config.Merged
	issues []config.Issue
	files  []string
}

// readConfig reads the user's own file and those of the workspace, the root's
// before those below it, and lays them over each other.
func (w *Workspace) readConfig(t *tree) configured {
	var layers []config.Layer
	var c configured
	add := func(file, dir string, user bool, data []byte) {
		c.files = append(c.files, file)
		l, issue := config.Parse(file, dir, user, data)
		if issue != nil {
			c.issues = append(c.issues, *issue)
			return
		}
		layers = append(layers, l)
	}
	if data, err := readRegular(w.o.UserConfig); err == nil {
		add(w.o.UserConfig, "", true, data)
	} else if w.o.UserConfig != "" && !errors.Is(err, fs.ErrNotExist) {
		c.issues = append(c.issues, config.Issue{File: w.o.UserConfig, Message: reason(err)})
	}
	for _, dir := range configFolders(t) {
		file := path.Join(dir, ConfigFile)
		data, err := w.disk.read(file, defaultLimits.file)
		if err != nil {
			c.issues = append(c.issues, config.Issue{File: file, Message: reason(err)})
			continue
		}
		add(file, dir, false, data)
	}
	layers = append(layers, w.o.Overrides...)
	merged, issues := config.Merge(layers)
	c.merged, c.issues = merged, append(c.issues, issues...)
	return c
}

// readRegular gives the content of a small file, and of nothing else: a pipe would
// be waited for.
func readRegular(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errNotRegular
	case info.Size() > defaultLimits.file:
		return nil, fmt.Errorf("larger than %d bytes", defaultLimits.file)
	}
	return os.ReadFile(file)
}

// Settings reads the configuration of the engine itself: the user's and the
// root's file, what lies over them, and the matchers that these name. It does not
// look at the workspace, and leaves out what is wrong: a look tells.
func (w *Workspace) Settings() (config.Config, []MatcherFile) {
	var layers []config.Layer
	for i, file := range []string{w.o.UserConfig, filepath.Join(w.o.Root, ConfigFile)} {
		data, err := readRegular(file)
		if err != nil {
			continue
		}
		if l, issue := config.Parse(file, ".", i == 0, data); issue == nil {
			layers = append(layers, l)
		}
	}
	merged, _ := config.Merge(append(layers, w.o.Overrides...))
	w.looking.Lock()
	defer w.looking.Unlock()
	if w.open() != nil {
		return merged.Config, nil
	}
	return merged.Config, w.readMatchers(merged)
}

// configFolders gives the folders with a brummer.toml, the root's first, then by
// depth and path.
func configFolders(t *tree) []string {
	var dirs []string
	for dir := range t.files {
		if t.has(path.Join(dir, ConfigFile)) && !peeked[path.Base(dir)] {
			dirs = append(dirs, dir)
		}
	}
	slices.SortFunc(dirs, func(a, b string) int {
		if d := depth(a) - depth(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return dirs
}

func depth(dir string) int {
	if dir == "." {
		return 0
	}
	return 1 + strings.Count(dir, "/")
}

// scripts makes scripts of the configured processes, by what was discovered: a
// process may name a script instead of a command.
func (w *Workspace) scripts(c *config.Merged, found Listing) (scripts []Script, missing []config.Issue) {
	for _, p := range c.Processes {
		s := Script{
			ID: configGroup + ":" + p.Name, Name: p.Name, Source: p.File, Line: p.Line, Group: p.Group,
			Dir: w.Path(p.Cwd), Command: commandLine(p.Command), Policy: &p.Process,
		}
		if s.Group == "" {
			s.Group = configGroup
		}
		if p.Script != "" {
			of, err := found.Find(p.Script)
			if err != nil {
				path := "processes." + p.Name + ".script"
				at := c.Origins[path]
				missing = append(missing, config.Issue{File: at.File, Span: at.Span, Message: path + ": " + err.Error()})
				continue
			}
			s.Command = of.Command
			if _, said := c.Origins["processes."+p.Name+".cwd"]; !said {
				s.Dir = of.Dir
			}
		}
		scripts = append(scripts, s)
	}
	return scripts, missing
}

// Path makes an absolute path of one that is relative to the root, as those of the
// configuration are; the user's own file may have absolute ones.
func (w *Workspace) Path(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(w.o.Root, filepath.FromSlash(name))
}

func commandLine(c config.Command) string {
	if c.Shell != "" {
		return c.Shell
	}
	words := make([]string, len(c.Args))
	for i, a := range c.Args {
		words[i] = quote(a)
	}
	return strings.Join(words, " ")
}

// issueProblems makes problems of what is wrong in the files.
func issueProblems(issues []config.Issue) []Problem {
	var out []Problem
	for i, issue := range issues {
		if i == maxFindings {
			break
		}
		out = append(out, Problem{File: issue.File, Line: issue.Line, Column: issue.Column, Message: issue.Message})
	}
	return out
}
