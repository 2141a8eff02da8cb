package diagnose

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
)

// Origin says where something was found.
type Origin struct {
	Process string
	Run     uint32
	Tag     string // the name that a multiplexer put before the line; "" without one
	Dir     string // the process's working folder
	Seq     uint64 // the log line; 0 if it can't be known
	Time    int64  // milliseconds since the epoch
}

// Entry is a problem in the set. It is immutable: a change is a new Entry with
// the same ID.
type Entry struct {
	ID string
	Problem
	Origin
	Count int   // how often it was reported; for a crash, since the process began
	First int64 // when it was reported first, in milliseconds since the epoch

	stream string               // the Reader whose ref the problem has
	cycle  int                  // of its scope, when it was reported last
	spot   atomic.Pointer[Spot] // see [Entry.Spot]
}

// Spot is where an entry is on this machine.
type Spot struct {
	Path  string // absolute
	Found bool   // the file is there
}

// Spot returns what find says of the entry's place, and remembers it once the
// file was found. find looks at files, so it is not called by the one who adds
// entries but by those who read them.
func (e *Entry) Spot(find func(Place, Origin) Spot) Spot {
	if s := e.spot.Load(); s != nil {
		return *s
	}
	s := find(e.Place, e.Origin)
	if s.Found {
		e.spot.Store(&s)
	}
	return s
}

// ProblemList is the set at one moment. It is immutable.
type ProblemList struct {
	Revision         uint64
	Entries          []*Entry // by process, in the order they were found
	Errors, Warnings int
	Others           int // informations and hints
	Dropped          int // what was found, but did not fit
}

// Of counts the problems of a process.
func (l *ProblemList) Of(process string) (errors, warnings int) {
	for _, e := range l.Entries {
		if e.Process == process {
			switch e.Severity {
			case Error:
				errors++
			case Warning:
				warnings++
			}
		}
	}
	return errors, warnings
}

// maxProblems bounds the problems of one process and name.
const maxProblems = 1000

// Problems is the set of the problems that hold now, by process. Readers take
// an immutable list; those who add take a lock, once per batch of findings.
type Problems struct {
	bells wake.Bells
	list  atomic.Pointer[ProblemList]

	mu     sync.Mutex
	scopes map[scopeKey]*scope
	ids    uint64
	dirty  bool
}

type scopeKey struct{ process, tag string }

// scope is the problems of one program.
type scope struct {
	entries []*Entry
	cycle   int // how many cycles have ended
	dropped int
}

// NewProblems returns an empty set.
func NewProblems() *Problems {
	p := &Problems{scopes: map[scopeKey]*scope{}}
	p.list.Store(&ProblemList{})
	return p
}

// List returns the set as it is; it never waits.
func (p *Problems) List() *ProblemList { return p.list.Load() }

// Watch rings b after every change until stop is called.
func (p *Problems) Watch(b *wake.Bell) (stop func()) { return p.bells.Add(b) }

// Add puts a problem into the set, and reports whether it is new there. stream
// names the Reader that has found it.
func (p *Problems) Add(stream string, problem Problem, o Origin) (e *Entry, isNew bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.scopeLocked(scopeKey{o.Process, o.Tag})
	e = &Entry{Problem: problem, Origin: o, Count: 1, First: o.Time, stream: stream, cycle: s.cycle}
	p.dirty = true
	for i, old := range s.entries {
		again := old.stream == stream && old.ref == problem.ref
		if !again && !same(&old.Problem, &problem) {
			continue
		}
		e.ID, e.First, e.Count = old.ID, old.First, old.Count
		if !again {
			e.Count++
		}
		if e.Dirs == nil {
			e.Dirs = old.Dirs
		}
		s.entries[i] = e
		return e, false
	}
	if len(s.entries) >= maxProblems {
		s.dropped++
		return nil, false
	}
	p.ids++
	e.ID = strconv.FormatUint(p.ids, 36)
	s.entries = append(s.entries, e)
	return e, true
}

func (p *Problems) scopeLocked(k scopeKey) *scope {
	s := p.scopes[k]
	if s == nil {
		s = &scope{}
		p.scopes[k] = s
	}
	return s
}

// same reports whether two problems say the same of the same place: tools print
// what they found more than once. Crashes are the same by their fingerprints.
func same(a, b *Problem) bool {
	if a.Fingerprint != 0 || b.Fingerprint != 0 {
		return a.Fingerprint == b.Fingerprint
	}
	if a.Line != b.Line || a.File != b.File || a.Code != b.Code || a.Col != b.Col {
		return false
	}
	x, _, _ := strings.Cut(a.Message, "\n")
	y, _, _ := strings.Cut(b.Message, "\n")
	return x == y
}

// Clear drops what tools have said of a program before, but for crashes. nil is
// every tool.
func (p *Problems) Clear(process, tag string, sources []string) {
	p.drop(scopeKey{process, tag}, func(_ *scope, e *Entry) bool {
		return !e.Sticky && (sources == nil || slices.Contains(sources, e.Source))
	})
}

// Ended closes a cycle of a tool: what it had said before the cycle, and not
// again, no longer holds.
func (p *Problems) Ended(process, tag string, sources []string) {
	p.drop(scopeKey{process, tag}, func(s *scope, e *Entry) bool {
		return !e.Sticky && e.cycle < s.cycle && (sources == nil || slices.Contains(sources, e.Source))
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.scopes[scopeKey{process, tag}]; s != nil {
		s.cycle++
	}
}

// Forget drops what was found in the runs of a process before run: it has been
// started anew, or removed.
func (p *Problems) Forget(process string, run uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, s := range p.scopes {
		if k.process != process {
			continue
		}
		before := len(s.entries)
		s.entries = slices.DeleteFunc(s.entries, func(e *Entry) bool { return e.Run < run })
		if len(s.entries) != before {
			p.dirty = true
		}
		if len(s.entries) == 0 {
			delete(p.scopes, k)
		}
	}
}

// Reread drops what the Readers of a stream have found, whose names begin with
// prefix: the stream is read once more.
func (p *Problems) Reread(prefix string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.scopes {
		before := len(s.entries)
		s.entries = slices.DeleteFunc(s.entries, func(e *Entry) bool { return strings.HasPrefix(e.stream, prefix) })
		p.dirty = p.dirty || len(s.entries) != before
	}
}

// Drop empties the set of a process, crashes included; "" is every process.
func (p *Problems) Drop(process string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, s := range p.scopes {
		if process == "" || k.process == process {
			p.dirty = p.dirty || len(s.entries) > 0
			s.entries, s.dropped = nil, 0
		}
	}
}

func (p *Problems) drop(k scopeKey, void func(*scope, *Entry) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.scopes[k]
	if s == nil {
		return
	}
	before := len(s.entries)
	s.entries = slices.DeleteFunc(s.entries, func(e *Entry) bool { return void(s, e) })
	if len(s.entries) != before {
		s.dropped = 0
		p.dirty = true
	}
}

// Publish lets readers see what was added and dropped since, if anything was.
func (p *Problems) Publish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.dirty {
		return
	}
	p.dirty = false
	next := &ProblemList{Revision: p.list.Load().Revision + 1}
	keys := slices.SortedFunc(maps.Keys(p.scopes), func(a, b scopeKey) int {
		return strings.Compare(a.process+"\x00"+a.tag, b.process+"\x00"+b.tag)
	})
	for _, k := range keys {
		s := p.scopes[k]
		next.Entries = append(next.Entries, s.entries...)
		next.Dropped += s.dropped
	}
	for _, e := range next.Entries {
		switch e.Severity {
		case Error:
			next.Errors++
		case Warning:
			next.Warnings++
		default:
			next.Others++
		}
	}
	p.list.Store(next)
	p.bells.Ring()
}
