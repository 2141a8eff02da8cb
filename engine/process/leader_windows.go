package process

import (
	"os"
	"sync"
	"syscall"

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
		Sys: &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP},
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

func (c *children) close() { c.wg.Wait() }
