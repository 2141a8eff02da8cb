package baseline

import (
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// StoreEntry is a line of the seed's log store.
type StoreEntry struct {
	ID, Process string
	Time        time.Time
	Text        string
	IsError     bool
}

// storeBuffer is how many lines the seed's store takes before it falls back.
const storeBuffer = 1000

// Store is the seed's log store: lines go through a channel to one goroutine that
// appends them under a lock; when the channel is full, who adds a line appends it
// itself, and waits for the lock. The oldest lines go beyond Max.
type Store struct {
	in       chan StoreEntry
	done     chan struct{}
	Fallback atomic.Int64 // lines for which the channel was full
	Stored   atomic.Int64 // lines that can be read

	mu      sync.RWMutex
	max     int
	entries []StoreEntry
}

// NewStore starts a store that keeps so many lines. It must be closed.
func NewStore(keep int) *Store {
	s := &Store{in: make(chan StoreEntry, storeBuffer), done: make(chan struct{}), max: keep}
	go s.run()
	return s
}

func (s *Store) run() {
	defer close(s.done)
	for e := range s.in {
		s.append(e)
	}
}

// Close stores what is in the channel and ends the goroutine.
func (s *Store) Close() {
	close(s.in)
	<-s.done
}

// Add stores a line.
func (s *Store) Add(process, text string) {
	lower := strings.ToLower(text)
	e := StoreEntry{
		Process: process, Time: time.Now(), Text: text,
		IsError: strings.Contains(lower, "error") || strings.Contains(lower, "fail"),
	}
	select {
	case s.in <- e:
	default:
		s.Fallback.Add(1)
		s.append(e)
	}
}

func (s *Store) append(e StoreEntry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = append(s.entries, e)
	s.Stored.Add(1)
	if len(s.entries) > s.max {
		s.entries = s.entries[len(s.entries)-s.max:]
	}
}

// Search finds lines that contain a text in any case, and copies them.
func (s *Store) Search(query string) (found []StoreEntry) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	query = strings.ToLower(query)
	for _, e := range s.entries {
		if strings.Contains(strings.ToLower(e.Text), query) {
			found = append(found, e)
		}
	}
	return found
}

// SearchRegexp finds lines that match, and copies them.
func (s *Store) SearchRegexp(re *regexp.Regexp) (found []StoreEntry) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, e := range s.entries {
		if re.MatchString(e.Text) {
			found = append(found, e)
		}
	}
	return found
}
