package engine

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"
)

// later is what has to happen some time after something else: closing what is
// under way in a stream that has gone quiet, and asking the kernel which ports
// a process listens on. [Engine.Run] is its goroutine; with nothing to do it
// sleeps without a timer.
type later struct {
	kick chan struct{} // something new is due earlier

	mu       sync.Mutex
	flushes  map[*lookout]time.Time
	lookouts map[string][]*lookout // of the present runs, by process
	looks    map[string]*look      // by process
	ports    func(id string, pid int)
}

// look is when to ask for a process's ports next.
type look struct {
	pid int
	at  []time.Time // ascending
}

// lookAfter is when a process that has just been started is asked for its ports,
// and one whose output hints at a new address. Servers bind within a second or
// after a build; a build's end is a hint.
var lookAfter = []time.Duration{50, 100, 200, 400, 800, 1600, 3200}

func (l *later) init() {
	l.kick = make(chan struct{}, 1)
	l.flushes, l.lookouts, l.looks = map[*lookout]time.Time{}, map[string][]*lookout{}, map[string]*look{}
}

// run does what is due until ctx ends.
func (l *later) run(ctx context.Context) {
	timer := time.NewTimer(math.MaxInt64)
	defer timer.Stop()
	for {
		if next, any := l.round(time.Now()); any {
			timer.Reset(time.Until(next))
		} else {
			timer.Stop()
		}
		select {
		case <-timer.C:
		case <-l.kick:
		case <-ctx.Done():
			return
		}
	}
}

// round does what is due now and returns when to come back.
func (l *later) round(now time.Time) (next time.Time, any bool) {
	var flush []*lookout
	ports := map[string]int{}
	l.mu.Lock()
	for o, at := range l.flushes {
		if !at.After(now) {
			flush = append(flush, o)
			delete(l.flushes, o)
		}
	}
	for id, k := range l.looks {
		due := 0
		for due < len(k.at) && !k.at[due].After(now) {
			due++
		}
		if due > 0 {
			ports[id], k.at = k.pid, k.at[due:]
		}
	}
	l.mu.Unlock()
	for _, o := range flush {
		o.flush(false)
	}
	for id, pid := range ports {
		l.ports(id, pid)
	}
	return l.next()
}

func (l *later) next() (next time.Time, any bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	earlier := func(t time.Time) {
		if !any || t.Before(next) {
			next, any = t, true
		}
	}
	for _, at := range l.flushes {
		earlier(at)
	}
	for _, k := range l.looks {
		if len(k.at) > 0 {
			earlier(k.at[0])
		}
	}
	return next, any
}

func (l *later) wake() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// flush closes what is under way in o at the given time, unless it is put off.
func (l *later) flush(o *lookout, at time.Time) {
	l.mu.Lock()
	_, waits := l.flushes[o]
	l.flushes[o] = at
	l.mu.Unlock()
	if !waits {
		l.wake()
	}
}

// join adds the lookout of a run that begins.
func (l *later) join(o *lookout) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lookouts[o.id] = append(l.lookouts[o.id], o)
}

// present are the lookouts of the runs that have not ended.
func (l *later) present() (all []*lookout) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, list := range l.lookouts {
		all = append(all, list...)
	}
	return all
}

// leave closes what a run that has ended left open. Its readers have stopped.
func (l *later) leave(id string, run uint32) {
	l.mu.Lock()
	var over []*lookout
	l.lookouts[id] = slices.DeleteFunc(l.lookouts[id], func(o *lookout) bool {
		if o.isOf(run) {
			over = append(over, o)
			delete(l.flushes, o)
			return true
		}
		return false
	})
	if len(l.lookouts[id]) == 0 {
		delete(l.lookouts, id)
	}
	delete(l.looks, id)
	l.mu.Unlock()
	for _, o := range over {
		o.flush(true)
	}
}

// watch asks for the ports of a process that has just been started.
func (l *later) watch(id string, pid int) {
	l.mu.Lock()
	l.looks[id] = &look{pid: pid, at: schedule(time.Now())}
	l.mu.Unlock()
	l.wake()
}

// hint asks again: the process's output speaks of an address.
func (l *later) hint(id string) {
	l.mu.Lock()
	k := l.looks[id]
	if k != nil {
		k.at = schedule(time.Now())
	}
	l.mu.Unlock()
	if k != nil {
		l.wake()
	}
}

func schedule(now time.Time) (at []time.Time) {
	for _, d := range lookAfter {
		at = append(at, now.Add(d*time.Millisecond))
	}
	return at
}
