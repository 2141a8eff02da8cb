package process

import (
	"slices"
	"strings"
)

// environ is the environment that a process gets: the spec's, the run's marker
// and hints. A hint is only given where the spec has no value for it.
//
//	pipes       FORCE_COLOR, CLICOLOR_FORCE: colour although it is no terminal, unless NO_COLOR is set
//	            PYTHONUNBUFFERED: lines when they are printed, not 8 KiB of them later
//	a terminal  TERM, if there is none or one that can do nothing
func (s *Spec) environ(marker string) []string {
	env := marked(s.Env, marker)
	if s.TTY {
		if term := envValue(env, "TERM"); term == "" || term == "dumb" {
			env = append(env, "TERM=xterm-256color")
		}
		return env
	}
	hints := []string{"PYTHONUNBUFFERED=1"}
	if !hasEnv(env, "NO_COLOR") && !hasEnv(env, "FORCE_COLOR") && !hasEnv(env, "CLICOLOR_FORCE") {
		hints = append(hints, "FORCE_COLOR=1", "CLICOLOR_FORCE=1")
	}
	for _, h := range hints {
		if key, _, _ := strings.Cut(h, "="); !hasEnv(env, key) {
			env = append(env, h)
		}
	}
	return env
}

// marked is a copy of an environment with a run's marker.
func marked(env []string, marker string) []string {
	env = slices.DeleteFunc(slices.Clone(env), func(e string) bool {
		return strings.HasPrefix(e, markerKey+"=") // of the run that our client was started by
	})
	return append(env, markerKey+"="+marker)
}

func hasEnv(env []string, key string) bool {
	return slices.ContainsFunc(env, func(e string) bool {
		k, _, ok := strings.Cut(e, "=")
		return ok && sameEnvKey(k, key)
	})
}
