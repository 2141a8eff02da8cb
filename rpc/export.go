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
	put, err := exporterFor(p)
	if err != nil {
		return wire.Exported{}, err
	}
	e := export{put: put, progress: c.progress}
	ctx := c.overlap()
	where, err := c.engine.WriteFile(p.Path, p.Overwrite, func(w io.Writer) error {
		e.to = w
		return c.engine.Logs.Each(ctx, f, e.record)
	})
	return wire.Exported{Path: where, Lines: e.lines, Bytes: e.bytes}, err
}

// export is one under way.
type export struct {
	put      exporter
	to       io.Writer
	progress *progress

	buf          []byte
	lines, bytes uint64
	told         int // percent
}

func (e *export) record(r *logs.Record, way float64) error {
	e.buf = e.put(e.buf[:0], r)
	e.lines++
	e.bytes += uint64(len(e.buf))
	if percent := int(100 * way); percent >= e.told+10 {
		e.told = percent
		e.progress.reportPart(percent, 100, "%d of %d percent looked through")
	}
	_, err := e.to.Write(e.buf)
	return err
}

// exporter appends a record as it is in a file.
type exporter func(dst []byte, r *logs.Record) []byte

func exporterFor(p wire.ExportParams) (exporter, error) {
	switch p.Format {
	case "raw":
		if len(p.Filter.Processes) != 1 {
			return nil, invalidParams("/filter/processes", "the format raw needs exactly one process: the bytes of several would run into each other")
		}
		return exportRaw, nil
	case "", "text":
		return new(textExporter).put, nil
	case "ndjson":
		return exportNDJSON, nil
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
// again, unless something else came between them.
type textExporter struct {
	open    bool // the last record was a part, of
	process string
	stream  logs.Stream
}

func (t *textExporter) put(dst []byte, r *logs.Record) []byte {
	if t.open && (r.Process != t.process || r.Stream != t.stream) {
		dst = append(dst, '\n')
	}
	dst = logs.AppendText(dst, r.Raw, false)
	if t.open, t.process, t.stream = r.Partial, r.Process, r.Stream; !t.open {
		dst = append(dst, '\n')
	}
	return dst
}
