//go:build unix

package process

import (
	"os/exec"
	"syscall"
)

func newGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// endWithGroup makes cmd a group of its own that is killed as a whole.
func endWithGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = newGroup()
	dieWithEngine(cmd.SysProcAttr)
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
