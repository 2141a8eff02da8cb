package diagnose

// Choose gives the rules of some of the matchers: those that want says yes to,
// who is told the file that a matcher was read from, and its name.
func (r *Rules) Choose(want func(file, name string) bool) *Rules {
	if r == nil {
		return nil
	}
	var chosen Rules
	for _, m := range r.matchers {
		if want(m.file, m.name) {
			chosen.matchers = append(chosen.matchers, m)
		}
	}
	if len(chosen.matchers) == 0 {
		return nil
	}
	chosen.finish()
	return &chosen
}

// Named lists the names of the matchers.
func (r *Rules) Named() (names []string) {
	if r == nil {
		return nil
	}
	for _, m := range r.matchers {
		names = append(names, m.name)
	}
	return names
}
