//go:build unix

package main

import (
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

// watchReader calls hangUp when nobody reads the pipe or socket f any more, which
// a write would find out only when there is something to write. It costs no
// wake-ups. The returned function ends the watch.
func watchReader(f *os.File, hangUp func()) (stop func()) {
	info, err := f.Stat()
	if err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) == 0 {
		return func() {}
	}
	wakeR, wakeW, err := os.Pipe()
	if err != nil {
		return func() {}
	}
	fds := []unix.PollFd{{Fd: int32(f.Fd())}, {Fd: int32(wakeR.Fd()), Events: unix.POLLIN}}
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
