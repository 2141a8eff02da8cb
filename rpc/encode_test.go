package rpc

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// record is a record of the log with the members that encoders look at.
func record(seq uint64, process string, run uint32, s logs.Stream, level, raw string) logs.Record {
	l, _ := logs.ParseLevel(level)
	return logs.Record{Seq: seq, Time: int64(1000 + seq), Process: process, Run: run, Stream: s, Level: l, Raw: []byte(raw)}
}

// TestEncoders: whatever changes from line to line, columns decode to the lines
// that objects have; and an encoder that is used again does not remember.
func TestEncoders(t *testing.T) {
	part := record(9, "b", 2, logs.Stderr, "error", "part")
	part.Partial = true
	state := record(10, "b", 2, logs.Stderr, "error", "\rstate")
	state.Partial, state.Redraw = true, true
	pages := [][]logs.Record{
		{record(1, "a", 1, logs.Stdout, "info", "one\n"), record(2, "a", 1, logs.Stdout, "info", "two\r\n")},
		{
			record(3, "a", 1, logs.Stdout, "warn", "the level\n"), record(4, "a", 1, logs.Stderr, "warn", "the stream\n"),
			record(5, "a", 2, logs.Stderr, "warn", "the run\n"), record(6, "b", 2, logs.Stderr, "warn", "the process\n"),
			record(8, "b", 2, logs.Stderr, "warn", "a step\n"), part, state, record(11, "b", 2, logs.Stderr, "error", "\x1b[1mwhole\x1b[0m\n"),
		},
		{},
		{record(12, "b", 2, logs.Stderr, "error", "\xff\x00\n")},
	}
	var o objects
	var c columns
	for n, page := range pages {
		head := wire.LinesHead{Subscription: "1", Batch: uint64(n + 1), Next: "e:1"}
		var fromObjects, fromColumns batchParams
		for i, into := range []*batchParams{&fromObjects, &fromColumns} {
			e := []encoder{&o, &c}[i]
			if got := e.takes(page); got != len(page) {
				t.Errorf("%T takes %d of %d", e, got, len(page))
			}
			if err := json.Unmarshal(e.encode(nil, head, page), into); err != nil {
				t.Fatalf("%T: %v", e, err)
			}
		}
		diff := cmp.Diff(fromObjects.Lines, fromColumns.lines(t), cmpopts.EquateEmpty())
		if diff != "" || len(fromObjects.Lines) != len(page) {
			t.Errorf("page %d: -objects +columns:\n%s", n, diff)
		}
	}
}

// TestRawTakes: one message of the format raw is of one run and one stream.
func TestRawTakes(t *testing.T) {
	page := []logs.Record{
		record(1, "a", 1, logs.Stdout, "info", "1\n"), record(2, "a", 1, logs.Stdout, "warn", "2\n"),
		record(3, "a", 1, logs.Stderr, "info", "3\n"), record(4, "a", 2, logs.Stderr, "info", "4\n"),
	}
	var got []int
	for rest := page; len(rest) > 0; rest = rest[got[len(got)-1]:] {
		got = append(got, raw{}.takes(rest))
	}
	if diff := cmp.Diff([]int{2, 1, 1}, got); diff != "" {
		t.Error(diff)
	}
	if n := (raw{}).takes(nil); n != 0 {
		t.Errorf("it takes %d of nothing", n)
	}
}
