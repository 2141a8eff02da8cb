package workload

import (
	"fmt"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

func lineOf(process string, n int, at time.Time) wire.Line {
	return wire.Line{Seq: uint64(n + 1), Process: process, Text: fmt.Sprintf("%d %d%s", n, at.UnixNano(), filler)}
}

// TestRecorderSeesWhatIsWrong: a line that is missing, twice, out of order or
// damaged, and a gap, each make the session's checks fail.
func TestRecorderSeesWhatIsWrong(t *testing.T) {
	now := time.Now()
	for name, tt := range map[string]struct {
		lines []wire.Line
		gap   *wire.Gap
		wrong int
		lost  int
	}{
		"right":        {lines: []wire.Line{lineOf("a", 0, now), lineOf("b", 0, now), lineOf("a", 1, now)}},
		"missing":      {lines: []wire.Line{lineOf("a", 0, now), lineOf("a", 2, now)}, wrong: 1},
		"twice":        {lines: []wire.Line{lineOf("a", 0, now), lineOf("a", 0, now)}, wrong: 1},
		"out of order": {lines: []wire.Line{lineOf("a", 1, now), lineOf("a", 0, now)}, wrong: 1},
		"damaged":      {lines: []wire.Line{{Process: "a", Text: "?"}}, wrong: 1},
		"a gap":        {gap: &wire.Gap{Count: 3}, lost: 3},
	} {
		r := newRecorder()
		r.lines(wire.LinesObjects{LinesHead: wire.LinesHead{Gap: tt.gap}, Lines: tt.lines}, now)
		if len(r.wrong) != tt.wrong || r.lost != tt.lost {
			t.Errorf("%s: %d wrong, %d lost", name, len(r.wrong), r.lost)
		}
	}
}

// TestLatencies: an event's latency is from the writing of its line to its own
// arrival, not to the line's, which is gathered in a batch.
func TestLatencies(t *testing.T) {
	r := newRecorder()
	written := time.Now()
	r.events(wire.EventsBatch{Events: []wire.Event{{Type: "log.line", Seq: 1}}}, written.Add(2*time.Millisecond))
	r.lines(wire.LinesObjects{Lines: []wire.Line{lineOf("a", 0, written)}}, written.Add(25*time.Millisecond))
	if got := r.samples["event"].all; len(got) != 1 || got[0] != 2000 {
		t.Errorf("event: %v us", got)
	}
	if got := r.samples["line"].all; len(got) != 1 || got[0] != 25000 {
		t.Errorf("line: %v us", got)
	}
}

func TestResultFailsOnOneCheck(t *testing.T) {
	var r Result
	r.check("a", true, "")
	if !r.OK() {
		t.Error("a check that holds fails the result")
	}
	if r.check("b", false, ""); r.OK() {
		t.Error("a check that does not hold passes")
	}
}
