package guard

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/procfs"
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
	answer reply
	err    error
}

func (s *silence) error(g *Guard, own bool) error {
	now, _ := procfs.ReadStat(g.PID())
	return &SilentError{PID: g.PID(), State: now.State, of: s, own: own}
}

// answers is where the guard's answers are read. A request can't be taken back: it
// waits for as long as the guard is there, unless it is limited.
type answers struct {
	of      *Guard
	limited bool
	turns   int
}

// Read implements [io.Reader].
func (a *answers) Read(b []byte) (int, error) {
	for {
		n, err := a.of.requests.Read(b)
		if !errors.Is(err, unix.EAGAIN) {
			return n, err
		}
		if a.turns++; a.limited && a.enough() {
			return 0, errSilent
		}
		a.of.process.Signal(unix.SIGCONT)
		if a.turns == 1 && a.limited && a.of.Silent != nil {
			a.of.Silent()
		}
	}
}

func (a *answers) enough() bool {
	if a.turns < stoppedTurns {
		return false
	}
	now, err := procfs.ReadStat(a.of.PID())
	return err == nil && stopped(now.State) || a.turns >= turns
}

// listen waits for the answer to a request that was given up.
func (g *Guard) listen(s *silence, late func(reply)) {
	r, err := readReply(&answers{of: g})
	g.asking.Lock()
	s.answer, s.err = r, g.answered(err)
	g.silence = nil
	close(s.over)
	g.asking.Unlock()
	if err == nil && late != nil {
		late(r)
	}
}

// disown ends a leader whose start was given up, and what it has started.
func (g *Guard) disown(r reply) {
	if r.pid == 0 {
		return
	}
	syscall.Kill(-r.pid, unix.SIGKILL) // the number is its own until it is reaped
	if g.Strays != nil {
		g.Strays()
	}
	select {
	case <-g.Ended(r.pid):
		g.Reap(r.pid)
	case <-g.mute:
	}
}
