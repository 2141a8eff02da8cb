//go:build unix

package process

import (
	"errors"
	"sync"
	"syscall"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// startChild starts a leader as a child of this process.
func startChild(l *guard.Launch, wg *sync.WaitGroup) (*leader, error) {
	pid, err := forkExec(l)
	if err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	wg.Go(func() {
		defer close(ended)
		awaitChild(pid)
	})
	return &leader{pid: pid, ended: ended, reap: func() (exit, error) { return exitOf(reapChild(pid)) }}, nil
}

// forkExec starts a child that is collected by its number: os.Process would do
// so by itself, and give the number back.
func forkExec(l *guard.Launch) (pid int, err error) {
	attr := &syscall.ProcAttr{Dir: l.Dir, Env: l.Env, Sys: l.Attr()}
	for _, f := range l.Files {
		attr.Files = append(attr.Files, f.Fd())
	}
	return syscall.ForkExec(l.Path, l.Args, attr)
}

// reapChild waits for a child to end and gives its number back to the system.
func reapChild(pid int) (syscall.WaitStatus, error) {
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(pid, &status, 0, nil)
		if !errors.Is(err, syscall.EINTR) {
			return status, err
		}
	}
}

func exitOf(status syscall.WaitStatus, err error) (exit, error) {
	switch {
	case err != nil:
		return exit{code: -1}, err
	case status.Signaled():
		return exit{-1, signalName(status.Signal()), status.CoreDump()}, nil
	}
	return exit{code: status.ExitStatus()}, nil
}
