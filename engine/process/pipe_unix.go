//go:build unix

package process

import (
	"os"
	"syscall"
)

// pipe makes a pipe whose one end, the reading one if reads, is a child's, and the
// other ours.
func pipe(reads bool) (child *os.File, ours *end, err error) {
	var fds [2]int
	if err := cloexecPipe(&fds); err != nil {
		return nil, nil, os.NewSyscallError("pipe", err)
	}
	if !reads {
		fds[0], fds[1] = fds[1], fds[0]
	}
	return os.NewFile(uintptr(fds[0]), "pipe"), &end{fd: fds[1]}, nil
}

// end is our end of a pipe or terminal. Of a pipe's the runtime learns only when
// somebody wants to wait for it: that takes system calls, and wakes the thread that
// waits for files, which a start need not wait for. One goroutine at a time may use
// it, but for what it has opened.
type end struct {
	file *os.File
	fd   int // as long as file is nil
}

// open returns the file, which can be waited for with a deadline.
func (e *end) open() *os.File {
	if e.file == nil {
		syscall.SetNonblock(e.fd, true)
		e.file = os.NewFile(uintptr(e.fd), "pipe")
	}
	return e.file
}

// close is for an end that nobody has opened, too.
func (e *end) close() {
	switch {
	case e == nil:
	case e.file != nil:
		e.file.Close()
	case e.fd >= 0:
		syscall.Close(e.fd)
		e.fd = -1
	}
}
