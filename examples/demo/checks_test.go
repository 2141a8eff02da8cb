package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// The demo is worth as much as what it would notice.
func TestSeenNotices(t *testing.T) {
	line := func(seq uint64) wire.Line { return wire.Line{Seq: seq, Process: "web", Run: 1} }
	batch := func(n uint64, lines ...wire.Line) func(*seen) {
		return func(s *seen) { s.addBatch(wire.LinesObjects{LinesHead: wire.LinesHead{Batch: n}, Lines: lines}) }
	}
	exit := func(finalSeq uint64) func(*seen) {
		return func(s *seen) {
			s.addEvent(wire.Event{Type: "process.exited", Process: "web", Seq: finalSeq, Data: map[string]any{"run": 1}})
		}
	}
	change := func(previous, revision uint64) func(*seen) {
		return func(s *seen) { s.addChange(wire.ProcessChanged{Previous: previous, Revision: revision}) }
	}
	for _, test := range []struct {
		name   string
		told   []func(*seen)
		broken string // a part of what must be noticed; "" for nothing
	}{
		{"all is well", []func(*seen){batch(1, line(5), line(6)), batch(2, line(7)), exit(7), change(3, 4), change(4, 9)}, ""},
		{"a line is missing", []func(*seen){batch(1, line(5)), batch(2, line(7))}, "line 7 came after line 5"},
		{"a line is doubled", []func(*seen){batch(1, line(5), line(5))}, "line 5 came after line 5"},
		{"a batch is missing", []func(*seen){batch(1, line(5)), batch(3, line(6))}, "batch 3 came after batch 1"},
		{"the end comes too soon", []func(*seen){batch(1, line(5)), exit(6)}, "before its last line, 6"},
		{"a line comes after the end", []func(*seen){batch(1, line(5)), exit(5), batch(2, line(6))}, "line 6 of web came after the news of its end"},
		{"a change is missing", []func(*seen){change(0, 1), change(2, 3)}, "revision 2 came at 1"},
		{"a gap", []func(*seen){func(s *seen) {
			s.addBatch(wire.LinesObjects{LinesHead: wire.LinesHead{Batch: 1, Gap: &wire.Gap{From: 1, To: 4}}})
		}}, "lines 1 to 4 were lost"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var s seen
			for _, tell := range test.told {
				tell(&s)
			}
			got := strings.Join(s.broken, "; ")
			if (got == "") != (test.broken == "") || !strings.Contains(got, test.broken) {
				t.Errorf("noticed %q, want %q", got, test.broken)
			}
		})
	}
}

func TestStat(t *testing.T) {
	for text, want := range map[string]struct {
		state string
		group int
	}{
		"7 (web) S 1 42 42 0":             {"S", 42},
		"7 (a) Z 9 (b)) Z 1 43 42 0":      {"Z", 43},
		"7 (web":                          {"", 0},
		"7 (two words) R 1 44 1 0 -1 4 5": {"R", 44},
	} {
		if state, group := stat([]byte(text)); state != want.state || group != want.group {
			t.Errorf("%q: %s %d, want %v", text, state, group, want)
		}
	}
}

func TestLeftSeesTheLiving(t *testing.T) {
	if !alive(os.Getpid()) {
		t.Error("this very process is not alive")
	}
	self, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		t.Skip("no /proc")
	}
	_, group := stat(self)
	if pids := left([]int{group}); !slices.Contains(pids, os.Getpid()) {
		t.Errorf("left(%d) = %v does not have %d", group, pids, os.Getpid())
	}
}
