//go:build linux && !amd64 && !arm64

package vfork

import (
	"syscall"
	"unsafe"
)

// Start starts a process as package syscall does, for want of a clone in this
// processor's assembly.
func Start(c *Command) (pid int, err error) {
	attr := &syscall.SysProcAttr{Setpgid: !c.TTY, Setsid: c.TTY, Setctty: c.TTY}
	files := []uintptr{uintptr(c.Files[0]), uintptr(c.Files[1]), uintptr(c.Files[2])}
	return syscall.ForkExec(text(c.Path), texts(c.Args), &syscall.ProcAttr{
		Dir: text(c.Dir), Env: texts(c.Env), Files: files, Sys: attr,
	})
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
