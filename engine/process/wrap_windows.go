package process

func (s *Spec) wrap(argv []string) []string { return argv }

// checkWrap refuses what this system does not have.
func checkWrap(s *Spec) error {
	switch {
	case s.Umask != nil:
		return &SpecError{"umask", "does not exist on Windows"}
	case s.Nice != 0:
		return &SpecError{"nice", "does not exist on Windows"}
	}
	return nil
}
