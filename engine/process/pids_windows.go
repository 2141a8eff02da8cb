package process

// pids is the leader's alone.
func (s *set) pids() []int { return []int{s.leader} }

// with returns whether a process is a set's leader.
func (t *sets) with(pid int) func(*set) bool {
	return func(s *set) bool { return s.leader == pid }
}
