package wire

// LinesHead is what every logs/lines begins with, whatever its format.
type LinesHead struct {
	Subscription string `json:"subscription"`
	Batch        uint64 `json:"batch"`        // counts from 1; logs/ack names it
	Next         string `json:"next"`         // the cursor behind this batch
	Gap          *Gap   `json:"gap,omitzero"` // what was lost before this batch
}

func (h *LinesHead) appendOpen(dst []byte) []byte {
	dst = AppendString(append(dst, `{"subscription":`...), h.Subscription)
	dst = appendUint(append(dst, `,"batch":`...), h.Batch)
	dst = AppendString(append(dst, `,"next":`...), h.Next)
	return appendGap(dst, h.Gap)
}

// LinesObjects is logs/lines with the format objects.
//
// Its lines are written by [AppendLine] between Open and Close.
type LinesObjects struct {
	LinesHead
	Lines []Line `json:"lines"`
}

// AppendOpen appends everything up to the first line, which [AppendLine] and
// commas go on from.
func (o *LinesObjects) AppendOpen(dst []byte) []byte {
	return append(o.appendOpen(dst), `,"lines":[`...)
}

// AppendClose appends what is behind the last line.
func (o *LinesObjects) AppendClose(dst []byte) []byte { return append(dst, `]}`...) }

// LinesColumns is logs/lines with the format columns: a list per member.
//
// Its texts can also be written, with commas, between Open and Close.
type LinesColumns struct {
	LinesHead
	First   uint64      `json:"first"`            // the first line's seq
	T0      int64       `json:"t0"`               // the first line's time
	DT      []int64     `json:"dt"`               // per line, milliseconds since the line before; the first is 0
	DSeq    []uint64    `json:"dseq,omitzero"`    // per line, steps of seq since the line before; the first is 0; absent if all others are 1
	Runs    []ColumnRun `json:"runs"`             // the members that seldom change; the counts add up to the number of lines
	Partial []int       `json:"partial,omitzero"` // ascending indices of lines that go on
	Redraw  []int       `json:"redraw,omitzero"`  // ascending indices of lines that stand in the place of their parts before them
	Text    []byte      `json:"text"`             // per line
}

// ColumnRun is so many lines that differ only in number, time and text: [count,
// process, run, stream, level].
type ColumnRun struct {
	Count   int
	Process string
	Run     uint32
	Stream  string
	Level   string
}

// AppendJSON implements [Appender].
func (c *LinesColumns) AppendJSON(dst []byte) []byte {
	return c.AppendClose(append(c.AppendOpen(dst), c.Text...))
}

// AppendOpen appends everything up to the first text.
func (c *LinesColumns) AppendOpen(dst []byte) []byte {
	dst = c.appendOpen(dst)
	dst = appendUint(append(dst, `,"first":`...), c.First)
	dst = appendInt(append(dst, `,"t0":`...), c.T0)
	dst = appendList(append(dst, `,"dt":`...), len(c.DT), func(dst []byte, i int) []byte { return appendInt(dst, c.DT[i]) })
	if c.steps() {
		dst = appendList(append(dst, `,"dseq":`...), len(c.DSeq), func(dst []byte, i int) []byte { return appendUint(dst, c.DSeq[i]) })
	}
	dst = appendList(append(dst, `,"runs":`...), len(c.Runs), func(dst []byte, i int) []byte { return c.Runs[i].appendJSON(dst) })
	dst = appendIndices(dst, `,"partial":`, c.Partial)
	dst = appendIndices(dst, `,"redraw":`, c.Redraw)
	return append(dst, `,"text":[`...)
}

// AppendClose appends what is behind the last text.
func (c *LinesColumns) AppendClose(dst []byte) []byte { return append(dst, `]}`...) }

// appendIndices appends a member that names lines, if it names any.
func appendIndices(dst []byte, member string, indices []int) []byte {
	if len(indices) == 0 {
		return dst
	}
	return appendList(append(dst, member...), len(indices), func(dst []byte, i int) []byte { return appendInt(dst, int64(indices[i])) })
}

// steps reports whether some line does not directly follow the one before.
func (c *LinesColumns) steps() bool {
	for i, d := range c.DSeq {
		if i > 0 && d != 1 {
			return true
		}
	}
	return false
}

func (r *ColumnRun) appendJSON(dst []byte) []byte {
	dst = appendInt(append(dst, '['), int64(r.Count))
	dst = AppendString(append(dst, ','), r.Process)
	dst = appendUint(append(dst, ','), uint64(r.Run))
	dst = AppendString(append(dst, ','), r.Stream)
	dst = AppendString(append(dst, ','), r.Level)
	return append(dst, ']')
}

// LinesRaw is logs/lines with the format raw: exact bytes of one stream.
type LinesRaw struct {
	LinesHead
	Run    uint32 `json:"run"`
	Stream string `json:"stream" enum:"stdout|stderr|system"`
	Data   []byte `json:"data"` // in base64
}

// AppendJSON implements [Appender].
func (r *LinesRaw) AppendJSON(dst []byte) []byte {
	dst = r.appendOpen(dst)
	dst = appendUint(append(dst, `,"run":`...), uint64(r.Run))
	dst = AppendString(append(dst, `,"stream":`...), r.Stream)
	dst = appendBase64(append(dst, `,"data":`...), r.Data)
	return append(dst, '}')
}
