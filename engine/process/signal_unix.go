//go:build unix

package process

import (
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Signal is a signal of the operating system.
type Signal = syscall.Signal

const (
	sigTerm = syscall.SIGTERM
	sigKill = syscall.SIGKILL
	sigCont = syscall.SIGCONT
)

// ParseSignal takes a name with or without SIG, in any case. The error is a
// [*SignalError].
func ParseSignal(name string) (Signal, error) {
	upper := strings.ToUpper(strings.TrimSpace(name))
	if !strings.HasPrefix(upper, "SIG") {
		upper = "SIG" + upper
	}
	if s := unix.SignalNum(upper); s != 0 {
		return s, nil
	}
	return 0, &SignalError{name}
}

func signalName(s Signal) string {
	if name := unix.SignalName(s); name != "" {
		return name
	}
	return s.String() // a real-time signal has only a number
}
