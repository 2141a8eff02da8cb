//go:build unix

package process

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

// sets knows which process belongs to which run. A process belongs to a run if
// it is the leader or in its group, if it is below another one that belongs to
// it, if it was once seen to, or if it carries the run's marker: sessions of its
// own, double forks and a new parent do not take it out. What does all of that
// and clears its environment as well, before anybody looks, is known only to be
// of some run: it ends with the last one.
//
// Only what the engine and its guard have started is ever looked at; a stranger
// with the same command line is no candidate.
type sets struct {
	epoch string
	roots func() []int // whose descendants are candidates
	deaf  atomic.Bool  // of a test: signals have no effect, as on a process in state D

	mu       sync.Mutex
	byLeader map[int]*set
	byMarker map[string]*set

	begun atomic.Uint64 // looks begun

	looking sync.Mutex // one look at a time; guards what follows
	last    look
	known   map[identity]*set // who belonged to a run at the last look
}

// identity is a process, and no other one that has its number later.
type identity struct {
	pid   int
	start uint64
}

// proc is a process at the moment of a look.
type proc struct {
	identity
	parent int
	group  int
	state  byte // as ps has it
	orphan bool // a guard's child, and perhaps a leader
}

func (p *proc) dead() bool { return p.state == 'Z' || p.state == 'X' }

// look is who belonged to which run at one moment.
type look struct {
	number  uint64
	members map[*set][]proc // the living, but for the dead they may wait for
}

// markerKey is the variable in a process's environment that has its run's marker.
const markerKey = "BRUMMER_RPC_RUN"

func newSets(epoch string, roots func() []int) *sets {
	return &sets{epoch: epoch, roots: roots, byLeader: map[int]*set{}, byMarker: map[string]*set{}}
}

func (t *sets) marker(id string, run uint32) string {
	return fmt.Sprintf("%s:%s:%d", t.epoch, id, run)
}

// set is what a run has started and what of it lives. Its leader's number is the
// run's own until close.
type set struct {
	of     *sets
	marker string
	leader int // 0 until it has been started
}

// add announces a run, before its leader is started: nothing with its marker is a
// stray from here on.
func (t *sets) add(marker string) *set {
	s := &set{of: t, marker: marker}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.byMarker[marker] = s
	return s
}

func (s *set) lead(pid int) {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	s.leader = pid
	s.of.byLeader[pid] = s
}

// close forgets the set; call it before the leader's number is given back.
func (s *set) close() {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	delete(s.of.byLeader, s.leader)
	delete(s.of.byMarker, s.marker)
}

// living are the members that have not ended, by a look that begins now.
func (s *set) living() []proc { return s.of.look().members[s] }

// empty reports whether no member lives.
func (s *set) empty() bool { return len(s.living()) == 0 }

// maxPasses bounds how often signal looks for members that it has missed.
const maxPasses = 5

// signal sends signals to every member: to the group as a whole, because members
// may be forking, and to the others one by one. A member may leave the group
// between the look and the signal, and a new one may appear: whoever is found
// outside the group afterwards and has not been sent the signals is.
func (s *set) signal(signals ...Signal) {
	if s.of.deaf.Load() {
		return
	}
	sent := map[identity]bool{}
	for pass := range maxPasses {
		missed := false
		members := s.living()
		if pass == 0 && slices.ContainsFunc(members, s.grouped) {
			missed = true
			for _, sig := range signals {
				syscall.Kill(-s.leader, sig)
			}
		}
		for _, p := range members {
			if !s.grouped(p) && !sent[p.identity] {
				missed, sent[p.identity] = true, true
				for _, sig := range signals {
					signalProc(p, sig)
				}
			}
		}
		if !missed {
			return
		}
	}
}

func (s *set) grouped(p proc) bool { return p.group == s.leader }

// end sends a signal that is to end the members. They are also sent CONT: one
// that is stopped could not act on it. To all, since one may be just stopping.
func (s *set) end(sig Signal) { s.signal(sig, sigCont) }

// names describes the living members for people.
func (s *set) names() []string {
	var out []string
	for _, p := range s.living() {
		out = append(out, fmt.Sprintf("pid %d (%s), state %c", p.pid, commandOf(p.pid), p.state))
	}
	return out
}

// look returns who belongs to which run, by a look that has begun after the
// call. Many callers at once share one: a storm of stops costs no more than its
// slowest.
func (t *sets) look() look {
	before := t.begun.Load()
	t.looking.Lock()
	defer t.looking.Unlock()
	if t.last.number > before {
		return t.last
	}
	t.last = look{number: t.begun.Add(1), members: map[*set][]proc{}}
	known := map[identity]*set{}
	t.assign(settled(t.roots()), func(p proc, s *set) {
		known[p.identity] = s
		if !p.dead() {
			t.last.members[s] = append(t.last.members[s], p)
		} else if p.pid != s.leader {
			collect(p)
		}
	})
	t.known = known
	return t.last
}

// maxLooks bounds how often settled looks.
const maxLooks = 10

// settled returns the candidates as two looks in a row have seen them. One look
// is not enough: it goes from parents to children, and a process whose parent
// ends in the meantime has a new one, which has been looked at already.
func settled(roots []int) []proc {
	all := candidates(roots)
	for range maxLooks {
		again := candidates(roots)
		if slices.EqualFunc(all, again, sameProc) {
			break
		}
		all = again
	}
	return all
}

func sameProc(a, b proc) bool {
	return a.identity == b.identity && a.parent == b.parent && a.group == b.group && a.dead() == b.dead()
}

// assign calls member for each process that belongs to a run. A parent comes
// before its children in all.
func (t *sets) assign(all []proc, member func(proc, *set)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	owner := make(map[int]*set, len(all))
	for _, p := range all {
		s := t.byLeader[p.pid]
		if s == nil {
			s = owner[p.parent]
		}
		if s == nil {
			s = t.evidenceLocked(p)
		}
		if s != nil {
			owner[p.pid] = s
			member(p, s)
		}
	}
}

// evidenceLocked tells whose an orphan is.
func (t *sets) evidenceLocked(p proc) *set {
	if s := t.known[p.identity]; s != nil && t.byMarker[s.marker] == s {
		return s
	}
	if s := t.byLeader[p.group]; s != nil {
		return s
	}
	if s := t.byMarker[markerOf(p.pid)]; s != nil || !p.orphan || len(t.byMarker) != 1 {
		return s
	}
	for _, s := range t.byMarker { // it has hidden all that tells whose it is, but there is only one run
		return s
	}
	return nil
}

// endStrays kills what carries a marker of this engine but belongs to no run: a
// guard that was killed may have started it without telling.
func (t *sets) endStrays() {
	t.looking.Lock()
	defer t.looking.Unlock()
	all := settled(t.roots())
	owned := map[int]bool{}
	t.assign(all, func(p proc, _ *set) { owned[p.pid] = true })
	for _, p := range all {
		if !owned[p.pid] && strings.HasPrefix(markerOf(p.pid), t.epoch+":") {
			signalProc(p, sigKill)
		}
	}
}
