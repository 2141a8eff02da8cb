package logs

import (
	"context"
	"math"
	"slices"
	"sync/atomic"
)

// Follower reads page after page and is done with one before it asks for the next.
// So the memory of what lies behind it can be used again, which that of a page from
// [Store.Read] can't be. One goroutine at a time may use it.
type Follower struct {
	store *Store
	after atomic.Uint64 // it may be looking at records above this number
}

// nothing is what a follower looks above that looks at no record.
const nothing = math.MaxUint64

// Follow returns a Follower, which is to be closed.
func (s *Store) Follow() *Follower {
	f := &Follower{store: s}
	f.Release()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.followers = append(s.followers, f)
	return f
}

// Read is [Store.Read]. The records are good until the next call of Read or Release.
//
// With a filter that looks closer than at processes and streams, it holds on to what
// it comes by like any other reader.
func (f *Follower) Read(ctx context.Context, q Query) (Page, error) {
	if q.Filter.picky() {
		return f.store.Read(ctx, q)
	}
	f.after.Store(q.After)
	upTo := max(q.After, f.store.Head())
	m := f.store.mergeOf(&q.Filter, span64{q.After, upTo}, false, (*stream).look)
	page, err := q.page(&m, upTo)
	if len(page.Records) == 0 {
		f.Release()
	} else { // which is far above q.After for one that has been overtaken
		f.after.Store(page.Records[0].Seq - 1)
	}
	return page, err
}

// Release says that the page is no longer used.
func (f *Follower) Release() { f.after.Store(nothing) }

// Close ends it.
func (f *Follower) Close() {
	f.store.mu.Lock()
	defer f.store.mu.Unlock()
	f.store.followers = slices.DeleteFunc(f.store.followers, func(o *Follower) bool { return o == f })
}

// look returns what the stream holds to somebody who has said, by Follower.after,
// what he will look at. Who drops a segment replaces the state and then looks
// there, so that either the segment is not in the state or it is not used again.
func (s *stream) look() *streamState { return s.state.Load() }

// followedLocked reports whether a follower may be looking at a record up to last.
func (s *Store) followedLocked(last uint64) bool {
	for _, f := range s.followers {
		if f.after.Load() < last {
			return true
		}
	}
	return false
}
