package diagnose

import (
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
)

// Case is a test in the set. It is immutable.
type Case struct {
	Test
	Origin
	Number uint64 // counts the tests in the order they were found; a later result of one keeps it
}

// TestList is the set at one moment. It is immutable.
type TestList struct {
	Revision                      uint64
	Cases                         []*Case // in the order they were found, which is that of their numbers
	Passed, Failed, Skipped, Todo int
	DurationMs                    float64
	Dropped                       int
}

// After gives the tests that were found after the one with a number, which may be
// gone by now; 0 stands for all.
func (l *TestList) After(number uint64) []*Case {
	i := sort.Search(len(l.Cases), func(i int) bool { return l.Cases[i].Number > number })
	return l.Cases[i:]
}

// maxCases bounds the tests that are kept.
const maxCases = 10_000

// Tests is the set of the last result of each test, by process and name.
type Tests struct {
	bells wake.Bells
	list  atomic.Pointer[TestList]

	mu      sync.Mutex
	cases   []*Case
	index   map[caseKey]int
	found   uint64         // how many there were, the number of the last one
	dropped map[string]int // by process
	dirty   bool
}

type caseKey struct{ process, tag, name string }

// NewTests returns an empty set.
func NewTests() *Tests {
	t := &Tests{index: map[caseKey]int{}, dropped: map[string]int{}}
	t.list.Store(&TestList{})
	return t
}

// List returns the set as it is; it never waits.
func (t *Tests) List() *TestList { return t.list.Load() }

// Watch rings b after every change until stop is called.
func (t *Tests) Watch(b *wake.Bell) (stop func()) { return t.bells.Add(b) }

// Add puts a result into the set, and reports whether it is news: a test that
// was not there, or has another status now.
func (t *Tests) Add(test Test, o Origin) (isNew bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := caseKey{o.Process, o.Tag, test.Name}
	if i, ok := t.index[k]; ok {
		old := t.cases[i]
		t.cases[i] = &Case{test, o, old.Number}
		t.dirty = true
		return old.Status != test.Status || old.Run != o.Run
	}
	t.dirty = true
	if len(t.cases) >= maxCases {
		t.dropped[o.Process]++
		return true
	}
	t.found++
	t.index[k] = len(t.cases)
	t.cases = append(t.cases, &Case{test, o, t.found})
	return true
}

// Forget drops the results of a process's runs before run.
func (t *Tests) Forget(process string, run uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := len(t.cases)
	t.cases = slices.DeleteFunc(t.cases, func(c *Case) bool { return c.Process == process && c.Run < run })
	if len(t.cases) == before && t.dropped[process] == 0 {
		return
	}
	t.dirty = true
	delete(t.dropped, process)
	clear(t.index)
	for i, c := range t.cases {
		t.index[caseKey{c.Process, c.Tag, c.Name}] = i
	}
}

// Publish lets readers see what has changed, if anything has.
func (t *Tests) Publish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.dirty {
		return
	}
	t.dirty = false
	next := &TestList{Revision: t.list.Load().Revision + 1, Cases: slices.Clone(t.cases)}
	for _, n := range t.dropped {
		next.Dropped += n
	}
	for _, c := range next.Cases {
		next.DurationMs += c.DurationMs
		switch c.Status {
		case Passed:
			next.Passed++
		case Failed:
			next.Failed++
		case Skipped:
			next.Skipped++
		case Todo:
			next.Todo++
		}
	}
	t.list.Store(next)
	t.bells.Ring()
}
