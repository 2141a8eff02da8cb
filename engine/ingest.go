package engine

import (
	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
)

// output returns where one stream of a process goes: the whole life of a line
// between its pipe and its readers.
//
//	process: read, cut -> ingest: Append -> bell -> a pump reads Since(cursor)
//
// It runs on the reader's own goroutine, so whatever is done here for a line is
// paid by the child that wrote it and by nobody else. Nothing here waits for a
// client, and nothing that looks at lines can write to the log.
func (e *Engine) output(id string, kind lines.Stream) func(lines.Batch) uint64 {
	w := e.Logs.Writer(id, kind)
	return func(b lines.Batch) uint64 {
		seq := ingest(w, b)
		if e.Events.Wants(events.LogLine) {
			e.Events.Publish(events.Event{
				Type: events.LogLine, Time: b.Time, Process: id,
				Data: events.Line{Seq: seq, Count: len(b.Cuts)},
			})
		}
		return seq
	}
}

func ingest(w logs.Writer, b lines.Batch) uint64 {
	return w.Append(b)
}
