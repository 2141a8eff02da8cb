package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// seen is everything that the client was told, in the order told, and the rules
// that it broke. Whether there are any is for the checks below to say.
type seen struct {
	lines    []wire.Line
	events   []wire.Event
	leaders  []int  // the process ids of everything that was started
	batch    uint64 // the number of the last batch of lines
	revision uint64 // of the processes' states; 0 before the first
	broken   []string
}

func (s *seen) breaks(format string, args ...any) {
	s.broken = append(s.broken, fmt.Sprintf(format, args...))
}

// last is the number of the last line.
func (s *seen) last() uint64 {
	if len(s.lines) == 0 {
		return 0
	}
	return s.lines[len(s.lines)-1].Seq
}

// addBatch: batches and lines are numbered without a step. That holds for lines
// because the subscription leaves none out; with a filter numbers only grow.
func (s *seen) addBatch(b wire.LinesObjects) {
	if b.Batch != s.batch+1 {
		s.breaks("batch %d came after batch %d", b.Batch, s.batch)
	}
	s.batch = b.Batch
	if b.Gap != nil {
		s.breaks("lines %d to %d were lost", b.Gap.From, b.Gap.To)
	}
	for _, l := range b.Lines {
		if n := s.last(); n != 0 && l.Seq != n+1 {
			s.breaks("line %d came after line %d", l.Seq, n)
		}
		if e := s.exit(l.Process, l.Run); e != nil {
			s.breaks("line %d of %s came after the news of its end", l.Seq, l.Process)
		}
		s.lines = append(s.lines, l)
	}
}

// addEvent: the news of a process's end comes after its last line.
func (s *seen) addEvent(e wire.Event) {
	if e.Type == "process.exited" && e.Seq > s.last() {
		s.breaks("%s was told to have ended before its last line, %d", e.Process, e.Seq)
	}
	if e.Type == "process.started" {
		s.leaders = append(s.leaders, dataOf[wire.StartedData](&e).PID)
	}
	s.events = append(s.events, e)
}

// addChange: each change of the processes' states names the one before.
func (s *seen) addChange(c wire.ProcessChanged) {
	if s.revision != 0 && c.Previous != s.revision {
		s.breaks("the change of the states from revision %d came at %d", c.Previous, s.revision)
	}
	s.revision = c.Revision
}

// count returns how many lines of a process begin with a text.
func (s *seen) count(process, prefix string) (n int) {
	for _, l := range s.lines {
		if l.Process == process && strings.HasPrefix(l.Text, prefix) {
			n++
		}
	}
	return n
}

// event returns the newest event of a type about a run of a process; nil if none
// has come.
func (s *seen) event(kind, process string, run uint32) *wire.Event {
	for i := len(s.events) - 1; i >= 0; i-- {
		e := &s.events[i]
		// The data of every event of a process has a run.
		if e.Type == kind && e.Process == process && dataOf[wire.StartedData](e).Run == run {
			return e
		}
	}
	return nil
}

func (s *seen) exit(process string, run uint32) *wire.Event {
	return s.event("process.exited", process, run)
}

// dataOf is an event's data as the shape that belongs to its type.
func dataOf[T any](e *wire.Event) (data T) {
	if encoded, err := wire.Encode(e.Data); err == nil {
		json.Unmarshal(encoded, &data)
	}
	return data
}

// checkOrder is about everything that was told until now.
func (d *demo) checkOrder() {
	for _, text := range d.seen.broken {
		d.t.check(false, "%s", text)
	}
	if n := len(d.seen.lines); n > 0 && len(d.seen.broken) == 0 {
		d.t.check(true, "%d lines, numbered %d to %d: none is missing, doubled or out of order",
			n, d.seen.lines[0].Seq, d.seen.last())
	}
	exits := 0
	for _, e := range d.seen.events {
		if e.Type == "process.exited" {
			exits++
		}
	}
	d.t.check(exits > 0, "%s of a process: each came after its last line", count(exits, "end"))
}

// checkBeats: web counts its heartbeats, so that a lost one would show.
func (d *demo) checkBeats() {
	n := 0
	for _, l := range d.seen.lines {
		var beat int
		if l.Process != "web" {
			continue
		}
		if _, err := fmt.Sscanf(l.Text, "heartbeat %d", &beat); err == nil {
			if n++; beat != n {
				d.t.check(false, "heartbeat %d came where %d should have", beat, n)
				return
			}
		}
	}
	d.t.check(n > 0, "%s of web, each once", count(n, "heartbeat"))
}

// checkSame compares what was followed with what the log has.
func (d *demo) checkSame(log []wire.Line) {
	followed := d.seen.lines
	for i := range min(len(log), len(followed)) {
		if !reflect.DeepEqual(log[i], followed[i]) {
			d.t.check(false, "line %d is %q in the log, but %q came", log[i].Seq, log[i].Text, followed[i].Text)
			return
		}
	}
	d.t.check(len(log) == len(followed), "the log has %d lines, the same %d that came", len(log), len(followed))
}

// checkTold: whoever learns of an end from an answer knows all lines by then.
func (d *demo) checkTold(p wire.Process) {
	d.t.check(d.seen.last() >= p.FinalSeq, "the last line of %s, %d, came before this answer", p.ID, p.FinalSeq)
}

// checkGone is about the system: nothing that was started is still there.
func (d *demo) checkGone() {
	pids := left(d.seen.leaders)
	d.t.check(len(pids) == 0, "of the processes %v, which were started, %d are left: %v", d.seen.leaders, len(pids), pids)
}

// checkHits: a search has found what a look at all lines finds, up to the newest
// line that had come before the search.
func (d *demo) checkHits(found wire.SearchResult, before uint64, matches func(text string) bool) {
	var want, got []uint64
	for _, l := range d.seen.lines {
		if l.Seq <= before && matches(l.Text) {
			want = append(want, l.Seq)
		}
	}
	for _, h := range slices.Backward(found.Hits) { // they come newest first
		if h.Line.Seq <= before {
			got = append(got, h.Line.Seq)
		}
	}
	d.t.check(len(want) > 0 && slices.Equal(got, want), "the lines found are %v; a look at all lines finds %v", got, want)
}
