package events

import (
	"strings"
	"sync"
	"testing"
)

func started(process string, n int) Event {
	return Event{Type: ProcessStarted, Process: process, Data: Started{Run: uint32(n)}}
}

func TestOrderAndTypes(t *testing.T) {
	p := New(Options{})
	all, _ := p.Subscribe(All(), 0)
	exits, _ := p.Subscribe(Of(ProcessExited), 0)
	p.Publish(started("a", 1))
	p.Publish(Event{Type: ProcessExited, Process: "a"})
	p.Publish(started("b", 1))
	if got, lost := all.Next(10); len(got) != 3 || lost.Count != 0 || got[2].Process != "b" {
		t.Errorf("all: %v, %d lost", got, lost.Count)
	}
	if got, lost := exits.Next(10); len(got) != 1 || lost.Count != 0 {
		t.Errorf("exits: %v, %d lost", got, lost.Count)
	}
	if got, lost := all.Next(10); got != nil || lost.Count != 0 {
		t.Errorf("nothing new, but %v, %d lost", got, lost.Count)
	}
}

func TestGapCountsOnlyOwnTypes(t *testing.T) {
	const capacity = 64
	p := New(Options{Events: capacity})
	exits, _ := p.Subscribe(Of(ProcessExited), 0)
	for i := range 2 * capacity {
		p.Publish(started("a", i))
		if i%4 == 0 {
			p.Publish(Event{Type: ProcessExited})
		}
	}
	got, lost := exits.Next(capacity)
	if want := 2 * capacity / 4; len(got)+int(lost.Count) != want {
		t.Errorf("%d delivered + %d lost, but %d were published", len(got), lost.Count, want)
	}
	if lost.Count == 0 {
		t.Error("nothing was lost: the test does not overflow the ring")
	}
}

func TestSubscribeSince(t *testing.T) {
	p := New(Options{Events: 100})
	for i := range 10 {
		p.Publish(started("a", i))
	}
	s, fresh := p.Subscribe(All(), 7)
	if got, _ := s.Next(10); fresh || len(got) != 3 {
		t.Errorf("since 7 of 10: %d events, fresh %v", len(got), fresh)
	}
	if s, fresh = p.Subscribe(All(), 99); !fresh || s.Cursor() != 0 {
		t.Errorf("a number that was never given: fresh %v, cursor %d", fresh, s.Cursor())
	}
	for i := range 100 {
		p.Publish(started("a", i))
	}
	if _, fresh = p.Subscribe(All(), 3); !fresh {
		t.Error("since an overwritten event must be fresh")
	}
}

// TestBytesAreBounded: long texts push older events out, with the exact count,
// and the newest always stays.
func TestBytesAreBounded(t *testing.T) {
	p := New(Options{Bytes: 1000})
	s, _ := p.Subscribe(All(), 0)
	for range 30 {
		p.Publish(Event{Type: ErrorDetected, Data: Detected{Message: strings.Repeat("x", 100)}})
	}
	if p.ring.bytes > 1000 {
		t.Errorf("%d bytes are held of 1000", p.ring.bytes)
	}
	if got, lost := s.Next(100); len(got) != 10 || lost.Count != 20 {
		t.Errorf("%d delivered, %d lost", len(got), lost.Count)
	}
	p.Publish(Event{Type: ErrorDetected, Data: Detected{Message: strings.Repeat("x", 5000)}})
	if got, _ := s.Next(100); len(got) != 1 {
		t.Errorf("an event larger than the bound: %d delivered", len(got))
	}
}

// TestWants: a type that is made only on demand is asked for by its name, for
// as long as a subscription or a handler does.
func TestWants(t *testing.T) {
	p := New(Options{})
	all, _ := p.Subscribe(All(), 0)
	if p.Wants(LogLine) || !p.Wants(ProcessStarted) {
		t.Error("All must not ask for log.line, and must ask for the rest")
	}
	lines, _ := p.Subscribe(Of(LogLine), 0)
	stop := p.Handle(Handler{Types: Of(LogLine), Handle: func(Event) {}})
	lines.Close()
	lines.Close()
	if !p.Wants(LogLine) {
		t.Error("a handler still asks for log.line")
	}
	stop()
	stop()
	if p.Wants(LogLine) {
		t.Error("nobody asks for log.line")
	}
	all.Close()
	if p.Wants(ProcessStarted) {
		t.Error("nobody asks for process.started")
	}
	end(t, p)
}

// TestStress: with publishers faster than readers, each reader sees the events
// of every publisher in order, and delivered + lost = published.
func TestStress(t *testing.T) {
	const publishers, each = 4, 20_000
	p := New(Options{Events: 1000})
	var subs []*Subscription
	for range 3 {
		s, _ := p.Subscribe(All(), 0)
		subs = append(subs, s)
	}
	done := make(chan struct{})
	var writers, readers sync.WaitGroup
	for w := range publishers {
		writers.Go(func() {
			for i := range each {
				p.Publish(started(string(rune('a'+w)), i))
			}
		})
	}
	for _, s := range subs {
		readers.Go(func() {
			last := lastRuns{t: t}
			total := uint64(0)
			for finished := false; ; {
				events, lost := s.Next(100)
				total += uint64(len(events)) + lost.Count
				for _, e := range events {
					last.check(e)
				}
				if len(events) == 0 && finished {
					break
				}
				select {
				case <-done:
					finished = true
				default:
				}
			}
			if total != publishers*each {
				t.Errorf("%d delivered or lost of %d", total, publishers*each)
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
}

// lastRuns checks that the events of each publisher come in order.
type lastRuns struct {
	t    *testing.T
	runs [128]int64
}

func (l *lastRuns) check(e Event) {
	n := int64(e.Data.(Started).Run) + 1
	if last := &l.runs[e.Process[0]]; n <= *last {
		l.t.Errorf("publisher %s: %d after %d", e.Process, n, *last)
	} else {
		*last = n
	}
}
