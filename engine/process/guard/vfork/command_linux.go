package vfork

import "syscall"

// Command is what to execute, in the form that execve(2) takes: strings end with a
// NUL, lists with a nil.
type Command struct {
	Path, Dir *byte
	Args, Env []*byte
	Files     [3]int // stdin, stdout, stderr, each above 2
	TTY       bool   // stdin is a terminal, and becomes the session's: else the process only leads a group

	Answer *Answer // who asked learns from it what has come of the start
	Turn   int32   // which of its requests this is

	handled []int  // the signals that this process handles
	mask    uint64 // the signals that it blocks
	errno   syscall.Errno
}

// check refuses files that would be in each other's way where they are to be put.
func (c *Command) check() syscall.Errno {
	for _, fd := range c.Files {
		if fd < len(c.Files) {
			return syscall.EBADF
		}
	}
	return 0
}
