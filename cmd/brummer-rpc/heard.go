package main

import (
	"fmt"
	"slices"
	"sync"
)

// heard is what an engine of the verb's own has to say. It is said when the verb is
// done, but for what the verb has told itself: a mistake in brummer.toml is one.
type heard struct {
	p *program

	mu    sync.Mutex
	lines []string
}

// maxHeard bounds what is kept; what is more is said at once.
const maxHeard = 100

// hear takes what the engine logs.
func (h *heard) hear(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.lines) == maxHeard {
		h.p.logf(format, args...)
		return
	}
	h.lines = append(h.lines, fmt.Sprintf(format, args...))
}

// tell says something on stderr in place of the engine, if that says it, too.
func (h *heard) tell(line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	fmt.Fprintln(h.p.stderr, line)
	h.lines = slices.DeleteFunc(h.lines, func(said string) bool { return said == line })
}

// say says what nobody has told.
func (h *heard) say() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, line := range h.lines {
		h.p.logf("%s", line)
	}
	h.lines = nil
}
