package process

import (
	"errors"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// reapGroup collects the adopted zombies of a group whose leader is collected.
func reapGroup(pgid int) {
	for {
		pid, err := syscall.Wait4(-pgid, nil, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || pid == 0 {
			return
		}
	}
}

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

func dieWithEngine(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }
