package proxy

import "fmt"

// PortError says that a port can't be listened on.
type PortError struct {
	Port   int
	Holder string // who has it, for people; "" if that can't be told
	Err    error
}

// Error implements error.
func (e *PortError) Error() string {
	if e.Holder != "" {
		return fmt.Sprintf("port %d is held by %s", e.Port, e.Holder)
	}
	return fmt.Sprintf("port %d can't be had: %v", e.Port, e.Err)
}

// Unwrap returns the system's error.
func (e *PortError) Unwrap() error { return e.Err }

// TargetError says that an address can't be forwarded to.
type TargetError struct{ URL, Reason string }

// Error implements error.
func (e *TargetError) Error() string { return fmt.Sprintf("can't forward to %q: %s", e.URL, e.Reason) }

// NotFoundError says that there is no proxy with an id.
type NotFoundError struct{ ID string }

// Error implements error.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("there is no proxy %q; proxy/list names those there are", e.ID)
}

// UnknownRequestError says that no request with an id is held.
type UnknownRequestError struct{ ID string }

// Error implements error.
func (e *UnknownRequestError) Error() string {
	return fmt.Sprintf("there is no request %q: it never was, was cleared, or had to make room for newer ones", e.ID)
}

// ReplayError says why a request can't be sent again.
type ReplayError struct{ ID, Reason string }

// Error implements error.
func (e *ReplayError) Error() string { return fmt.Sprintf("can't send %s again: %s", e.ID, e.Reason) }

// LimitError says that there are as many proxies as may be.
type LimitError struct{ Most int }

// Error implements error.
func (e *LimitError) Error() string {
	return fmt.Sprintf("there are %d proxies, which is the most: unregister one first", e.Most)
}
