// Package vfork starts a process as quickly as the kernel can. It is for the guard,
// which does little else, and for no other program: what it leaves out is left out
// of [syscall.ForkExec] because the guard does not need it.
//
//	guard                         child, in the guard's memory
//	Start   all signals blocked
//	        clone  ------------>  handlers to default, group or session,
//	        | (sleeps)            folder, files, limit, signal mask
//	        |                     execve, or the error to Command.errno and exit
//	        <-------------------  (the memory is the guard's alone again)
//
// ForkExec has a pipe for the error of exec, and waits for it to be closed after the
// kernel has woken it already: it sleeps twice, where this sleeps once and reads a
// word of its own memory. On an idle machine that took 35 us where ForkExec took 76
// (medians of a busy one: 62 and 122).
package vfork

import "syscall"

// Command is what to execute, in the form that execve(2) takes: strings end with a
// NUL, lists with a nil.
type Command struct {
	Path, Dir *byte
	Args, Env []*byte
	Files     [3]int // stdin, stdout, stderr, each above 2
	TTY       bool   // stdin is a terminal, and becomes the session's: else the process only leads a group

	handled []int  // the signals that this process handles
	mask    uint64 // the signals that it blocks
	errno   syscall.Errno
}
