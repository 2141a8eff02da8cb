//go:build unix

package process

import (
	"os"
	"syscall"
)

// pipe makes a pipe whose one end, the reading one if reads, is a child's, and the
// other ours. Only ours is made to be waited for: what os.Pipe would do for the
// child's as well, and undo again, is a good part of the time that a start takes.
func pipe(reads bool) (child, ours *os.File, err error) {
	var fds [2]int
	syscall.ForkLock.RLock()
	err = syscall.Pipe(fds[:])
	if err == nil {
		syscall.CloseOnExec(fds[0])
		syscall.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, os.NewSyscallError("pipe", err)
	}
	if !reads {
		fds[0], fds[1] = fds[1], fds[0]
	}
	if err := syscall.SetNonblock(fds[1], true); err != nil {
		syscall.Close(fds[0])
		syscall.Close(fds[1])
		return nil, nil, os.NewSyscallError("fcntl", err)
	}
	return os.NewFile(uintptr(fds[0]), "pipe"), os.NewFile(uintptr(fds[1]), "pipe"), nil
}
