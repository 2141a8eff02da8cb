//go:build linux && !amd64 && !arm64

package vfork

import (
	"syscall"
	"unsafe"
)

// Start starts a process as package syscall does, for want of a clone in this
// processor's assembly, and answers the request.
func Start(c *Command) (pid int, err error) {
	if e := c.check(); e != 0 {
		c.Answer.Refuse(c.Turn, e)
		return 0, e
	}
	attr := &syscall.SysProcAttr{Setpgid: !c.TTY, Setsid: c.TTY, Setctty: c.TTY}
	files := []uintptr{uintptr(c.Files[0]), uintptr(c.Files[1]), uintptr(c.Files[2])}
	pid, err = syscall.ForkExec(text(c.Path), texts(c.Args), &syscall.ProcAttr{
		Dir: text(c.Dir), Env: texts(c.Env), Files: files, Sys: attr,
	})
	e, _ := err.(syscall.Errno)
	c.Answer.started(c.Turn, pid, e)
	return pid, err
}

func texts(list []*byte) (out []string) {
	for _, p := range list[:len(list)-1] {
		out = append(out, text(p))
	}
	return out
}

func text(p *byte) string {
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return unsafe.String(p, n)
}
