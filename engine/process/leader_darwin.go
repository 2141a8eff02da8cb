package process

import (
	"errors"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// children starts leaders as the engine's own children: this system has nothing
// that could adopt their orphans.
type children struct{ wg sync.WaitGroup }

func adoptOrphans() {}

func newStarter(*Options, func()) *children { return &children{} }

func (*children) roots() []int { return nil }

func (c *children) start(l *guard.Launch, _ func()) (*leader, error) { return startChild(l, &c.wg) }

func (c *children) close() { c.wg.Wait() }

// awaitChild returns when a child of this process has ended, and leaves it as it
// is: a queue of the kernel's tells, where waiting would give its number back.
func awaitChild(pid int) {
	queue, err := unix.Kqueue()
	if err != nil {
		return // reap waits all the same
	}
	defer unix.Close(queue)
	unix.CloseOnExec(queue)
	change := []unix.Kevent_t{{Fflags: unix.NOTE_EXIT}}
	unix.SetKevent(&change[0], pid, unix.EVFILT_PROC, unix.EV_ADD|unix.EV_ONESHOT)
	for {
		_, err := unix.Kevent(queue, change, make([]unix.Kevent_t, 1), nil)
		if !errors.Is(err, unix.EINTR) {
			return // it has ended, or had before (ESRCH)
		}
	}
}
