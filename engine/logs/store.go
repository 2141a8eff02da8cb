package logs

import (
	"sync"
	"sync/atomic"

	"github.com/VictoriaMetrics/metrics"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
)

// DefaultBudget is how many bytes of output an engine keeps unless told
// otherwise, tables included.
const DefaultBudget = 64 << 20

// DefaultCache is how many bytes of search results are remembered unless told
// otherwise. The hits of a query in a mebibyte of log take 1.3 KiB at most.
const DefaultCache = 16 << 20

// Options configure a [Store]. The zero value is usable.
type Options struct {
	Budget  int64        // bytes; 0 means [DefaultBudget]
	Cache   int64        // bytes of search results that are remembered; 0 means [DefaultCache], less: none are
	Metrics *metrics.Set // where the store's metrics go; nil for none
}

// Store is the log room. All methods may be called at any time from anywhere.
type Store struct {
	budget int64

	seq     atomic.Uint64             // the last number given
	head    atomic.Uint64             // the highest number that Head has returned
	bytes   atomic.Uint64             // bytes ever appended
	held    atomic.Int64              // bytes of the segments now held, with their tables
	streams atomic.Pointer[directory] // replaced, never changed, under mu
	bells   wake.Bells                // rung after every append

	segments atomic.Uint32 // how many were ever made

	recall  recall  // what searches have found
	answers answers // what they have answered

	mu        sync.Mutex // adding and dropping streams and segments
	followers []*Follower
	aside     []aside // at most maxAside
	metrics   storeMetrics
}

// New returns an empty store.
func New(o Options) *Store {
	s := &Store{budget: o.Budget}
	if s.budget <= 0 {
		s.budget = DefaultBudget
	}
	if s.recall.budget = o.Cache; s.recall.budget == 0 {
		s.recall.budget = DefaultCache
	}
	s.streams.Store(&directory{})
	s.answers.now.Store(&remembered{})
	s.metrics = newMetrics(s, o.Metrics)
	return s
}

// Close ends what searches have started, once none runs. The store can still be
// used; it just remembers no more searches.
func (s *Store) Close() { s.recall.close() }

// Budget is the number of bytes that the store keeps at most, but for one open
// segment per stream.
func (s *Store) Budget() int64 { return s.budget }

// Head is the number up to which everything can be read. It never goes back.
func (s *Store) Head() uint64 {
	// The order matters: a batch that is counted in seq was announced in its
	// stream's claim before, and the stream was listed before that.
	head := s.seq.Load()
	for _, st := range s.streams.Load().all {
		if c := st.claim.Load(); c != 0 && c <= head {
			head = c - 1
		}
	}
	// A claim is a lower bound that may be below what was readable before it
	// was made, and readable once is readable for ever.
	for {
		known := s.head.Load()
		if head <= known {
			return known
		}
		if s.head.CompareAndSwap(known, head) {
			return head
		}
	}
}

// Watch rings b after every append until stop is called. Growth is a level, not
// an edge: the reader looks at [Store.Head].
func (s *Store) Watch(b *wake.Bell) (stop func()) { return s.bells.Add(b) }

// Bytes is how many bytes were ever appended.
func (s *Store) Bytes() uint64 { return s.bytes.Load() }

// Clear hides what the processes and streams of f hold now and says how much
// that was. Readers that had not seen it are told of a cleared gap.
func (s *Store) Clear(f Filter) (cleared, bytes uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	head := s.Head()
	for _, st := range s.streams.Load().matching(&f) {
		n, b := s.clearLocked(st, head)
		cleared += n
		bytes += b
	}
	return cleared, bytes
}

func (s *Store) clearLocked(st *stream, head uint64) (cleared, bytes uint64) {
	state := st.state.Load()
	for it := state.iterate(state.cleared, head); it.valid(); it.next() {
		cleared++
		bytes += uint64(len(it.raw()))
	}
	next := *state
	next.cleared = max(next.cleared, head)
	s.loseLocked(st, &next, next.cleared)
	for {
		segs := st.state.Load().segs
		if len(segs) < 2 || segs[1].view().firstSeq() > head+1 {
			return cleared, bytes
		}
		s.dropOldestLocked(st)
	}
}
