package events

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// end shuts the pool down; everything must have been delivered.
func end(t *testing.T, p *Pool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := p.Shutdown(ctx); err != nil {
		t.Error(err)
	}
}

// tally is what a handler has been given.
type tally struct {
	lastRuns
	calling   atomic.Bool
	delivered uint64
	lost      uint64
}

func (c *tally) handle(e Event) {
	if c.calling.Swap(true) {
		c.t.Error("the handler is called twice at a time")
	}
	defer c.calling.Store(false)
	if e.Type == EngineGap {
		c.lost += e.Data.(Gap).Count
		return
	}
	c.delivered++
	c.check(e)
}

// TestHandlersStress laps a small ring over and over: order is kept for each
// publisher, delivered + lost = published for every handler, a shutdown leaves
// nothing, and the number of goroutines is that of the workers.
func TestHandlersStress(t *testing.T) {
	const publishers, each, handlers = 8, 20_000, 5
	before := runtime.NumGoroutine()
	p := New(Options{Events: 128, Workers: 3})
	tallies := make([]tally, handlers)
	for i := range tallies {
		tallies[i].t = t
		p.Handle(Handler{Name: fmt.Sprint(i), Types: All(), Handle: func(e Event) {
			tallies[i].handle(e)
			if tallies[i].delivered%uint64(100+i*900) == 0 {
				runtime.Gosched() // some are slower than others
			}
		}})
	}
	var writers sync.WaitGroup
	for w := range publishers {
		writers.Go(func() {
			for i := range each {
				p.Publish(started(string(rune('a'+w)), i))
			}
			// A worker that has ended may be counted beside the one that follows it.
			if n := runtime.NumGoroutine(); n > before+2*3+publishers {
				t.Errorf("%d goroutines, %d before", n, before)
			}
		})
	}
	writers.Wait()
	end(t, p)
	lost := uint64(0)
	for i := range tallies {
		c := &tallies[i]
		if c.delivered+c.lost != publishers*each {
			t.Errorf("handler %d: %d delivered + %d lost of %d", i, c.delivered, c.lost, publishers*each)
		}
		lost += c.lost
	}
	if lost == 0 {
		t.Error("no handler was overtaken: the test tests nothing")
	}
}

// TestNoWakeUpIsLost: each publisher waits for its event to be handled before
// it publishes the next, so the workers go to sleep between any two, and one
// lost call would stop it for ever.
func TestNoWakeUpIsLost(t *testing.T) {
	const publishers, each = 4, 5_000
	p := New(Options{Workers: 2})
	var handled [publishers]chan struct{}
	for i := range handled {
		handled[i] = make(chan struct{}, 2)
	}
	for range 2 {
		p.Handle(Handler{Types: All(), Handle: func(e Event) { handled[e.Process[0]-'a'] <- struct{}{} }})
	}
	var writers sync.WaitGroup
	for w := range publishers {
		writers.Go(func() {
			for i := range each {
				p.Publish(started(string(rune('a'+w)), i))
				for range 2 {
					select {
					case <-handled[w]:
					case <-time.After(30 * time.Second):
						t.Errorf("publisher %d: event %d is not handled", w, i)
						return
					}
				}
			}
		})
	}
	writers.Wait()
	end(t, p)
}

// TestOneSlowHandlerDelaysNoOther: while one never returns, the others get
// everything.
func TestOneSlowHandlerDelaysNoOther(t *testing.T) {
	p := New(Options{Workers: 2})
	block, entered, got := make(chan struct{}), make(chan struct{}), make(chan Event)
	p.Handle(Handler{Name: "stuck", Types: All(), Handle: func(Event) { close(entered); <-block }})
	p.Publish(started("a", 0))
	<-entered
	p.Handle(Handler{Name: "quick", Types: All(), Handle: func(e Event) { got <- e }})
	for i := range 1000 {
		p.Publish(started("a", i+1))
		if e := <-got; e.Data.(Started).Run != uint32(i+1) {
			t.Fatalf("%v instead of run %d", e, i+1)
		}
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	err := p.Shutdown(ended)
	if err == nil || !strings.Contains(err.Error(), "stuck: 1001") || strings.Contains(err.Error(), "quick") {
		t.Errorf("a shutdown that could not deliver says: %v", err)
	}
	close(block)
	<-p.finished
}

// TestCoalesce: a handler of levels gets the newest of each type, also when the
// ring no longer holds it, and is told of no gap.
func TestCoalesce(t *testing.T) {
	p := New(Options{Events: 8, Workers: 1})
	entered, release := make(chan struct{}), make(chan struct{})
	p.Handle(Handler{Types: Of(ClientConnected), Handle: func(Event) { close(entered); <-release }})
	var got []Event
	p.Handle(Handler{Types: Of(ProcessStarted, ProcessReady, EngineGap), Policy: Coalesce, Handle: func(e Event) { got = append(got, e) }})
	p.Publish(Event{Type: ClientConnected})
	<-entered // the only worker is busy
	for i := range 3 {
		p.Publish(Event{Type: ProcessReady, Data: Ready{Run: uint32(i)}})
		p.Publish(started("a", i))
	}
	for range 100 {
		p.Publish(Event{Type: TestPassed})
	}
	close(release)
	end(t, p)
	if len(got) != 2 || got[0].Data != (Ready{Run: 2}) || got[1].Data != (Started{Run: 2}) {
		t.Errorf("got %v", got)
	}
}

// TestBlock: a publisher waits for a handler of this kind and nothing is lost,
// until the time is over; then there is a gap and no more waiting until the
// handler has caught up.
func TestBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const wait = 50 * time.Millisecond
		p := New(Options{Events: 4, Workers: 1})
		c := tally{lastRuns: lastRuns{t: t}}
		release := make(chan struct{})
		p.Handle(Handler{Types: All(), Policy: Block, Wait: wait, Handle: func(e Event) { <-release; c.handle(e) }})
		publish := func(from, to int) time.Duration {
			begun := time.Now()
			for i := from; i < to; i++ {
				p.Publish(started("a", i))
				synctest.Wait()
			}
			return time.Since(begun)
		}
		if took := publish(0, 5); took != 0 { // one is being handled, four are in the ring
			t.Errorf("there was room, but the publisher has waited %v", took)
		}
		if took := publish(5, 20); took != wait {
			t.Errorf("a handler that does not move was waited for %v in all, want %v", took, wait)
		}
		close(release)
		synctest.Wait()
		if c.delivered+c.lost != 20 || c.lost != 15 {
			t.Errorf("%d delivered, %d lost", c.delivered, c.lost)
		}
		for i := range 1000 {
			p.Publish(started("b", i)) // now it takes what comes
		}
		end(t, p)
		if c.lost != 15 || c.delivered != 1005 {
			t.Errorf("%d delivered, %d lost", c.delivered, c.lost)
		}
	})
}

func TestPanicIsContained(t *testing.T) {
	var log strings.Builder
	p := New(Options{Workers: 1, Logf: func(format string, args ...any) { fmt.Fprintf(&log, format, args...) }})
	n := 0
	p.Handle(Handler{Name: "bad", Types: All(), Handle: func(Event) {
		if n++; n == 1 {
			panic("oh dear")
		}
	}})
	p.Publish(started("a", 1))
	p.Publish(started("a", 2))
	end(t, p)
	if n != 2 || p.panics != 1 {
		t.Errorf("%d calls, %d panics", n, p.panics)
	}
	for _, part := range []string{"handler bad", "process.started", "oh dear", "TestPanicIsContained"} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("%q is not in the log: %s", part, &log)
		}
	}
}

// TestStop: a stopped handler is not called again, not even with the rest of
// the batch that it stops itself in.
func TestStop(t *testing.T) {
	p := New(Options{Workers: 1})
	entered, release := make(chan struct{}), make(chan struct{})
	p.Handle(Handler{Types: Of(ClientConnected), Handle: func(Event) { close(entered); <-release }})
	var stop func()
	n := 0
	stop = p.Handle(Handler{Types: Of(ProcessStarted), Handle: func(Event) { n++; stop() }})
	p.Publish(Event{Type: ClientConnected})
	<-entered
	for i := range 10 {
		p.Publish(started("a", i))
	}
	close(release)
	end(t, p)
	if n != 1 {
		t.Errorf("called %d times", n)
	}
}

func TestPublishAfterShutdown(t *testing.T) {
	p := New(Options{})
	n := 0
	p.Handle(Handler{Types: All(), Handle: func(Event) { n++ }})
	for i := range 1000 {
		p.Publish(started("a", i))
	}
	end(t, p)
	if n != 1000 {
		t.Errorf("the shutdown has delivered %d of 1000", n)
	}
	if p.Publish(started("a", 1)) || p.refused != 1 {
		t.Error("an event was accepted after the end")
	}
	p.Handle(Handler{Types: All(), Handle: func(Event) {}})
	end(t, p)
}

// TestPublishAllocatesNothing: also with handlers of each kind.
func TestPublishAllocatesNothing(t *testing.T) {
	p := New(Options{})
	for _, policy := range []Policy{Queue, Coalesce, Block} {
		p.Handle(Handler{Types: All(), Policy: policy, Handle: func(Event) {}})
	}
	e := started("a", 1)
	if n := testing.AllocsPerRun(10_000, func() { p.Publish(e) }); n > 0.1 { // a gap has its Data
		t.Errorf("%v allocations for each event", n)
	}
	end(t, p)
}
