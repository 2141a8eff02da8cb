package wire

import (
	"bytes"
	"fmt"

	gojson "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// columns is [LinesColumns] as it is read.
type columns struct {
	LinesHead
	First   uint64         `json:"first"`
	T0      int64          `json:"t0"`
	DT      []int64        `json:"dt"`
	DSeq    []uint64       `json:"dseq"`
	Runs    []columnRun    `json:"runs"`
	Partial []int          `json:"partial"`
	Redraw  []int          `json:"redraw"`
	Text    jsontext.Value `json:"text"` // the list as it came: texts are not made strings
}

type columnRun ColumnRun

// UnmarshalJSONFrom implements [gojson.UnmarshalerFrom].
func (r *columnRun) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for _, member := range []any{&r.Count, &r.Process, &r.Run, &r.Stream, &r.Level} {
		if err := gojson.UnmarshalDecode(d, member); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// ColumnsReader reads the params of logs/lines with the format columns, which costs
// both ends the least. Its memory is used again from one to the next.
type ColumnsReader struct {
	in   columns
	at   int // the run of the next line
	text []byte
}

// Read calls gap with what was lost before the lines, if something was, and each with
// every line, whose Text is empty and whose text is good until each returns. It
// returns the number of the last line that was given or lost.
func (r *ColumnsReader) Read(params []byte, gap func(*Gap), each func(line *Line, text []byte)) (last uint64, err error) {
	in := &r.in
	*in = columns{DT: in.DT[:0], DSeq: in.DSeq[:0], Runs: in.Runs[:0], Text: in.Text[:0]}
	r.at = 0
	if err := gojson.Unmarshal(params, in); err != nil {
		return 0, err
	}
	if n := len(in.DSeq); n > 0 && n != len(in.DT) {
		return 0, fmt.Errorf("a batch has %d steps for %d lines", n, len(in.DT))
	}
	if in.Gap != nil {
		last = in.Gap.To
		gap(in.Gap)
	}
	texts := jsontext.NewDecoder(bytes.NewBuffer(in.Text))
	if _, err := texts.ReadToken(); err != nil {
		return last, err
	}
	line := Line{Seq: in.First, T: in.T0}
	for i := range in.DT {
		if i > 0 {
			line.Seq += r.step(i)
		}
		line.T += in.DT[i]
		in.Partial, line.Partial = shift(in.Partial, i)
		in.Redraw, line.Redraw = shift(in.Redraw, i)
		if err := r.run(&line); err != nil {
			return last, err
		}
		v, err := texts.ReadValue()
		if err == nil {
			r.text, err = jsontext.AppendUnquote(r.text[:0], v)
		}
		if err != nil {
			return last, err
		}
		each(&line, r.text)
		last = line.Seq
	}
	return last, nil
}

// shift takes i from the front of ascending indices, and reports whether it was there.
func shift(indices []int, i int) ([]int, bool) {
	if len(indices) == 0 || indices[0] != i {
		return indices, false
	}
	return indices[1:], true
}

// step is how far line i's number is from that of the line before.
func (r *ColumnsReader) step(i int) uint64 {
	if len(r.in.DSeq) == 0 {
		return 1
	}
	return r.in.DSeq[i]
}

// run puts the members that seldom change into the next line.
func (r *ColumnsReader) run(line *Line) error {
	if r.at == len(r.in.Runs) {
		return fmt.Errorf("line %d of a batch belongs to nothing", line.Seq)
	}
	run := &r.in.Runs[r.at]
	line.Process, line.Run, line.Stream, line.Level = run.Process, run.Run, run.Stream, run.Level
	if run.Count--; run.Count <= 0 {
		r.at++
	}
	return nil
}
