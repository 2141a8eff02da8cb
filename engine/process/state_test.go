package process

import "testing"

// TestTransitions enumerates every pair of states: what is not listed here is
// refused with a panic.
func TestTransitions(t *testing.T) {
	allowed := map[[2]State]bool{
		{Idle, Starting}:    true,
		{Starting, Running}: true,
		{Starting, Failed}:  true, // could not be spawned
		{Running, Stopping}: true,
		{Running, Exited}:   true,
		{Running, Failed}:   true,
		{Stopping, Stopped}: true,
		{Stopped, Starting}: true,
		{Exited, Starting}:  true,
		{Failed, Starting}:  true,
	}
	for from := Idle; from <= Failed; from++ {
		for to := Idle; to <= Failed; to++ {
			if ok := !panics(func() { checkTransition("p", from, to) }); ok != allowed[[2]State{from, to}] {
				t.Errorf("%s -> %s: allowed %v", from, to, ok)
			}
		}
		if from.Active() && from.Ended() {
			t.Errorf("%s is both active and ended", from)
		}
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

func TestWord(t *testing.T) {
	for s := Idle; s <= Failed; s++ {
		for _, run := range []uint32{0, 1, 1 << 31} {
			if w := packWord(s, run); w.state() != s || w.run() != run {
				t.Errorf("%s of run %d is unpacked as %s of run %d", s, run, w.state(), w.run())
			}
		}
	}
}
