//go:build unix

package process

import (
	"io"
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

// readNow reads what is there, without waiting for more.
func readNow(f *os.File, b []byte) (n int, err error) {
	if len(b) == 0 {
		return 0, errHeld
	}
	c, err := f.SyscallConn()
	if err != nil {
		return 0, err
	}
	var failed error
	if err := c.Control(func(fd uintptr) { n, failed = syscall.Read(int(fd), b) }); err != nil {
		return 0, err
	}
	switch {
	case failed == nil && n == 0:
		return 0, io.EOF
	case failed == syscall.EAGAIN:
		return 0, errHeld
	}
	return max(0, n), failed
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
