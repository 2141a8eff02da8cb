package process

import "github.com/brummer-rpc/brummer-rpc/engine/process/guard"

// leader is the first process of a run, as its parent has it: the guard, or the
// engine itself. Its number is also the number of its group.
type leader struct {
	pid   int
	ended <-chan struct{}      // closed when it has ended
	reap  func() (exit, error) // how it has ended, once; gives its number back

	// lost is closed when its guard has ended, which then never tells of its end;
	// nil without one. adopt takes it as our own child after that, and returns
	// what is closed when it has ended.
	lost  <-chan struct{}
	adopt func() <-chan struct{}
}

// exit is how a leader ended.
type exit struct {
	code   int    // -1 if a signal ended it, or nobody knows
	signal string // "" if none did
	core   bool   // and left a core dump
}

// starter starts leaders.
type starter interface {
	// start starts a leader whose set is marked in its environment. The files
	// stay the caller's. If another process starts the leader, meanwhile is called
	// in the meantime; more than once if that process has to be replaced.
	start(l *guard.Launch, meanwhile func()) (*leader, error)
	// close ends what is left and returns when that is done.
	close()
}
