//go:build amd64 || arm64

package vfork

import (
	"sync"
	"syscall"
	"unsafe"
)

// Start starts a process, which answers the request. The error is a [syscall.Errno], of
// clone or of what the child did before it was the new program.
func Start(c *Command) (pid int, err error) {
	if e := c.check(); e != 0 {
		c.Answer.Refuse(c.Turn, e)
		return 0, e
	}
	limited()
	c.handled = handled()
	pid = fork(c)
	if pid < 0 {
		c.Answer.Refuse(c.Turn, syscall.Errno(-pid))
		return 0, syscall.Errno(-pid)
	}
	c.Answer.started(c.Turn, pid, c.errno) // for a kernel that does not say so itself, as an emulated one
	if c.errno != 0 {
		for {
			if _, err := syscall.Wait4(pid, nil, 0, nil); err != syscall.EINTR {
				return 0, c.errno
			}
		}
	}
	return pid, nil
}

// Signals end with 64, and a set of them has 8 bytes, in bytes (signal(7)).
const (
	signals  = 64
	maskSize = 8
)

// action is the kernel's struct sigaction.
type action struct {
	handler  uintptr // 0: the default, 1: ignored
	flags    uint64
	restorer uintptr
	mask     uint64
}

// handled lists the signals that have a handler, which a child must not run. The
// runtime has set them all before main begins, but for those that were ignored then
// and are asked for with package os/signal: do that before the first start.
var handled = sync.OnceValue(func() (list []int) {
	var a action
	for s := 1; s <= signals; s++ {
		_, _, e := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(s), 0, uintptr(unsafe.Pointer(&a)), maskSize, 0, 0)
		if e == 0 && a.handler > 1 {
			list = append(list, s)
		}
	}
	return list
})

// limited gives this process back the number of files that it was allowed to open
// before package syscall raised it, for its children: there are programs that close
// as many descriptors as there may be (RLIMIT_NOFILE, getrlimit(2)). Only syscall
// knows the number, and goes back to it before it executes something else, which
// fails here. A guard needs no more than a handful itself.
var limited = sync.OnceFunc(func() { syscall.Exec("", []string{""}, nil) })

// clone is clone(2) with CLONE_VM, CLONE_VFORK and SIGCHLD: it returns 0 in the
// child, which has the caller's memory and stack, and the child's number or a
// negative error in the caller, once the child is another program or has ended. The
// kernel writes the number to pid before there is a child, and 0 to turn, waking who
// waits for that, once it is another program or has ended (CLONE_PARENT_SETTID,
// CLONE_CHILD_CLEARTID).
func clone(pid, turn *int32) int

// fork returns in the parent only. Between clone and exec two processes are on one
// stack: the child calls downwards from here and never returns, so this function's
// frame, which is all that the parent uses afterwards, stays as it was. Nothing here
// may grow the stack, be preempted or come under the race detector.
//
//go:nosplit
//go:noinline
//go:norace
func fork(c *Command) int {
	all := ^uint64(0)
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, sigSetMask, uintptr(unsafe.Pointer(&all)), uintptr(unsafe.Pointer(&c.mask)), maskSize, 0, 0)
	pid := clone(&c.Answer.PID, (*int32)(unsafe.Pointer(&c.Answer.turn)))
	if pid == 0 {
		become(c)
	}
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, sigSetMask, uintptr(unsafe.Pointer(&c.mask)), 0, maskSize, 0, 0)
	return pid
}

const sigSetMask = 2 // SIG_SETMASK

// become is the child's part.
//
//go:nosplit
//go:noinline
//go:norace
func become(c *Command) {
	c.errno = prepare(c)
	if c.errno == 0 {
		_, _, c.errno = syscall.RawSyscall(syscall.SYS_EXECVE, uintptr(unsafe.Pointer(c.Path)),
			uintptr(unsafe.Pointer(unsafe.SliceData(c.Args))), uintptr(unsafe.Pointer(unsafe.SliceData(c.Env))))
	}
	c.Answer.Errno = int32(c.errno)
	for {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 127, 0, 0)
	}
}

// prepare makes the child what the program is to find itself as.
//
//go:nosplit
//go:noinline
//go:norace
func prepare(c *Command) (e syscall.Errno) {
	var byDefault action
	for _, s := range c.handled {
		syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(s), uintptr(unsafe.Pointer(&byDefault)), 0, maskSize, 0, 0)
	}
	if c.TTY {
		_, _, e = syscall.RawSyscall(syscall.SYS_SETSID, 0, 0, 0)
	} else {
		_, _, e = syscall.RawSyscall(syscall.SYS_SETPGID, 0, 0, 0)
	}
	if e != 0 {
		return e
	}
	if _, _, e = syscall.RawSyscall(syscall.SYS_CHDIR, uintptr(unsafe.Pointer(c.Dir)), 0, 0); e != 0 {
		return e
	}
	for i, fd := range c.Files {
		if _, _, e = syscall.RawSyscall(syscall.SYS_DUP3, uintptr(fd), uintptr(i), 0); e != 0 {
			return e
		}
	}
	if c.TTY {
		if _, _, e = syscall.RawSyscall(syscall.SYS_IOCTL, 0, syscall.TIOCSCTTY, 0); e != 0 {
			return e
		}
	}
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, sigSetMask, uintptr(unsafe.Pointer(&c.mask)), 0, maskSize, 0, 0)
	return 0
}
