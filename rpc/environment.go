package rpc

import (
	"maps"
	"os"
	"slices"

	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// setEnvironment gives a process its environment: the session's, or else the
// engine's own, then env files, then the script's own, then the call's. The files and the call's may be
// shown later, the session's never.
func (c *call) setEnvironment(spec *process.Spec, script project.Script, p wire.StartParams) error {
	c.mu.Lock()
	session := c.env
	c.mu.Unlock()
	var env []string
	if session == nil {
		env = os.Environ()
	}
	env = append(env, envPairs(session)...)
	env = append(env, envPairs(c.server.childEnv())...)
	if err := process.CheckMode(p.Mode); err != nil {
		return err
	}
	if p.Mode != "" && p.EnvFiles != nil {
		return invalidParams("/mode", "mode chooses env files: give it or envFiles, not both")
	}
	vars, err := c.engine.ScriptVars(script, p.Mode, env)
	if p.EnvFiles != nil {
		vars, err = process.ReadEnvFiles(spec.Dir, p.EnvFiles, env)
		vars = append(vars, script.Pairs()...)
	}
	if err != nil {
		return err
	}
	spec.Vars = append(vars, envPairs(p.Env)...)
	spec.Env = append(env, spec.Vars...)
	return nil
}

// envPairs is a map as KEY=value, sorted.
func envPairs(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+"="+m[k])
	}
	return out
}
