package engine

import (
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/pace"
)

// Hold is a reader of the log that is to miss nothing: see [Engine.HoldBack].
type Hold = pace.Hold

// HoldBack makes processes, or all if none are named, wait for a reader that has read
// up to a record: their pipes are not read while it is far behind. It is for who shows
// a program's output in the program's own place, where a pipe would do the same. The
// Hold is to be told how far the reader has come, and closed.
func (e *Engine) HoldBack(reached uint64, processes []string) *Hold {
	return e.pacer.Hold(reached, processes)
}

// pace returns what makes a stream wait for those who are to miss nothing of it. They
// may be so far behind that what they have not read is held for sure: a process's fair
// share of the log is more, unless very many write.
func (e *Engine) pace(id string, _ lines.Stream) func(last uint64, bytes int, over <-chan struct{}) {
	return e.pacer.Writer(id, min(maxBehind, int(e.options.logBudget()/16))).Wrote
}

// maxBehind is enough for a reader and a writer not to wake each other all the time.
const maxBehind = 512 << 10 // bytes
