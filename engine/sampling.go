package engine

import (
	"sync"

	"github.com/brummer-rpc/brummer-rpc/engine/monitor"
)

// sampling keeps the monitor at work from the engine's start on, if the
// configuration wants that.
type sampling struct {
	mu      sync.Mutex
	monitor *monitor.Monitor // nil until the engine runs
	wanted  bool
	release func() // nil while nothing is held
}

// begin lets it have effect: no goroutine runs before the engine does.
func (s *sampling) begin(m *monitor.Monitor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.monitor = m
	s.applyLocked()
}

func (s *sampling) want(always bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted = always
	s.applyLocked()
}

func (s *sampling) applyLocked() {
	switch {
	case s.monitor == nil:
	case s.wanted && s.release == nil:
		s.release = s.monitor.Hold()
	case !s.wanted && s.release != nil:
		s.release()
		s.release = nil
	}
}
