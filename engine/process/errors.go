package process

import (
	"fmt"
	"strings"
)

// NotFoundError: there is no process with this id, but perhaps replicas of the name.
type NotFoundError struct {
	ID       string
	Replicas []string
	Near     []string // that somebody may have meant
}

func (e *NotFoundError) Error() string {
	if len(e.Replicas) > 0 {
		return fmt.Sprintf("%s is no process, but there are its replicas %s: name one of them", e.ID, strings.Join(e.Replicas, ", "))
	}
	if len(e.Near) > 0 {
		return fmt.Sprintf("there is no process %q%s", e.ID, didYouMean(e.Near))
	}
	return fmt.Sprintf("there is no process %q; process/list names those there are", e.ID)
}

// RunningError: the id is taken by a process that runs.
type RunningError struct {
	ID    string
	PID   int
	State State
}

func (e *RunningError) Error() string {
	return fmt.Sprintf("%s is %s already%s: stop it, restart it, or give another name", e.ID, e.State, pidNote(e.PID))
}

func pidNote(pid int) string {
	if pid == 0 {
		return ""
	}
	return fmt.Sprintf(" (pid %d)", pid)
}

// SpawnError: the operating system would not start the command.
type SpawnError struct {
	ID      string
	Reason  string
	Missing string // the name of the program, if there is none of that name
}

func (e *SpawnError) Error() string { return fmt.Sprintf("%s can't be started: %s", e.ID, e.Reason) }

// NameError: this can't be a process's name.
type NameError struct{ Name, Reason string }

func (e *NameError) Error() string { return fmt.Sprintf("the name %.40q %s", e.Name, e.Reason) }

// ActiveError: what was asked needs a process that is not running.
type ActiveError struct {
	ID    string
	PID   int
	State State
}

func (e *ActiveError) Error() string {
	return fmt.Sprintf("%s is %s%s: stop it first", e.ID, e.State, pidNote(e.PID))
}

// EndedError: what was asked needs a process that is running.
type EndedError struct {
	ID     string
	State  State
	Reason string // "" if the state says it all
}

func (e *EndedError) Error() string {
	text := fmt.Sprintf("%s is not running: it is %s", e.ID, e.State)
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// SignalError: no signal has this name here.
type SignalError struct{ Name string }

func (e *SignalError) Error() string {
	return fmt.Sprintf("there is no signal %q; TERM, INT, HUP, QUIT, KILL, USR1 and USR2 are common ones", e.Name)
}

// InputError: the process does not take its input.
type InputError struct {
	ID     string
	Reason string
}

func (e *InputError) Error() string { return fmt.Sprintf("input for %s: %s", e.ID, e.Reason) }

// ClosedError: the engine is shutting down.
type ClosedError struct{}

func (*ClosedError) Error() string { return "the engine is shutting down and starts nothing more" }
