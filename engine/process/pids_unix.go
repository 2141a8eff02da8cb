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
