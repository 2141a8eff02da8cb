//go:build unix

package guard

import "syscall"

// Attr is how the leader's group is made: with a terminal it leads a session,
// else only a group.
func (l *Launch) Attr() *syscall.SysProcAttr {
	if l.TTY {
		return &syscall.SysProcAttr{Setsid: true, Setctty: true}
	}
	return &syscall.SysProcAttr{Setpgid: true}
}
