package process

import (
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/windows"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard"
)

// children starts leaders as the engine's own children. Their sets are jobs,
// which the system ends when the engine does.
type children struct{ wg sync.WaitGroup }

func newStarter(*Options, func()) *children { return &children{} }

func (*children) roots() []int { return nil }

func (c *children) start(l *guard.Launch, _ func()) (*leader, error) {
	p, err := os.StartProcess(l.Path, l.Args, &os.ProcAttr{
		Dir: l.Dir, Env: l.Env, Files: l.Files[:],
		Sys: &syscall.SysProcAttr{CreationFlags: creationFlags()},
	})
	if err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	var state *os.ProcessState
	var failed error
	c.wg.Go(func() {
		defer close(ended)
		state, failed = p.Wait()
	})
	return &leader{pid: p.Pid, ended: ended, reap: func() (exit, error) {
		<-ended
		if failed != nil {
			return exit{code: -1}, failed
		}
		return exit{code: state.ExitCode()}, nil
	}}, nil
}

// creationFlags make a group that can be sent CTRL_BREAK. A process of an engine
// without a console would open one with a window: it gets one without.
func creationFlags() uint32 {
	if _, err := windows.GetConsoleCP(); err != nil {
		return syscall.CREATE_NEW_PROCESS_GROUP | windows.CREATE_NO_WINDOW
	}
	return syscall.CREATE_NEW_PROCESS_GROUP
}

func (c *children) close() { c.wg.Wait() }
