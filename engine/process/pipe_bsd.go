//go:build unix && !linux

package process

import (
	"os"
	"syscall"
)

// cloexecPipe: a fork of somebody else must not come in between.
func cloexecPipe(fds *[2]int) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := syscall.Pipe(fds[:]); err != nil {
		return err
	}
	syscall.CloseOnExec(fds[0])
	syscall.CloseOnExec(fds[1])
	return nil
}

// widen does nothing: what a pipe holds is the system's to say there.
func widen(*os.File, uintptr) {}
