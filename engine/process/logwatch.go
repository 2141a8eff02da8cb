package process

import (
	"fmt"
	"regexp"
	"sync"
	"sync/atomic"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// logWatch looks for a line of a run's output. It stands in the way of the
// readers of such a run only: others write to the log directly. A nil one holds.
type logWatch struct {
	pattern *regexp.Regexp
	plain   func(dst, record []byte) []byte
	found   atomic.Bool
	once    sync.Once
	bell    chan struct{} // closed when the line has come
}

func newLogWatch(pattern *regexp.Regexp, plain func(dst, record []byte) []byte) *logWatch {
	return &logWatch{pattern: pattern, plain: plain, bell: make(chan struct{})}
}

// seen is closed when the line has come; nil if none is looked for.
func (w *logWatch) seen() <-chan struct{} {
	if w == nil {
		return nil
	}
	return w.bell
}

// failure says what has not come; "" if it has.
func (w *logWatch) failure() string {
	if w == nil || w.found.Load() {
		return ""
	}
	return fmt.Sprintf("no line matches %q", w.pattern)
}

// maxWatched bounds how much of a line that comes in parts is put together.
const maxWatched = 16 << 10

// tap looks at what one stream writes, behind the log: who learns that the
// process is ready can read the line. Once the line has come it costs one load.
func (a *attendant) tap(write func(lines.Batch) uint64) func(lines.Batch) uint64 {
	w := a.log
	if w == nil {
		return write
	}
	var line, text []byte // of the line that has come in parts so far
	return func(b lines.Batch) uint64 {
		last := write(b)
		begin := uint32(0)
		for _, cut := range b.Cuts {
			if w.found.Load() {
				return last
			}
			if part := b.Data[begin:cut.End]; len(line)+len(part) <= maxWatched {
				line = append(line, part...)
			}
			text = w.plain(text[:0], line)
			if w.pattern.Match(text) {
				w.found.Store(true)
				w.once.Do(func() { close(w.bell) })
			}
			if !cut.Partial {
				line = line[:0]
			}
			begin = cut.End
		}
		return last
	}
}
