package process

import (
	"os"
	"syscall"
)

func cloexecPipe(fds *[2]int) error { return syscall.Pipe2(fds[:], syscall.O_CLOEXEC) }

const setPipeSize = 1031 // F_SETPIPE_SZ in linux/fcntl.h

// widen makes a pipe hold more bytes, if the system lets it: a user has so much for
// all of his pipes.
func widen(pipe *os.File, bytes uintptr) {
	if c, err := pipe.SyscallConn(); err == nil {
		c.Control(func(fd uintptr) { syscall.Syscall(syscall.SYS_FCNTL, fd, setPipeSize, bytes) })
	}
}
