package procfs

import (
	"errors"

	"golang.org/x/sys/unix"
)

// Signal sends a signal to the process that had this pid when it started at
// start, and to no other: the descriptor is of one process, whatever becomes of
// its number, and the start is compared once it is held. A process that has
// ended is no error.
func Signal(pid int, start uint64, s unix.Signal) error {
	fd, err := unix.PidfdOpen(pid, 0)
	switch {
	case errors.Is(err, unix.ESRCH), errors.Is(err, unix.EINVAL):
		return nil // EINVAL: a thread has the number now
	case err != nil:
		return err
	}
	defer unix.Close(fd)
	if now, err := ReadStat(pid); err != nil || now.Start != start {
		return nil
	}
	err = unix.PidfdSendSignal(fd, s, nil, 0)
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	return err
}
