package process

import "strings"

// Signal is what Windows has of signals: INT and TERM are a CTRL_BREAK event,
// KILL ends everything at once.
type Signal int

const (
	sigInt  Signal = 2
	sigKill Signal = 9
	sigTerm Signal = 15
)

// ParseSignal takes INT, TERM and KILL. The error is a [*SignalError].
func ParseSignal(name string) (Signal, error) {
	switch strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(name)), "SIG") {
	case "INT":
		return sigInt, nil
	case "TERM":
		return sigTerm, nil
	case "KILL":
		return sigKill, nil
	}
	return 0, &SignalError{name}
}
