package events

import (
	"sync"
	"testing"
)

func started(process string, n int) Event {
	return Event{Type: ProcessStarted, Process: process, Data: Started{Run: uint32(n)}}
}

func TestOrderAndTypes(t *testing.T) {
	p := New(nil)
	all, _ := p.Subscribe(All(), 0)
	exits, _ := p.Subscribe(Set{ProcessExited: true}, 0)
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
	p := New(nil)
	exits, _ := p.Subscribe(Set{ProcessExited: true}, 0)
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
	p := New(nil)
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
	for i := range capacity {
		p.Publish(started("a", i))
	}
	if _, fresh = p.Subscribe(All(), 3); !fresh {
		t.Error("since an overwritten event must be fresh")
	}
}

// TestStress: with publishers faster than readers, each reader sees the events
// of every publisher in order, and delivered + lost = published.
func TestStress(t *testing.T) {
	const publishers, each = 4, 20_000
	p := New(nil)
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
				p.Publish(Event{Type: Type(i % int(NumTypes)), Process: string(rune('a' + w)), Data: i})
			}
		})
	}
	for _, s := range subs {
		readers.Go(func() {
			last := map[string]int{}
			total := uint64(0)
			for finished := false; ; {
				events, lost := s.Next(100)
				total += uint64(len(events)) + lost.Count
				for _, e := range events {
					if n := e.Data.(int); n < last[e.Process] {
						t.Errorf("publisher %s: %d after %d", e.Process, n, last[e.Process])
					}
					last[e.Process] = e.Data.(int)
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
