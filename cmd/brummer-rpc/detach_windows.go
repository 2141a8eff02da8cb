package main

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// detached puts a child outside of this console. It gets one of its own that has no
// window: without any, each of its processes would open a window, and none could be
// sent CTRL_BREAK, which goes through a console that both have.
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP | windows.CREATE_NO_WINDOW}
}
