package logs

import (
	"slices"
	"sync"

	"github.com/brummer-rpc/brummer-rpc/cache"
)

// recall remembers where patterns were found. What is known of a sealed segment
// never changes, so nothing is ever invalidated; what is forgotten is looked for
// again.
//
//	recall             the latest queries, by their pattern
//	└─ query           its number, its compiled pattern
//	   └─ streamMemory per stream: which segments have no hit (a bit each), and how
//	                   far the open segment was searched
//	sets               ristretto: the hits of a sealed segment, by query and segment
//
// A query that is no longer among the latest gets another number when it comes
// again, so that what is left of it in sets is never found, and ages out.
type recall struct {
	budget int64 // of sets, in bytes

	// use is held by searches, so that close waits for them.
	use    sync.RWMutex
	closed bool

	mu      sync.Mutex
	queries []*query // the latest first
	numbers uint32   // given to queries until now
	sets    *cache.Cache[*lineSet]
}

// maxQueries bounds what is remembered beside the cache: of a query that is a
// bit per segment, and the hits in each stream's open segment.
const maxQueries = 32

// query is what is remembered of a pattern.
type query struct {
	number  uint32
	pattern *Matcher

	// Under recall.mu:
	streams map[*stream]*streamMemory
	wider   *query // one of the latest that has every hit of this one, and perhaps more
}

// streamMemory is under recall.mu; readers keep a copy.
type streamMemory struct {
	void bitRun
	tail tail
}

// tail is what was found in a segment that was still written to: in its first
// hits.of lines.
type tail struct {
	segment uint32
	hits    lineSet
}

// compile returns the compiled pattern of one of the latest queries, else a new
// one.
func (r *recall) compile(p Pattern) (*Matcher, error) {
	if q := r.latest(p.key()); q != nil {
		return q.pattern, nil
	}
	return Compile(p)
}

func (r *recall) latest(k patternKey) *query {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range r.queries {
		if q.pattern.key == k {
			return q
		}
	}
	return nil
}

// begin returns what is remembered of a pattern, nil if nothing can be. It opens
// the cache: an engine in which nobody searches has none.
func (r *recall) begin(m *Matcher) *query {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || r.budget < 0 {
		return nil
	}
	if r.sets == nil {
		sets, err := cache.Open[*lineSet](r.budget)
		if err != nil {
			return nil // a budget that ristretto refuses: searches work, each from the start
		}
		r.sets = sets
	}
	for i, q := range r.queries {
		if q.pattern.key == m.key {
			copy(r.queries[1:], r.queries[:i])
			r.queries[0] = q
			return q
		}
	}
	r.numbers++
	q := &query{number: r.numbers, pattern: m, streams: map[*stream]*streamMemory{}, wider: r.widerLocked(m)}
	r.queries = slices.Insert(r.queries, 0, q)
	if len(r.queries) > maxQueries {
		r.forgetLocked()
	}
	return q
}

// widerLocked returns the latest query whose hits have all of m's: usually what
// was typed before the last letter.
func (r *recall) widerLocked(m *Matcher) *query {
	for _, q := range r.queries {
		if m.Refines(q.pattern.Pattern) {
			return q
		}
	}
	return nil
}

// forgetLocked drops the query that was not asked for longest.
func (r *recall) forgetLocked() {
	last := len(r.queries) - 1
	oldest := r.queries[last]
	r.queries[last] = nil
	r.queries = r.queries[:last]
	for _, q := range r.queries {
		if q.wider == oldest {
			q.wider = nil
		}
	}
}

// of returns what is remembered of a query in a stream, and in the same stream
// of a query with more hits.
func (r *recall) of(q *query, st *stream) (own, wider streamMemory) {
	r.mu.Lock()
	defer r.mu.Unlock()
	own = q.streams[st].clone()
	if q.wider != nil {
		wider = q.wider.streams[st].clone()
	}
	return own, wider
}

// find returns the piece's hits that are remembered, which are those in its first
// hits.of lines.
func (r *recall) find(q *query, p *piece) lineSet {
	if p.index != nil {
		if hits, ok := r.sets.Lookup(cache.Key{A: q.number, B: p.segment.id}); ok {
			return *hits
		}
	}
	if t := &p.lane.memory.tail; t.segment == p.segment.id {
		return t.hits
	}
	return lineSet{}
}

// findWider returns hits of a sealed segment among which all of q's are.
func (r *recall) findWider(q *query, p *piece) (lineSet, bool) {
	r.mu.Lock()
	wider := q.wider
	r.mu.Unlock()
	switch {
	case wider == nil || p.index == nil:
		return lineSet{}, false
	case p.lane.wider.void.run(p.ordinal) > 0:
		return lineSet{}, true
	}
	hits, ok := r.sets.Lookup(cache.Key{A: wider.number, B: p.segment.id})
	if !ok {
		return lineSet{}, false
	}
	return *hits, true
}

// learn remembers what was found in pieces.
func (r *recall) learn(q *query, pieces []*piece) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range pieces {
		if !p.learn {
			continue
		}
		m := q.ofLocked(p.stream)
		switch {
		case p.index == nil:
			m.tail.advance(p)
		case p.hits.n == 0:
			m.void.set(p.ordinal)
		default:
			hits := p.hits
			r.sets.Put(cache.Key{A: q.number, B: p.segment.id}, &hits, hits.bytes()+lineSetBytes)
		}
	}
}

// extend remembers what was found in a few lines that came behind the known ones.
func (r *recall) extend(q *query, pieces []piece) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range pieces {
		q.ofLocked(pieces[i].stream).tail.extend(&pieces[i])
	}
}

func (q *query) ofLocked(st *stream) *streamMemory {
	m := q.streams[st]
	if m == nil {
		m = &streamMemory{}
		q.streams[st] = m
	}
	return m
}

const lineSetBytes = 64 // of an empty one

// clone returns a copy that nobody changes; m may be nil.
func (m *streamMemory) clone() streamMemory {
	if m == nil {
		return streamMemory{}
	}
	c := *m
	c.void.words = slices.Clone(c.void.words)
	c.tail.hits = c.tail.hits.clone()
	return c
}

// advance keeps the later of two states: another search may have been faster.
func (t *tail) advance(p *piece) {
	if t.segment < p.segment.id || t.segment == p.segment.id && t.hits.of < p.hits.of {
		*t = tail{p.segment.id, p.hits.clone()}
	}
}

// extend adds the hits in lines of the piece, if they are the next.
func (t *tail) extend(p *piece) {
	switch from := p.whole.from; {
	case t.segment == p.segment.id && t.hits.of == from:
		t.hits.extend(&p.hits)
	case t.segment < p.segment.id && from == 0:
		*t = tail{p.segment.id, p.hits.clone()}
	}
}

// stats are the cache's, zero while there is none.
func (r *recall) stats() cache.Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sets == nil {
		return cache.Stats{}
	}
	return r.sets.Stats()
}

// close ends the cache, once the searches under way are done.
func (r *recall) close() {
	r.use.Lock()
	defer r.use.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.sets != nil {
		r.sets.Close()
		r.sets = nil
	}
}
