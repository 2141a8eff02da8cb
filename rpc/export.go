package rpc

import (
	"fmt"
	"io"

	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// logsExport writes records to a file, page by page out of the log's own memory.
func logsExport(c *call, p wire.ExportParams) (wire.Exported, error) {
	if p.Path == "" {
		return wire.Exported{}, missing("path")
	}
	f, err := filterOf(p.Filter, "/filter")
	if err != nil {
		return wire.Exported{}, err
	}
	e := export{progress: c.progress}
	if e.exporter, err = exporterFor(p); err != nil {
		return wire.Exported{}, err
	}
	ctx := c.overlap()
	where, err := c.engine.WriteFile(p.Path, p.Overwrite, func(w io.Writer) error {
		e.to = w
		if err := c.engine.Logs.Each(ctx, f, e.record); err != nil {
			return err
		}
		return e.write(e.rest(e.buf[:0]))
	})
	return wire.Exported{Path: where, Lines: e.lines, Bytes: e.bytes}, err
}

// export is one under way.
type export struct {
	exporter
	to       io.Writer
	progress *progress

	buf          []byte
	lines, bytes uint64
	told         int // percent
}

func (e *export) record(r *logs.Record, way float64) error {
	e.lines++
	if percent := int(100 * way); percent >= e.told+10 {
		e.told = percent
		e.progress.reportPart(percent, 100, "%d of %d percent looked through")
	}
	return e.write(e.put(e.buf[:0], r))
}

func (e *export) write(text []byte) error {
	e.buf = text
	e.bytes += uint64(len(text))
	_, err := e.to.Write(text)
	return err
}

// exporter writes records as they are in a file.
type exporter interface {
	put(dst []byte, r *logs.Record) []byte
	rest(dst []byte) []byte // what put has kept back
}

// exportEach is an exporter that keeps nothing back.
type exportEach func(dst []byte, r *logs.Record) []byte

func (e exportEach) put(dst []byte, r *logs.Record) []byte { return e(dst, r) }
func (exportEach) rest(dst []byte) []byte                  { return dst }

func exporterFor(p wire.ExportParams) (exporter, error) {
	switch p.Format {
	case "raw":
		if len(p.Filter.Processes) != 1 {
			return nil, invalidParams("/filter/processes", "the format raw needs exactly one process: the bytes of several would run into each other")
		}
		return exportEach(exportRaw), nil
	case "", "text":
		return new(textExporter), nil
	case "ndjson":
		return exportEach(exportNDJSON), nil
	}
	return nil, invalidParams("/format", fmt.Sprintf("format can't be %q: raw, text, ndjson", p.Format))
}

// exportRaw keeps every byte.
func exportRaw(dst []byte, r *logs.Record) []byte { return append(dst, r.Raw...) }

// exportNDJSON writes the line as the protocol has it, without colours.
func exportNDJSON(dst []byte, r *logs.Record) []byte {
	line := lineHead(r)
	return append(wire.AppendLine(dst, &line, logs.AppendText(nil, r.Raw, false)), '\n')
}

// textExporter writes what a person sees. The parts of a line are put together
// again, unless something else came between them; of a line that was drawn over,
// the last state is kept.
type textExporter struct {
	open    bool // the last record was a part, of
	process string
	stream  logs.Stream
	held    []byte // of its line: it may yet be drawn over
}

// mostHeld is how much of a line may still be drawn over, in bytes: a bar is far
// shorter.
const mostHeld = 64 << 10

func (t *textExporter) put(dst []byte, r *logs.Record) []byte {
	switch {
	case t.open && (r.Process != t.process || r.Stream != t.stream):
		dst = append(t.rest(dst), '\n')
	case r.Redraw:
		t.held = t.held[:0]
	}
	t.held = logs.AppendText(t.held, r.Raw, false)
	if t.open, t.process, t.stream = r.Partial, r.Process, r.Stream; !t.open {
		return append(t.rest(dst), '\n')
	}
	if len(t.held) > mostHeld {
		dst = t.rest(dst)
	}
	return dst
}

func (t *textExporter) rest(dst []byte) []byte {
	dst = append(dst, t.held...)
	t.held = t.held[:0]
	return dst
}
