package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// children are what this test binary can be as a child; see child.
var children = map[string]func(args []string){
	"flood": func(args []string) { writeFlood(args[0]) },
	"bytes": func([]string) { os.Stdout.Write(strangeBytes()) },
}

// floodLine is line n of a flood: 100 bytes that tell whether one is missing,
// doubled or damaged.
func floodLine(n int) string {
	return fmt.Sprintf("%09d %s %09d", n, strings.Repeat("x", 79), n)
}

func writeFlood(count string) {
	n, err := strconv.Atoi(count)
	if err != nil {
		panic(err)
	}
	w := bufio.NewWriterSize(os.Stdout, 64<<10)
	pad := []byte(strings.Repeat("x", 79))
	for i := range n {
		fmt.Fprintf(w, "%09d %s %09d\n", i, pad, i)
	}
	w.Flush()
}

// followed checks that what a subscription sends has no hole and nothing twice.
type followed struct {
	t         *testing.T
	mu        sync.Mutex
	sub       string
	delivered uint64
	lost      uint64
	seq       uint64 // the last one accounted for
	batch     uint64
	check     func(wire.Line)
	caughtUp  chan struct{} // receives when a batch has been looked at
}

func (f *followed) lines(params []byte) {
	m := decodeNote[struct {
		wire.LinesHead
		Lines []wire.Line `json:"lines"`
	}](f.t, params)
	f.mu.Lock()
	defer f.mu.Unlock()
	if m.Batch != f.batch+1 {
		f.t.Errorf("batch %d after %d", m.Batch, f.batch)
	}
	f.batch = m.Batch
	if m.Gap != nil {
		if m.Gap.From <= f.seq || m.Gap.Count != m.Gap.To-m.Gap.From+1 {
			f.t.Errorf("gap %+v after line %d", *m.Gap, f.seq)
		}
		f.lost += m.Gap.Count
		f.seq = m.Gap.To
	}
	for _, l := range m.Lines {
		if l.Seq != f.seq+1 {
			f.t.Errorf("line %d after %d: a hole that no gap tells of", l.Seq, f.seq)
		}
		f.seq = l.Seq
		f.delivered++
		f.check(l)
	}
	select {
	case f.caughtUp <- struct{}{}:
	default:
	}
}

// TestFlood: a child writes two million lines while a client follows with
// credits. Every line is delivered or told as lost, in order, undamaged, and
// the program's memory stays near the ring's budget.
func TestFlood(t *testing.T) { hosts(t, flood) }

func flood(t *testing.T, args ...string) {
	const count, budget = 2_000_000, 32 << 20
	s := open(t, append(args, "--log-budget", strconv.Itoa(budget))...)
	f := &followed{t: t, caughtUp: make(chan struct{}, 1)}
	whole := checkWhole(t)
	f.check = whole.check
	s.on("logs/lines", func(params []byte) {
		f.lines(params)
		s.Notify(t.Context(), "logs/ack", wire.AckParams{Subscription: f.sub, Batch: f.batch})
	})
	f.sub = "1"
	if got := call[wire.Subscribed](s, "logs/subscribe", map[string]any{}); got.Subscription != f.sub {
		t.Fatalf("subscription %q", got.Subscription)
	}
	call[wire.Process](s, "process/start", map[string]any{"name": "flood", "command": child("flood", strconv.Itoa(count))})
	end := call[wire.Process](s, "process/wait", ids{"id": "flood"})
	// On a busy machine the child may pause in the middle of a line for longer
	// than a line may wait: then it comes in parts, and there are more records.
	if end.State != "exited" || end.FinalSeq < count || end.FinalSeq > count+count/100 {
		t.Fatalf("ended %s with record %d, want exited with %d or a few more", end.State, end.FinalSeq, count)
	}
	for f.position() < end.FinalSeq {
		<-f.caughtUp
	}
	totals := call[wire.Unsubscribed](s, "logs/unsubscribe", wire.SubscriptionParams{Subscription: f.sub})
	if f.delivered+f.lost != end.FinalSeq || totals.Delivered != f.delivered || totals.Dropped != f.lost {
		t.Errorf("%d delivered + %d lost, the server says %+v; %d were written", f.delivered, f.lost, totals, end.FinalSeq)
	}
	if whole.parts == 0 && f.lost == 0 && end.FinalSeq != count {
		t.Errorf("%d records of %d lines, without parts and without losses", end.FinalSeq, count)
	}
	if whole.parts > 2*int(end.FinalSeq-count) {
		t.Errorf("%d parts, but only %d records more than lines", whole.parts, end.FinalSeq-count)
	}
	if whole.next != count && !whole.broken {
		t.Errorf("the last whole line is %d of %d", whole.next, count)
	}
	rss, cpu := usage(t, call[wire.SessionInfo](s, "session/info", nil).PID)
	t.Logf("%d lines delivered, %d told as lost, %d batches; peak memory of the engine %d MiB, CPU %v", f.delivered, f.lost, f.batch, rss>>20, cpu)
	if limit := int64(budget + 64<<20); rss > limit && !raceEnabled {
		t.Errorf("peak memory %d bytes, over the ring's budget and 64 MiB", rss)
	}
	if code := s.hangUp(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// wholeLines checks every line of a flood that comes in one piece.
type wholeLines struct {
	t      *testing.T
	next   int  // the lowest line that may come
	parts  int  // records that were parts
	broken bool // the last record was a part
}

func checkWhole(t *testing.T) *wholeLines { return &wholeLines{t: t} }

func (w *wholeLines) check(l wire.Line) {
	var n int
	rest := w.broken // of a line that began with a part
	if w.broken = l.Partial; rest || l.Partial {
		w.parts++
		return
	}
	fmt.Sscanf(l.Text[max(0, len(l.Text)-9):], "%d", &n) // a line ends with its number
	want := floodLine(n)
	// The rest of a line may come alone, if a gap has swallowed its first part.
	if !strings.HasSuffix(want, l.Text) || n < w.next || l.Process != "flood" {
		if !w.t.Failed() { // once is enough
			w.t.Errorf("record %d is %q, behind line %d", l.Seq, l.Text, w.next-1)
		}
		return
	}
	if w.next = n + 1; l.Text != want {
		w.parts++
	}
}

func (f *followed) position() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seq
}

// strangeBytes is output that must come back as it was written.
func strangeBytes() []byte {
	var b bytes.Buffer
	b.WriteString("nul \x00 end\n")
	b.WriteString("invalid \xff\xfe\x80 utf-8\n")
	b.WriteString("progress 1%\rprogress 100%\r\n")
	b.WriteString("\x1b[31mred\x1b[0m and \x1b]8;;http://example.com\x07a link\x1b]8;;\x07\n")
	b.WriteString("\n\n")
	b.WriteString(strings.Repeat("é€", 1<<18) + "\n") // 1.25 MiB in one line
	b.WriteString(strings.Repeat("z", 64<<10) + "\n") // exactly the cap
	b.WriteString("the end without a newline")
	return b.Bytes()
}
