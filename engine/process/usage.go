package process

import (
	"sync"
	"time"
)

// Usage is what the processes of a run use together.
type Usage struct {
	CPU       float64 // cores, since the look before or else since the start: 1.5 is one and a half
	RSS       int64   // bytes resident, those that several share counted for each
	Processes int
}

// usageAge is how long a look is good for: many clients that ask at once cost no
// more than one, and a share of less time would be mostly noise.
const usageAge = 200 * time.Millisecond

// usages remembers the last look at each run, so that the next one can tell what
// was used in between. Nothing looks unless somebody asks.
type usages struct {
	mu   sync.Mutex
	last map[*run]*sample
}

// sample is a look at one run.
type sample struct {
	at    time.Time
	busy  map[task]time.Duration // processor time of each process until then
	usage Usage
}

// task is a process, and no other one that has its number later.
type task struct {
	pid   int
	start uint64
}

// Usage looks at what processes use, and returns it by id; those that don't run
// are left out, and where the system does not tell, all are. It is one look at
// all that runs and a file per process of those asked for: tens of microseconds
// each.
func (t *Table) Usage(of ...*Process) map[string]Usage {
	t.usages.mu.Lock()
	defer t.usages.mu.Unlock()
	out := map[string]Usage{}
	measure := t.sets.measure()
	for _, p := range of {
		p.mu.Lock()
		r, began := p.run, p.Snapshot().StartedAt
		p.mu.Unlock()
		if r == nil {
			continue
		}
		if s := t.usages.sampleLocked(r, began, measure); s != nil {
			out[p.id] = s.usage
		}
	}
	return out
}

// forget drops what is remembered of a run that is over.
func (u *usages) forget(r *run) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.last, r)
}

func (u *usages) sampleLocked(r *run, began time.Time, measure func(*set, *sample)) *sample {
	before := u.last[r]
	now := time.Now()
	if before != nil && now.Sub(before.at) < usageAge {
		return before
	}
	s := &sample{at: now, busy: map[task]time.Duration{}}
	if measure(r.set, s); len(s.busy) == 0 {
		return nil
	}
	s.usage.CPU = s.share(before, began)
	if u.last == nil {
		u.last = map[*run]*sample{}
	}
	if r.ctx.Err() == nil {
		u.last[r] = s
	}
	return s
}

// share is how many cores were busy since the sample before. What a process that
// has ended since used in its last moments is not known, so it never is negative.
func (s *sample) share(before *sample, began time.Time) float64 {
	since, used := began, time.Duration(0)
	if before != nil {
		since = before.at
	}
	for id, busy := range s.busy {
		if before != nil {
			busy -= before.busy[id]
		}
		used += busy
	}
	if d := s.at.Sub(since); d > 0 {
		return float64(max(0, used)) / float64(d)
	}
	return 0
}
