package engine

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strconv"

	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

// ScriptSpec makes what the process room wants of a script, with all that its
// file says of it, but for the environment: see [Engine.ScriptVars].
func (e *Engine) ScriptSpec(s project.Script) (process.Spec, error) {
	spec := process.Spec{Shell: s.Command, Dir: s.Dir, Source: s.Source}
	if process.CheckName(s.Name) == nil {
		spec.Name = s.Name // else the command gives the name
	}
	p := s.Policy
	if p == nil {
		return spec, nil
	}
	if len(p.Command.Args) > 0 {
		spec.Shell, spec.Args = "", p.Command.Args
	}
	for _, d := range p.DependsOn {
		if spec.DependsOn == nil {
			spec.DependsOn = make(map[string]process.Condition)
		}
		spec.DependsOn[d.Name] = process.Condition(d.Condition)
	}
	if w := p.Watch; len(w.Paths) > 0 {
		spec.Watch = &process.Watch{Debounce: w.Delay, Ignore: w.Ignore, Paths: w.Paths}
	}
	spec.Restart = process.Policy{
		When: process.When(p.Restart.When), Limit: p.Restart.Limit,
		Delay: p.Restart.Delay, MaxDelay: p.Restart.MaxDelay, Stable: p.Restart.Stable,
	}
	spec.TTY, spec.Replicas, spec.Nice = p.Stdio == "pty", p.Replicas, p.Nice
	if p.Umask != "" {
		if mask, err := strconv.ParseUint(p.Umask, 8, 9); err == nil { // else it was refused when it was read
			n := int(mask)
			spec.Umask = &n
		}
	}
	return spec, setChecks(&spec, p)
}

// setChecks gives a process what its file says of its readiness, its liveness
// and its end.
func setChecks(spec *process.Spec, p *config.Process) error {
	if r := p.Ready; r != nil {
		spec.Ready = &process.Ready{Checks: checksOf(r.Checks), Interval: r.Interval, Timeout: r.Timeout}
		if r.Log != "" {
			var err error
			if spec.Ready.Log, err = regexp.Compile(r.Log); err != nil {
				return fmt.Errorf("ready.log: %w", err)
			}
		}
	}
	if l := p.Live; l != nil {
		spec.Live = &process.Live{Checks: checksOf(l.Checks), Interval: l.Interval, Timeout: l.Timeout, Failures: l.Failures}
	}
	spec.Stop.Grace = p.Stop.Grace
	if p.Stop.Signal != "" {
		var err error
		if spec.Stop.Signal, err = process.ParseSignal(p.Stop.Signal); err != nil {
			return fmt.Errorf("stop.signal: %w", err)
		}
	}
	return nil
}

func checksOf(c config.Checks) process.Checks {
	out := process.Checks{TCP: c.TCP, HTTP: c.HTTP, Port: c.Port}
	if c.Exec.Shell != "" || len(c.Exec.Args) > 0 {
		out.Exec = &process.Exec{Shell: c.Exec.Shell, Args: c.Exec.Args}
	}
	return out
}

// ScriptVars gives the variables that a script's file sets on top of env, in
// order: those of its env files, its own. Without env files of its own, the ones
// of its folder count, as for any other process; mode chooses among these.
func (e *Engine) ScriptVars(s project.Script, mode string, env []string) ([]string, error) {
	files := process.EnvFilesOf(s.Dir, mode)
	if s.Policy != nil && s.Policy.EnvFile != nil {
		files = nil
		for _, name := range s.Policy.EnvFile {
			files = append(files, e.Project.Path(name))
		}
	}
	vars, err := process.ReadEnvFiles(s.Dir, files, env)
	if err != nil {
		return nil, err
	}
	return append(vars, s.Pairs()...), nil
}

// reconfigured tells what another configuration has changed. Nothing is started
// or stopped by it: what runs with another definition becomes stale.
func (e *Engine) reconfigured(before, now *project.Known) {
	for _, i := range now.Issues {
		e.options.logf()("%s:%d:%d: %s", i.File, i.Line, i.Column, i.Message)
	}
	if before == nil || len(now.Issues) > 0 {
		if before != nil {
			e.options.logf()("the configuration has mistakes: the one before it stays")
		}
		return
	}
	old := make(map[string]project.Script)
	for _, s := range before.Scripts {
		old[s.ID] = s
	}
	for _, s := range now.Scripts {
		was, ok := old[s.ID]
		if s.Policy == nil || ok && sameDefinition(was, s) {
			continue
		}
		e.redefine(s, ok)
	}
	if !reflect.DeepEqual(before.Config.Logs, now.Config.Logs) || !reflect.DeepEqual(before.Config.Engine, now.Config.Engine) ||
		!reflect.DeepEqual(before.Config.Proxy, now.Config.Proxy) {
		e.options.logf()("the configuration of the engine itself has changed: it counts once the engine has been started again")
	}
	if !reflect.DeepEqual(before.Config.Detection.Matchers, now.Config.Detection.Matchers) {
		e.loadConfiguredMatchers(now.Config.Detection.Matchers)
	}
}

// sameDefinition reports whether two scripts mean the same: to stand on another
// line makes no difference.
func sameDefinition(a, b project.Script) bool {
	a.Line, b.Line = 0, 0
	return reflect.DeepEqual(a, b)
}

// redefine tells the table how a process is defined now.
func (e *Engine) redefine(s project.Script, known bool) {
	spec, err := e.ScriptSpec(s)
	if err == nil {
		spec.Vars, err = e.ScriptVars(s, "", os.Environ())
	}
	switch {
	case err != nil:
		e.options.logf()("%s: %s: %v", s.Source, s.Name, err)
	case e.Process.Redefine(spec) > 0:
		e.options.logf()("%s: %s runs with another definition: the new one counts when it is started again", s.Source, s.Name)
	case known:
		e.options.logf()("%s: %s has changed", s.Source, s.Name)
	default:
		e.options.logf()("%s: %s is new", s.Source, s.Name)
	}
}

func (e *Engine) loadConfiguredMatchers(files []string) {
	if err := e.LoadMatchers(append(append([]string{}, e.options.Matchers...), files...)); err != nil {
		e.options.logf()("matchers: %v", err)
	}
}
