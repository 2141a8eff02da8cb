package engine

import (
	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// output returns where one stream of a process goes: the whole life of a line
// between its pipe and its readers.
//
//	process: read, cut -> lookout: detect, diagnose -> Append -> bell -> a pump reads Since(cursor)
//	                          '-> what was found: Problems, Tests, URLs, events
//
// It runs on the reader's own goroutine, so whatever is done here for a line is
// paid by the child that wrote it and by nobody else. Nothing here waits for a
// client, and nothing that looks at lines can write to the log. What may wait comes
// behind it: pace.
func (e *Engine) output(id string, kind lines.Stream) func(lines.Batch) uint64 {
	if e.options.Detection.off() || kind == lines.System {
		w := e.Logs.Writer(id, kind)
		return func(b lines.Batch) uint64 { return e.told(id, b, w.Append(b)) }
	}
	o := e.newLookout(id, kind)
	return func(b lines.Batch) uint64 { return e.told(id, b, o.batch(b)) }
}

// told publishes that lines up to seq have come, if somebody wants to know.
func (e *Engine) told(id string, b lines.Batch, seq uint64) uint64 {
	if e.Events.Wants(events.LogLine) {
		e.Events.Publish(events.Event{
			Type: events.LogLine, Time: b.Time, Process: id,
			Data: events.Line{Seq: seq, Count: len(b.Cuts)},
		})
	}
	return seq
}
