package process

import (
	"fmt"
	"strings"
)

// SpecError: a part of a [Spec] can't be as it is. Field is its name on the wire,
// with slashes for parts of it: ready/http.
type SpecError struct{ Field, Reason string }

func (e *SpecError) Error() string { return fmt.Sprintf("%s %s", e.Field, e.Reason) }

// CycleError: processes would wait for each other for ever. Path begins and ends
// with the same one.
type CycleError struct{ Path []string }

func (e *CycleError) Error() string {
	if len(e.Path) == 2 {
		return fmt.Sprintf("%s depends on itself", e.Path[0])
	}
	return fmt.Sprintf("the processes depend on each other in a circle: %s", strings.Join(e.Path, " -> "))
}

// DependencyError: what a process depends on has failed.
type DependencyError struct{ ID, Reason string }

func (e *DependencyError) Error() string {
	return fmt.Sprintf("%s was not started, because %s", e.ID, e.Reason)
}

// LateError: a process runs, but was not ready in time.
type LateError struct{ ID, Reason string }

func (e *LateError) Error() string { return fmt.Sprintf("%s is running, but %s", e.ID, e.Reason) }
