package process

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// Signal is what little Windows has of signals: any of them ends the process.
type Signal int

const (
	sigTerm Signal = 15
	sigKill Signal = 9
)

// ParseSignal takes TERM and KILL. The error is a [*SignalError].
func ParseSignal(name string) (Signal, error) {
	switch strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(name)), "SIG") {
	case "TERM":
		return sigTerm, nil
	case "KILL":
		return sigKill, nil
	}
	return 0, &SignalError{name}
}

func signalName(s syscall.Signal) string { return s.String() }

func newGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// group is the leader alone: this system has no process groups to signal.
type group struct{ leader *os.Process }

func groupOf(leader *os.Process) group { return group{leader} }

func (g group) String() string { return fmt.Sprint(g.leader.Pid) }

func (g group) signal(Signal) { g.leader.Kill() }

func (g group) empty() bool { return true }

func adoptOrphans() {}

func shellArgs(command string) []string { return []string{"cmd.exe", "/C", command} }

func sameEnvKey(a, b string) bool { return strings.EqualFold(a, b) }

func findExecutable(path string) (string, error) {
	found, err := exec.LookPath(path)
	if err != nil {
		return "", fmt.Errorf("the program %s does not exist", path)
	}
	return found, nil
}
