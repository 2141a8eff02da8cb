package guard

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/procfs"
	"github.com/brummer-rpc/brummer-rpc/engine/process/guard/vfork"
)

// How long an answer may take before the guard is told to go on, each time; and how
// often that happens before a request is given up. A guard that is still stopped
// then, after CONT, is so for a reason, as under a debugger; one that waits for the
// system, as for a program on a disk that sleeps, is given more time.
const (
	patience     = time.Second
	stoppedTurns = 2
	turns        = 10
)

// quick is for how long an answer is watched out for, awake: twice what a start mostly
// takes once it has been sent, if nothing is in its way (50 to 130 us).
const quick = 250 * time.Microsecond

// SilentError: the guard has not answered, and the request was given up. There are
// no others until it has answered that one.
type SilentError struct {
	PID   int
	State byte // as ps has it

	of  *silence
	own bool // the request was the caller's
}

func (e *SilentError) Error() string {
	if stopped(e.State) {
		return fmt.Sprintf("the guard process, pid %d, is stopped (state %c) and does not go on when it is told to: "+
			"detach the debugger or whatever holds it, and start this again; or end it with kill -KILL %d, which ends what it guards, too", e.PID, e.State, e.PID)
	}
	return fmt.Sprintf("the guard process, pid %d, has not answered for %v (state %c: D waits for the system, perhaps for a disk or a network folder that does not answer): "+
		"start this again when it does; or end it with kill -KILL %d, which ends what it guards, too", e.PID, turns*patience, e.State, e.PID)
}

func stopped(state byte) bool { return state == 'T' || state == 't' }

// errSilent: there was no answer for as long as a request waits.
var errSilent = errors.New("no answer")

// silence is the time from giving a request up to its answer.
type silence struct {
	over   chan struct{} // closed at its end; then there are
	answer vfork.Reply
	err    error
}

func (s *silence) error(g *Guard, own bool) error {
	now, _ := procfs.ReadStat(g.PID())
	return &SilentError{PID: g.PID(), State: now.State, of: s, own: own}
}

// await waits for the answer to a request, which the guard is sent CONT for again and
// again. The error is errSilent, or [ErrLost].
func (g *Guard) await(r *request) error {
	if r.quick && g.answer.Watch(quick) {
		return g.lost()
	}
	for n := 1; !g.answer.Wait(patience); n++ {
		if g.enough(n) {
			return errSilent
		}
		g.process.Signal(unix.SIGCONT)
		if n == 1 && g.Silent != nil {
			g.Silent()
		}
	}
	return g.lost()
}

// lost is the error of a request that has got all the answer that it will get.
func (g *Guard) lost() error {
	if g.answer.Lost() {
		return ErrLost
	}
	return nil
}

// enough reports whether a request that has waited n times is to be given up.
func (g *Guard) enough(n int) bool {
	if n < stoppedTurns {
		return false
	}
	now, err := procfs.ReadStat(g.PID())
	return err == nil && stopped(now.State) || n >= turns
}

// listen waits for the answer to a request that was given up: it can't be taken back.
func (g *Guard) listen(s *silence, late func(vfork.Reply)) {
	for !g.answer.Wait(patience) {
		g.process.Signal(unix.SIGCONT)
	}
	g.asking.Lock()
	s.answer, s.err = g.answer.Reply, g.answered(g.lost())
	g.silence = nil
	close(s.over)
	g.asking.Unlock()
	if s.err == nil && late != nil {
		late(s.answer)
	}
}

// disown ends a leader whose start was given up, and what it has started.
func (g *Guard) disown(r vfork.Reply) {
	if r.Errno != 0 {
		return
	}
	pid := int(r.PID)
	syscall.Kill(-pid, unix.SIGKILL) // the number is its own until it is reaped
	if g.Strays != nil {
		g.Strays()
	}
	select {
	case <-g.Ended(pid):
		g.Reap(pid)
	case <-g.mute:
	}
}
