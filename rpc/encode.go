package rpc

import (
	"fmt"

	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// encoder writes the params of one logs/lines from records of the log: no
// reflection, and no copy of the page in between.
type encoder interface {
	// takes returns how many of the records fit into one message.
	takes(records []logs.Record) int
	encode(dst []byte, head wire.LinesHead, records []logs.Record) []byte
}

func encoderFor(p wire.SubscribeParams) (encoder, error) {
	if p.Fields && p.Format != "" && p.Format != "objects" {
		return nil, invalidParams("/fields", fmt.Sprintf("fields are given with the format objects, not with %s", p.Format))
	}
	switch p.Format {
	case "", "objects":
		return &objects{ansi: p.ANSI, fields: p.Fields}, nil
	case "columns":
		return &columns{ansi: p.ANSI}, nil
	case "raw":
		if len(p.Filter.Processes) != 1 {
			return nil, invalidParams("/filter/processes", "the format raw needs exactly one process")
		}
		return raw{}, nil
	}
	return nil, invalidParams("/format", fmt.Sprintf("format can't be %q: objects, columns, raw", p.Format))
}

// objects writes a line as an object.
type objects struct {
	ansi, fields bool
	scratch      []byte
	structured   structured
}

func (*objects) takes(records []logs.Record) int { return len(records) }

func (o *objects) encode(dst []byte, head wire.LinesHead, records []logs.Record) []byte {
	m := wire.LinesObjects{LinesHead: head}
	dst = m.AppendOpen(dst)
	for i := range records {
		if i > 0 {
			dst = append(dst, ',')
		}
		line := lineHead(&records[i])
		o.scratch = logs.AppendText(o.scratch[:0], records[i].Raw, o.ansi)
		if o.fields {
			o.structured.read(&line, &records[i])
		}
		dst = wire.AppendLine(dst, &line, o.scratch)
	}
	return m.AppendClose(dst)
}

// columns writes a list per member.
type columns struct {
	ansi    bool
	scratch []byte
	m       wire.LinesColumns
}

func (*columns) takes(records []logs.Record) int { return len(records) }

func (c *columns) encode(dst []byte, head wire.LinesHead, records []logs.Record) []byte {
	m := &c.m
	*m = wire.LinesColumns{LinesHead: head, DT: m.DT[:0], DSeq: m.DSeq[:0], Runs: m.Runs[:0], Partial: m.Partial[:0], Redraw: m.Redraw[:0]}
	if len(records) > 0 {
		m.First, m.T0 = records[0].Seq, records[0].Time
	}
	for i := range records {
		r, before := &records[i], &records[max(0, i-1)]
		m.DT = append(m.DT, r.Time-before.Time)
		m.DSeq = append(m.DSeq, r.Seq-before.Seq)
		c.addRun(r, before)
		if r.Partial {
			m.Partial = append(m.Partial, i)
		}
		if r.Redraw {
			m.Redraw = append(m.Redraw, i)
		}
	}
	dst = m.AppendOpen(dst)
	for i := range records {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = c.appendText(dst, records[i].Raw)
	}
	return m.AppendClose(dst)
}

// appendText appends a record's text. That of most is its own bytes, and goes from
// the log's memory into the message at once.
func (c *columns) appendText(dst, raw []byte) []byte {
	if n := wire.PlainLen(raw); n+1 == len(raw) && raw[n] == '\n' {
		return append(append(append(dst, '"'), raw[:n]...), '"')
	}
	c.scratch = logs.AppendText(c.scratch[:0], raw, c.ansi)
	return wire.AppendString(dst, c.scratch)
}

// addRun counts r, which comes behind before.
func (c *columns) addRun(r, before *logs.Record) {
	if n := len(c.m.Runs); n > 0 && r.Process == before.Process && r.Run == before.Run && r.Stream == before.Stream && r.Level == before.Level {
		c.m.Runs[n-1].Count++
		return
	}
	c.m.Runs = append(c.m.Runs, wire.ColumnRun{Count: 1, Process: r.Process, Run: r.Run, Stream: r.Stream.String(), Level: r.Level.String()})
}

// raw writes the exact bytes of one run's one stream.
type raw struct{}

func (raw) takes(records []logs.Record) int {
	for i := range records {
		if records[i].Run != records[0].Run || records[i].Stream != records[0].Stream {
			return i
		}
	}
	return len(records)
}

func (raw) encode(dst []byte, head wire.LinesHead, records []logs.Record) []byte {
	m := wire.LinesRaw{LinesHead: head}
	for i := range records {
		m.Run, m.Stream = records[i].Run, records[i].Stream.String()
		m.Data = append(m.Data, records[i].Raw...)
	}
	return m.AppendJSON(dst)
}
