package telemetry

import (
	"iter"
	"maps"
	"slices"
	"sync"
	"time"
)

// Bounds of a store.
const (
	maxBytes    = 8 << 20 // of all events
	maxSessions = 50
	perSecond   = 200 // events of a session, after a burst of twice as many
)

// Store holds the newest events of the newest sessions.
type Store struct {
	mu       sync.Mutex
	events   []Event // ascending Seq
	bytes    int
	next     uint64
	dropped  uint64
	sessions []*session // in the order in which they last reported
}

// Session is a page, from its load to its end.
type Session struct {
	ID, Proxy string
	URL       string // of the page, now
	Agent     string
	Request   string // the proxy's id of the request for the page
	Started   int64  // milliseconds since the epoch
	Last      int64
	Counts    map[string]int     // events by kind, those included that were dropped since
	Dropped   int                // events that came too fast, or that the page did not send
	Vitals    map[string]float64 // the last value of each
}

type session struct {
	Session
	tokens float64 // events that it may report now
	filled time.Time
}

// Add takes a report that came in now, and returns the events that were kept.
func (s *Store) Add(proxy string, r Report, now time.Time) []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	page := s.sessionLocked(proxy, r.Session, now)
	page.Last, page.URL = now.UnixMilli(), r.URL
	page.Dropped += r.Dropped
	s.dropped += uint64(r.Dropped)
	var kept []Event
	for _, e := range r.Events {
		if page.tokens < 1 {
			page.Dropped++
			s.dropped++
			continue
		}
		page.tokens--
		page.note(&e)
		s.next++
		e.Seq, e.Proxy = s.next, proxy
		s.events = append(s.events, e)
		s.bytes += e.weight()
		kept = append(kept, e)
	}
	for s.bytes > maxBytes {
		s.bytes -= s.events[0].weight()
		s.events[0] = Event{}
		s.events = s.events[1:]
		s.dropped++
	}
	return kept
}

// sessionLocked finds a page, or makes room for a new one.
func (s *Store) sessionLocked(proxy, id string, now time.Time) *session {
	i := slices.IndexFunc(s.sessions, func(p *session) bool { return p.ID == id && p.Proxy == proxy })
	var page *session
	if i >= 0 {
		page = s.sessions[i]
		s.sessions = slices.Delete(s.sessions, i, i+1)
	} else {
		page = &session{
			Session: Session{ID: id, Proxy: proxy, Started: now.UnixMilli(), Counts: map[string]int{}, Vitals: map[string]float64{}},
			tokens:  2 * perSecond, filled: now,
		}
		if len(s.sessions) == maxSessions {
			s.sessions = slices.Delete(s.sessions, 0, 1)
		}
	}
	s.sessions = append(s.sessions, page)
	page.tokens = min(2*perSecond, page.tokens+perSecond*now.Sub(page.filled).Seconds())
	page.filled = now
	return page
}

func (p *session) note(e *Event) {
	p.Counts[e.Kind]++
	switch e.Kind {
	case "page":
		p.Agent, p.Request = e.Agent, e.Request
	case "vital":
		if len(p.Vitals) < 16 {
			p.Vitals[e.Name] = e.Value
		}
	}
}

// Filter chooses events; its zero value chooses all.
type Filter struct {
	Session string
	Proxy   string
	Request string
	Kinds   []string
	Since   int64 // milliseconds since the epoch; 0 for any
}

// maxPage bounds the texts of one page of events, in bytes.
const maxPage = 512 << 10

// Page lists events in the order in which they came, from behind after, or the
// newest without: at most limit, and no more than half a mebibyte. next is what
// to go on with, and more whether there is more already.
func (s *Store) Page(f Filter, after *uint64, limit int) (events []Event, next uint64, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if (after == nil || e.Seq > *after) && f.match(&e) {
			events = append(events, e)
		}
	}
	if after == nil {
		return events[len(events)-fits(slices.Backward(events), limit):], s.next, false
	}
	n := fits(slices.All(events), limit)
	if n == len(events) {
		return events, s.next, false
	}
	return events[:n], events[n-1].Seq, true
}

// fits counts how many events go into a page: one at least, if there is one.
func fits(events iter.Seq2[int, Event], limit int) (n int) {
	size := 0
	for _, e := range events {
		size += e.weight()
		if n == limit || n > 0 && size > maxPage {
			break
		}
		n++
	}
	return n
}

func (f *Filter) match(e *Event) bool {
	return (f.Session == "" || f.Session == e.Session) && (f.Proxy == "" || f.Proxy == e.Proxy) &&
		(f.Request == "" || f.Request == e.Request) && (len(f.Kinds) == 0 || slices.Contains(f.Kinds, e.Kind)) &&
		e.Time >= f.Since
}

// Sessions lists the pages of a proxy, or of all, the one that reported last
// first.
func (s *Store) Sessions(proxy string) []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Session{}
	for _, p := range slices.Backward(s.sessions) {
		if proxy == "" || p.Proxy == proxy {
			copied := p.Session
			copied.Counts, copied.Vitals = maps.Clone(p.Counts), maps.Clone(p.Vitals)
			out = append(out, copied)
		}
	}
	return out
}

// Head is the number of the newest event.
func (s *Store) Head() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next
}

// Dropped counts the events that are gone: they came too fast, were never sent
// or had to make room.
func (s *Store) Dropped() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dropped
}

// Lost counts the events behind after that had to make room.
func (s *Store) Lost(after uint64) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	oldest := s.next + 1
	if len(s.events) > 0 {
		oldest = s.events[0].Seq
	}
	return max(oldest, after+1) - (after + 1)
}

// Bytes is what the events cost, in bytes, roughly.
func (s *Store) Bytes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes
}
