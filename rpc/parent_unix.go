//go:build unix

package rpc

import "syscall"

func processExists(pid int) bool { return syscall.Kill(pid, 0) != syscall.ESRCH }
