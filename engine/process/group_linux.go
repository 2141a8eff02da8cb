package process

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// adoptOrphans makes this process the parent of its descendants' orphans
// (prctl(2), PR_SET_CHILD_SUBREAPER): they can then be waited for, so that a
// group of zombies that nobody reaps is not taken for a living one.
func adoptOrphans() { unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// reapGroup collects the adopted zombies of a group whose leader is collected.
func reapGroup(pgid int) {
	for {
		pid, err := syscall.Wait4(-pgid, nil, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || pid == 0 {
			return
		}
	}
}
