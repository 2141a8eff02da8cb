//go:build unix

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const sigPipe = syscall.SIGPIPE

var endSignals = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, sigPipe}

func isTerminal(f *os.File) bool {
	_, err := unix.IoctlGetTermios(int(f.Fd()), ioctlGetTermios)
	return err == nil
}

// columnsOf is how many characters a terminal has in a row, 0 of what is none.
func columnsOf(f *os.File) int {
	columns, _ := sizeOf(f)
	return columns
}

// sizeOf is how many columns and rows a terminal has, 0 of what is none.
func sizeOf(f *os.File) (columns, rows int) {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0, 0
	}
	return int(size.Col), int(size.Row)
}

// othersMayRead says who besides this user can read a file, "" if nobody.
func othersMayRead(info fs.FileInfo) string {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != os.Getuid() {
		return fmt.Sprintf("it belongs to uid %d", stat.Uid)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Sprintf("its permissions are %v", info.Mode().Perm())
	}
	return ""
}

// readerGone reports whether an error is that of writing to a pipe that nobody reads
// any more: a pager that has been left, head that has had its lines.
func readerGone(err error) bool { return errors.Is(err, unix.EPIPE) }

// watchReader calls hangUp when nobody reads the pipe or socket f any more, which
// a write would find out only when there is something to write. The returned
// function ends the watch.
func watchReader(f *os.File, hangUp func()) (stop func()) {
	info, err := f.Stat()
	if err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) == 0 {
		return func() {}
	}
	return watchDescriptor(int(f.Fd()), hangUp)
}

// watchConn is watchReader for a connection. It needs a descriptor of its own,
// because the connection's may be closed and given to others; conn.File would
// make both blocking.
func watchConn(conn *net.UnixConn, hangUp func()) (stop func()) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return func() {}
	}
	fd := -1
	if raw.Control(func(own uintptr) { fd, err = unix.FcntlInt(own, unix.F_DUPFD_CLOEXEC, 0) }) != nil || err != nil {
		return func() {}
	}
	stopWatch := watchDescriptor(fd, hangUp)
	return func() {
		stopWatch()
		unix.Close(fd)
	}
}

// watchDescriptor waits for an error or a hang-up on fd, in poll(2) on a thread
// of its own, so it costs no wake-ups.
func watchDescriptor(fd int, hangUp func()) (stop func()) {
	wakeR, wakeW, err := os.Pipe()
	if err != nil {
		return func() {}
	}
	fds := []unix.PollFd{{Fd: int32(fd)}, {Fd: int32(wakeR.Fd()), Events: unix.POLLIN}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			n, err := unix.Poll(fds, -1)
			if err == unix.EINTR || err == nil && n == 0 {
				continue
			}
			if err == nil && fds[1].Revents == 0 {
				hangUp()
			}
			return
		}
	}()
	return func() {
		wakeW.Close()
		<-done
		wakeR.Close()
	}
}
