package process

import (
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// endRest waits for the leader and kills what is left of its group. The leader is
// not collected before that, so the group's number can't be a stranger's.
func endRest(cmd *exec.Cmd) {
	for unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

// collectRest collects the orphans of a killed group, which this process has
// adopted. One that the system can't kill is left to the end of the engine.
func collectRest(cmd *exec.Cmd) {
	for pause := time.Microsecond * 50; pause < 100*time.Millisecond; pause *= 2 {
		reapGroup(cmd.Process.Pid)
		if syscall.Kill(-cmd.Process.Pid, 0) == syscall.ESRCH {
			return
		}
		time.Sleep(pause)
	}
}
