package engine

import (
	"github.com/brummer-rpc/brummer-rpc/engine/detect"
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
	if e.options.Detection.off() {
		return func(b lines.Batch) uint64 { return e.told(id, b, w.Append(b)) }
	}
	s := &detect.Scanner{}
	return func(b lines.Batch) uint64 { return e.told(id, b, ingest(w, s, b)) }
}

// ingest writes into each record how serious it is, then stores the batch.
func ingest(w logs.Writer, s *detect.Scanner, b lines.Batch) uint64 {
	from := uint32(0)
	for i := range b.Cuts {
		c := &b.Cuts[i]
		line, _ := s.Record(b.Data[from:c.End], c.Partial)
		c.Level = line.Level
		from = c.End
	}
	return w.Append(b)
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
