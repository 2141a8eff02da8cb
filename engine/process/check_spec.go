package process

import (
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Limits of what a definition may ask for.
const (
	MaxReplicas     = 100
	maxDependencies = 1000
)

// check refuses what can't be meant, and settles what depends on other parts.
// The errors are [*SpecError] and [*NameError].
func (s *Spec) check() error {
	if s.Live != nil && s.Restart.When == "" {
		s.Restart.When = OnFailure
	}
	for _, check := range []func() error{s.checkOrder, s.checkRestart, s.checkReady, s.checkLive, s.checkWatch, s.checkRest} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Spec) checkOrder() error {
	if len(s.DependsOn) > maxDependencies {
		return &SpecError{"dependsOn", fmt.Sprintf("names %d processes; the limit is %d", len(s.DependsOn), maxDependencies)}
	}
	for _, name := range slices.Sorted(maps.Keys(s.DependsOn)) {
		if c := s.DependsOn[name]; !slices.Contains(Conditions, c) {
			return &SpecError{"dependsOn/" + name, fmt.Sprintf("can't be %q: started, ready, healthy, exited, succeeded", c)}
		}
		if s.Name != "" && name == s.Name {
			return &CycleError{[]string{name, name}}
		}
	}
	return nil
}

func (s *Spec) checkRestart() error {
	r := s.Restart
	switch {
	case r.When != "" && !slices.Contains(Policies, r.When):
		return &SpecError{"restart", fmt.Sprintf("can't be %q: never, onFailure, always", r.When)}
	case r.When == "" && r != (Policy{}):
		return &SpecError{"restart/policy", "is missing: never, onFailure, always"}
	case r.MaxDelay != 0 && r.Delay > r.MaxDelay:
		return &SpecError{"restart/delayMs", "is more than maxDelayMs"}
	case r.Limit < 0:
		return &SpecError{"restart/limit", "must not be negative"}
	}
	for field, d := range map[string]time.Duration{"delayMs": r.Delay, "maxDelayMs": r.MaxDelay, "stableMs": r.Stable} {
		if d < 0 {
			return &SpecError{"restart/" + field, "must not be negative"}
		}
	}
	return nil
}

func (s *Spec) checkReady() error {
	if s.Ready == nil {
		return nil
	}
	if s.Ready.Log == nil && s.Ready.Checks == (Checks{}) {
		return &SpecError{"ready", "says nothing that could hold: give log, tcp, http, exec or port"}
	}
	if err := s.Ready.Checks.check("ready"); err != nil {
		return err
	}
	return checkTimes("ready", s.Ready.Interval, s.Ready.Timeout)
}

func (s *Spec) checkLive() error {
	if s.Live == nil {
		return nil
	}
	if s.Live.Checks == (Checks{}) {
		return &SpecError{"live", "says nothing that could hold: give tcp, http, exec or port"}
	}
	if s.Live.Failures < 0 {
		return &SpecError{"live/failures", "must not be negative"}
	}
	if err := s.Live.Checks.check("live"); err != nil {
		return err
	}
	return checkTimes("live", s.Live.Interval, s.Live.Timeout)
}

func checkTimes(field string, interval, timeout time.Duration) error {
	if interval != 0 && interval < minInterval {
		return &SpecError{field + "/intervalMs", fmt.Sprintf("must be at least %d", minInterval.Milliseconds())}
	}
	if timeout < 0 {
		return &SpecError{field + "/timeoutMs", "must not be negative"}
	}
	return nil
}

func (c Checks) check(field string) error {
	if c.TCP != "" {
		_, port, err := net.SplitHostPort(c.TCP)
		if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 1 || n > 65535 {
			return &SpecError{field + "/tcp", fmt.Sprintf("can't be %q: want HOST:PORT, or :PORT for this machine", c.TCP)}
		}
	}
	if c.HTTP != "" {
		u, err := url.Parse(c.HTTP)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return &SpecError{field + "/http", fmt.Sprintf("can't be %q: want a URL with http or https", c.HTTP)}
		}
	}
	if c.Exec != nil && c.Exec.Shell == "" && len(c.Exec.Args) == 0 {
		return &SpecError{field + "/exec", "is empty"}
	}
	if c.Port != nil && (*c.Port < 0 || *c.Port > 65535) {
		return &SpecError{field + "/port", "must be a port, or 0 for any"}
	}
	return nil
}

func (s *Spec) checkRest() error {
	switch {
	case s.Replicas < 0 || s.Replicas > MaxReplicas:
		return &SpecError{"replicas", fmt.Sprintf("must be from 1 to %d", MaxReplicas)}
	case s.Umask != nil && (*s.Umask < 0 || *s.Umask > 0o777):
		return &SpecError{"umask", "must be from 000 to 777, in octal"}
	case s.Nice < -20 || s.Nice > 19:
		return &SpecError{"nice", "must be from -20 to 19"}
	}
	return checkWrap(s)
}

// Check says why a definition could not be started, nil if nothing is wrong with
// it as far as it alone can tell. The errors are [*SpecError], [*NameError] and
// [*CycleError].
func (s Spec) Check() error { return s.check() }
