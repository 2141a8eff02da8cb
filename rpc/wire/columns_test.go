package wire

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// columnsOf writes lines as the engine does.
func columnsOf(head LinesHead, lines []Line) []byte {
	c := LinesColumns{LinesHead: head, First: lines[0].Seq, T0: lines[0].T}
	for i, l := range lines {
		before := lines[max(0, i-1)]
		c.DT, c.DSeq = append(c.DT, l.T-before.T), append(c.DSeq, l.Seq-before.Seq)
		if n := len(c.Runs); n > 0 && c.Runs[n-1].Process == l.Process && c.Runs[n-1].Run == l.Run && c.Runs[n-1].Stream == l.Stream && c.Runs[n-1].Level == l.Level {
			c.Runs[n-1].Count++
		} else {
			c.Runs = append(c.Runs, ColumnRun{Count: 1, Process: l.Process, Run: l.Run, Stream: l.Stream, Level: l.Level})
		}
		if l.Partial {
			c.Partial = append(c.Partial, i)
		}
		if l.Redraw {
			c.Redraw = append(c.Redraw, i)
		}
		if i > 0 {
			c.Text = append(c.Text, ',')
		}
		c.Text = AppendString(c.Text, l.Text)
	}
	return c.AppendJSON(nil)
}

func readAllColumns(t *testing.T, r *ColumnsReader, params []byte) (lines []Line, gaps []Gap, last uint64) {
	t.Helper()
	last, err := r.Read(params, func(g *Gap) { gaps = append(gaps, *g) }, func(l *Line, text []byte) {
		line := *l
		line.Text = string(text)
		lines = append(lines, line)
	})
	if err != nil {
		t.Fatalf("%s: %v", params, err)
	}
	return lines, gaps, last
}

// TestColumnsReader: what is read is what was written, with memory that is used again.
func TestColumnsReader(t *testing.T) {
	line := func(seq uint64, at int64, process, level, text string) Line {
		return Line{Seq: seq, T: at, Process: process, Run: 1, Stream: "stdout", Level: level, Text: text}
	}
	part := line(9, 1000, "web", "info", "no end")
	part.Partial = true
	state, done := line(10, 1000, "web", "info", "50%"), line(12, 1000, "web", "info", "100%")
	state.Partial, state.Redraw, done.Redraw = true, true, true
	var r ColumnsReader
	for _, lines := range [][]Line{
		{line(1, 500, "web", "info", "one")},
		{line(2, 500, "web", "info", ""), line(3, 501, "web", "info", `"quoted" \ and <tagged> `+"\x1b[31mred\u2028é\U0001f600")},
		{line(5, 900, "web", "info", "a"), line(8, 901, "db", "error", "b"), part, state, line(11, 999, "db", "error", "c"), done},
		{line(13, 2000, "web", "warn", "fewer than before")},
	} {
		got, gaps, last := readAllColumns(t, &r, columnsOf(LinesHead{}, lines))
		if diff := cmp.Diff(lines, got); diff != "" || len(gaps) > 0 || last != lines[len(lines)-1].Seq {
			t.Errorf("last %d, gaps %v, -want +got:\n%s", last, gaps, diff)
		}
	}
	gap := Gap{From: 14, To: 20, Count: 7, Reason: "overwritten"}
	_, gaps, last := readAllColumns(t, &r, columnsOf(LinesHead{Gap: &gap}, []Line{line(21, 3000, "web", "info", "x")}))
	if !slices.Equal(gaps, []Gap{gap}) || last != 21 {
		t.Errorf("gaps %v, last %d", gaps, last)
	}
}

// FuzzColumnsReader: any input is read or refused.
func FuzzColumnsReader(f *testing.F) {
	for _, seed := range []string{
		`{"subscription":"1","batch":1,"next":"a","first":1,"t0":5,"dt":[0,1],"runs":[[2,"web",1,"stdout","info"]],"text":["a","b"]}`,
		`{"first":1,"dt":[0,1],"dseq":[0],"runs":[[1,"web",1,"stdout","info"]],"text":["a"]}`,
		`{"first":1,"dt":[0],"runs":[],"text":["a"]}`, `{"dt":[0],"runs":[[0,"a",1,"b","c"]],"text":[]}`,
		`{"gap":{"from":1,"to":2,"count":2,"reason":"cleared"},"dt":[],"runs":[],"text":[]}`, `{"text":{}}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, params []byte) {
		var r ColumnsReader
		n := 0
		_, err := r.Read(params, func(*Gap) {}, func(*Line, []byte) { n++ })
		if err == nil && n != len(r.in.DT) {
			t.Errorf("%s: %s lines of %d", params, strconv.Itoa(n), len(r.in.DT))
		}
	})
}
