package rpc

import (
	"fmt"
	"path/filepath"

	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// spec makes what the process room wants of what a client says.
//
// needed are the processes that a script depends on and that do not run, each
// behind those that it depends on itself.
func (c *call) spec(p wire.StartParams) (spec process.Spec, needed []process.Spec, err error) {
	given := p.Command.Shell != "" || len(p.Command.Args) > 0
	switch {
	case p.Script != "" && given:
		return spec, nil, invalidParams("/command", "give a script or a command, not both")
	case p.Script != "":
		return c.namedSpec(p)
	case !given:
		return spec, nil, invalidParams("/command", "script or command is missing: a script is a name or an id of project/scripts")
	}
	spec = process.Spec{Shell: p.Command.Shell, Args: p.Command.Args, Dir: c.engine.Root, Source: "call"}
	return spec, nil, c.complete(&spec, project.Script{}, p)
}

func (c *call) namedSpec(p wire.StartParams) (spec process.Spec, needed []process.Spec, err error) {
	known, err := c.engine.Project.List(c.ctx)
	if err != nil {
		return spec, nil, err
	}
	script, err := known.Find(p.Script)
	if err != nil {
		return spec, nil, err
	}
	if spec, err = c.scriptSpec(script, p); err != nil || p.DependsOn != nil {
		return spec, nil, err
	}
	for _, s := range known.Needed(script) {
		if c.satisfied(s.Name, s.Condition) {
			continue
		}
		dependency, err := c.scriptSpec(s.Script, wire.StartParams{})
		if err != nil {
			return spec, nil, err
		}
		needed = append(needed, dependency)
	}
	return spec, needed, nil
}

// satisfied reports whether a process, or one of its replicas, runs, or has done
// what it is there for: a migration is not run again for each that depends on it.
func (c *call) satisfied(name, condition string) bool {
	members, err := c.processes(name)
	if err != nil {
		return false
	}
	for _, m := range members {
		if s := m.State(); s.Active() || s == process.Exited && (condition == "succeeded" || condition == "exited") {
			return true
		}
	}
	return false
}

// scriptSpec is spec for a script, with all that its file says.
func (c *call) scriptSpec(script project.Script, p wire.StartParams) (process.Spec, error) {
	spec, err := c.engine.ScriptSpec(script)
	if err != nil {
		return spec, err
	}
	return spec, c.complete(&spec, script, p)
}

// complete lays what a call says over what a script says.
func (c *call) complete(spec *process.Spec, script project.Script, p wire.StartParams) error {
	if p.Name != "" {
		spec.Name = p.Name
	}
	if p.Cwd != "" {
		spec.Dir = p.Cwd
		if !filepath.IsAbs(p.Cwd) {
			spec.Dir = filepath.Join(c.engine.Root, p.Cwd)
		}
	}
	script.Dir = spec.Dir
	if err := setPolicies(spec, p); err != nil {
		return err
	}
	if err := c.setEnvironment(spec, script, p); err != nil {
		return err
	}
	return useStdio(spec, p)
}

func useStdio(spec *process.Spec, p wire.StartParams) error {
	switch p.Stdio {
	case "": // as the script's file has it
	case "pipe", "pty":
		spec.TTY = p.Stdio == "pty"
	default:
		return invalidParams("/stdio", fmt.Sprintf("stdio can't be %q: pipe or pty", p.Stdio))
	}
	if p.Cols == 0 && p.Rows == 0 {
		return nil
	}
	if !spec.TTY {
		return invalidParams("/cols", "cols and rows are of a pty: add stdio pty")
	}
	spec.Cols, spec.Rows = p.Cols, p.Rows
	return checkSize(p.Cols, p.Rows)
}

// childEnv is what every child gets, so that it can find its engine.
func (s *Server) childEnv() map[string]string {
	if s.o.Socket == "" {
		return nil
	}
	return map[string]string{"BRUMMER_RPC_SOCKET": s.o.Socket}
}
