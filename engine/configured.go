package engine

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
		spec.Watch = &process.Watch{Debounce: w.Delay, Ignore: w.Ignore, Paths: w.Paths, Cascade: w.Cascade}
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

// reconfigured lets another configuration count, and tells what it has changed.
// Nothing is started or stopped by it: what runs with another definition becomes
// stale.
func (e *Engine) reconfigured(before, now *project.Known) {
	for _, i := range slices.Concat(now.Issues, now.Warnings) {
		e.options.logf()("%s", i)
	}
	if len(now.Issues) > 0 {
		if before != nil {
			e.options.logf()("the configuration has mistakes: the one before it stays")
		}
		return
	}
	if before == nil || !sameMatchers(before, now) {
		e.useMatchers(now.Matchers, now.Scripts)
	}
	e.useGates(now.Config.Gates)
	e.Monitor.SetInterval(now.Config.Metrics.Interval)
	e.sampling.want(now.Config.Metrics.Always)
	if before == nil {
		return
	}
	for _, s := range now.Redefined(before) {
		e.redefine(s, before.Defines(s.ID))
	}
	if later := Later(before.Config, now.Config); len(later) > 0 {
		e.options.logf()("%s: the change counts once the engine has been started again", strings.Join(later, ", "))
	}
}

// atOnce are the settings whose change counts at once; that of any other one
// counts once the engine has been started again.
var atOnce = []string{"metrics.interval", "metrics.always", "proxy.inject"}

// Later gives the settings whose change does not count before the engine has been
// started again.
func Later(before, now *config.Merged) []string {
	return slices.DeleteFunc(now.Changed(before), func(path string) bool { return slices.Contains(atOnce, path) })
}

// configuredScripts are configured processes as scripts, as far as the
// configuration alone tells: without the commands of those that name a script.
func configuredScripts(list config.Processes) []project.Script {
	scripts := make([]project.Script, len(list))
	for i, p := range list {
		scripts[i] = project.Script{Name: p.Name, Source: p.File, Policy: &p.Process}
	}
	return scripts
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
