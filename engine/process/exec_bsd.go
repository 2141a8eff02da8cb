//go:build unix && !linux

package process

import (
	"os/exec"
	"syscall"
)

// Without a wait that leaves the leader uncollected, its group can't be killed
// safely once it has ended; what it has left behind lives on.
func endRest(*exec.Cmd) {}

func collectRest(*exec.Cmd) {}

func dieWithEngine(*syscall.SysProcAttr) {}
