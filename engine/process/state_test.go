package process

import "testing"

// TestTransitions enumerates every pair of states: what is not listed here is
// refused with a panic.
func TestTransitions(t *testing.T) {
	allowed := map[[2]State]bool{
		{Idle, Pending}:     true, // depends on what has not come yet
		{Idle, Starting}:    true,
		{Pending, Starting}: true,
		{Pending, Stopped}:  true, // taken back
		{Pending, Failed}:   true, // a dependency has failed
		{Starting, Running}: true,
		{Starting, Failed}:  true, // could not be spawned
		{Running, Stopping}: true,
		{Running, Exited}:   true,
		{Running, Failed}:   true,
		{Stopping, Stopped}: true,
		{Stopping, Failed}:  true, // was not alive
		{Backoff, Pending}:  true,
		{Backoff, Starting}: true,
		{Backoff, Stopped}:  true, // taken back
		{Stopped, Pending}:  true,
		{Stopped, Starting}: true,
		{Exited, Pending}:   true,
		{Exited, Starting}:  true,
		{Exited, Backoff}:   true,
		{Failed, Pending}:   true,
		{Failed, Starting}:  true,
		{Failed, Backoff}:   true,
	}
	for from := Idle; from < numStates; from++ {
		for to := Idle; to < numStates; to++ {
			if ok := !panics(func() { checkTransition("p", from, to) }); ok != allowed[[2]State{from, to}] {
				t.Errorf("%s -> %s: allowed %v", from, to, ok)
			}
		}
		if from != Idle && from.Active() == from.Ended() {
			t.Errorf("%s must be either active or ended", from)
		}
		if from.Alive() && !from.Active() {
			t.Errorf("%s is alive, but not active", from)
		}
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

func TestWord(t *testing.T) {
	for s := Idle; s < numStates; s++ {
		for _, run := range []uint32{0, 1, 1 << 31} {
			for _, ready := range []bool{false, true} {
				if w := packWord(s, ready, run); w.state() != s || w.run() != run || w.ready() != ready {
					t.Errorf("%s of run %d, ready %v, is unpacked as %s of run %d, ready %v", s, run, ready, w.state(), w.run(), w.ready())
				}
			}
		}
	}
}
