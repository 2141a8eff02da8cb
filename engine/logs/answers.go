package logs

import (
	"math"
	"slices"
	"sync/atomic"
)

// answers remembers what searches have answered: who repeats one, as a view that
// follows its query does, pays for the lines that came since, whatever the filter
// and however many segments there are.
//
// An answer is right as long as all of its hits are held, for new lines come
// behind head and lines leave only with a loss. So a loss drops the answers that
// it concerns, at once: their hits keep segments in memory, and these must not
// outlive their place in the budget. No lock: producers come by here.
type answers struct {
	now atomic.Pointer[remembered] // never nil
}

// remembered is what is remembered at one moment. It is replaced, never changed.
type remembered struct {
	latest []*answer // the latest first
	gone   uint64    // the highest number of a record that was dropped or cleared
	losses int       // how often some were
}

// The bounds of all answers. One that is larger, of thousands of lines, is not
// remembered.
const (
	maxAnswers     = 32
	maxAnswerBytes = 256 << 10
	maxAllBytes    = 2 << 20
)

// answer is that of one search, and what it takes to go on from it.
type answer struct {
	query    Search // its filter is the answers' own
	pattern  *Matcher
	head     uint64 // lines up to here were looked at
	lowest   uint64 // the lowest number of a line that it speaks of
	segments int    // that the search came by
	size     int    // raw bytes of the hits
	bytes    int    // that the answer costs, about
	final    bool   // lines to come change nothing
	found    Found
}

// of returns the answer of an equal search, or nil.
func (r *remembered) of(q *Search) *answer {
	key := q.Pattern.key()
	for _, a := range r.latest {
		if a.answers(q, key) {
			return a
		}
	}
	return nil
}

// keep remembers an answer that was found since what was remembered was since.
func (a *answers) keep(new *answer, since *remembered) {
	if new.bytes > maxAnswerBytes {
		return
	}
	for {
		old := a.now.Load()
		if !new.outlives(old.gone, old.losses != since.losses) {
			return
		}
		r := &remembered{gone: old.gone, losses: old.losses}
		r.latest = append(make([]*answer, 0, min(len(old.latest)+1, maxAnswers)), new)
		r.add(old.latest)
		if a.now.CompareAndSwap(old, r) {
			return
		}
	}
}

// add adds those before, as far as there is room, but those that the first has
// replaced.
func (r *remembered) add(before []*answer) {
	first := r.latest[0]
	bytes := first.bytes
	for _, a := range before {
		bytes += a.bytes
		if len(r.latest) == maxAnswers || bytes > maxAllBytes {
			return
		}
		if !a.answers(&first.query, first.pattern.key) {
			r.latest = append(r.latest, a)
		}
	}
}

// lose drops the answers that are no longer right when records up to a number have
// left.
func (a *answers) lose(upTo uint64) {
	for {
		old := a.now.Load()
		r := &remembered{gone: max(old.gone, upTo), losses: old.losses + 1}
		for _, a := range old.latest {
			if a.outlives(upTo, true) {
				r.latest = append(r.latest, a)
			}
		}
		if a.now.CompareAndSwap(old, r) {
			return
		}
	}
}

// outlives reports whether an answer is right when records up to gone have left,
// some of them only now. A total counts lines that the answer knows nothing of.
func (a *answer) outlives(gone uint64, now bool) bool {
	return a.lowest > gone && !(now && a.query.Count)
}

// cost is what the answer costs in bytes, about.
func (a *answer) cost() int {
	const hit, spot, line = 200, 16, 80
	n := hit * len(a.found.Hits)
	for _, h := range a.found.Hits {
		n += spot*len(h.Ranges) + line*(len(h.Before)+len(h.After))
	}
	return n
}

// good reports whether the answer is the one to a search that looks up to head.
func (a *answer) good(head uint64) bool { return a.final || a.head == head }

// isFinal reports whether lines to come can change nothing: the page has its end on
// this side of them, and so have the lines around its hits.
func (a *answer) isFinal() bool {
	q := &a.query
	if q.Count || q.Oldest && !a.found.More || !q.Oldest && (q.Cursor == 0 || q.Cursor-1 > a.head) {
		return false
	}
	return q.Context <= 0 || !slices.ContainsFunc(a.found.Hits, func(h *Hit) bool { return len(h.After) < q.Context })
}

// goesOn reports whether the answer is a part of that to a search which looks further.
func (a *answer) goesOn() bool {
	q := &a.query
	return q.Context <= 0 && (q.Cursor == 0 || q.Oldest && q.Cursor <= a.head)
}

// again is the answer to somebody who asks when nothing has come since.
func (a *answer) again() Found {
	f := a.found
	f.Scanned, f.Cached = 0, a.segments
	return f
}

// answers reports whether a is the answer of a search for a pattern that has key.
func (a *answer) answers(q *Search, key patternKey) bool {
	was := &a.query
	return a.pattern.key == key && was.Oldest == q.Oldest && was.Limit == q.Limit && was.Count == q.Count &&
		was.Bytes == q.Bytes && was.Cursor == q.Cursor && max(0, was.Context) == max(0, q.Context) && was.Filter.same(&q.Filter)
}

// noLine is the lowest number that an answer speaks of if it speaks of none.
const noLine = math.MaxUint64
