package process

// pids is the leader's alone.
func (s *set) pids() []int { return []int{s.leader} }
