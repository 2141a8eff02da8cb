package process

import (
	"errors"
	"fmt"
)

// The size of a terminal that nobody has given one: a program that is told 0x0
// divides by it.
const (
	defaultCols = 80
	defaultRows = 24
)

// eot is what a terminal in its usual mode takes for the end of input.
const eot = 0x04

// SizeError: a terminal can't have this size.
type SizeError struct{ Cols, Rows int }

func (e *SizeError) Error() string {
	return fmt.Sprintf("a terminal can't have %d columns and %d rows: from 1 to %d of each", e.Cols, e.Rows, maxCells)
}

// TerminalError: what was asked needs a process on a terminal.
type TerminalError struct{ ID string }

func (e *TerminalError) Error() string {
	return fmt.Sprintf("%s has no terminal to resize: its stdio is pipe, not pty", e.ID)
}

// maxCells bounds a side of a terminal; the kernel keeps 16 bits of it.
const maxCells = 10_000

// CheckSize says why a terminal can't have this size, nil if it can.
func CheckSize(cols, rows int) error {
	if cols < 1 || rows < 1 || cols > maxCells || rows > maxCells {
		return &SizeError{cols, rows}
	}
	return nil
}

// Resize tells a process on a terminal of a new size, which its foreground group
// learns by SIGWINCH. The errors are [*SizeError], [*EndedError] and
// [*TerminalError].
func (p *Process) Resize(cols, rows int) error {
	if err := CheckSize(cols, rows); err != nil {
		return err
	}
	p.mu.Lock()
	r := p.run
	p.mu.Unlock()
	switch {
	case r == nil:
		return &EndedError{ID: p.id, State: p.State()}
	case !r.streams.tty:
		return &TerminalError{p.id}
	}
	err := r.streams.resize(cols, rows)
	if errors.Is(err, errNoTerminal) {
		return &EndedError{ID: p.id, State: p.State()}
	}
	return err
}

var errNoTerminal = errors.New("the terminal is closed")
