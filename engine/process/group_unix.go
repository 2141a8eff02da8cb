//go:build unix

package process

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Signal is a signal of the operating system.
type Signal = syscall.Signal

const (
	sigTerm = syscall.SIGTERM
	sigKill = syscall.SIGKILL
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

func signalName(s Signal) string { return unix.SignalName(s) }

// newGroup makes the child the leader of a process group of its own.
func newGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// group is a process group by its number. The number can't be given to others
// while a process of the group exists, so whoever signals it makes sure of
// that first.
type group int

func groupOf(leader *os.Process) group { return group(leader.Pid) }

func (g group) String() string { return fmt.Sprint(int(g)) }

func (g group) signal(s Signal) { syscall.Kill(-int(g), s) }

// empty reports whether no process of the group is left, once its leader has
// been waited for.
func (g group) empty() bool {
	reapGroup(int(g))
	return syscall.Kill(-int(g), 0) == syscall.ESRCH
}

func shellArgs(command string) []string { return []string{"/bin/sh", "-c", command} }

func sameEnvKey(a, b string) bool { return a == b }

// findExecutable checks one path for being a program.
func findExecutable(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case os.IsNotExist(err):
		return "", fmt.Errorf("the program %s does not exist", path)
	case err != nil:
		return "", err
	case info.IsDir():
		return "", fmt.Errorf("%s is a folder, not a program", path)
	case info.Mode()&0o111 == 0:
		return "", fmt.Errorf("%s is not executable (chmod +x)", path)
	}
	return path, nil
}
