//go:build unix

package process

import "slices"

// pids are the numbers of the living members, the leader first.
func (s *set) pids() []int {
	var out []int
	for _, p := range s.living() {
		out = append(out, p.pid)
	}
	if i := slices.Index(out, s.leader); i > 0 {
		out[0], out[i] = out[i], out[0]
	}
	return out
}

// with looks for the set that a process belongs to, and returns whether one is
// that.
func (t *sets) with(pid int) func(*set) bool {
	for s, members := range t.look().members {
		if slices.ContainsFunc(members, func(p proc) bool { return p.pid == pid }) {
			return func(o *set) bool { return o == s }
		}
	}
	return func(*set) bool { return false }
}
