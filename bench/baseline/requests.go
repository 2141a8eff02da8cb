package baseline

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// maxRequests is how many requests the seed's proxy remembers.
const maxRequests = 1000

// Request is what the seed's proxy remembers of a request.
type Request struct {
	ID, Method, URL, Host, Process string
	Started                        time.Time
	Took                           time.Duration
	Status                         int
	Header                         http.Header
}

// Requests is the bookkeeping of the seed's proxy: a record for each request, a
// slice of them behind a lock, and an event to three handlers.
type Requests struct {
	mu   sync.Mutex
	next int
	kept []Request
	bus  *Bus
}

// NewRequests remembers nothing yet, and publishes on bus.
func NewRequests(bus *Bus) *Requests { return &Requests{bus: bus} }

// Add remembers a request that was answered, and tells of it.
func (r *Requests) Add(request *http.Request, process string, started time.Time, status int) {
	record := Request{
		Method: request.Method, URL: request.URL.String(), Host: request.Host, Process: process,
		Started: started, Took: time.Since(started), Status: status, Header: request.Header.Clone(),
	}
	r.mu.Lock()
	r.next++
	record.ID = fmt.Sprintf("req-%d", r.next)
	r.kept = append(r.kept, record)
	if len(r.kept) > maxRequests {
		r.kept = r.kept[1:]
	}
	r.mu.Unlock()
	r.bus.Publish(Event{Type: "proxy.request", Data: map[string]any{"id": record.ID, "method": record.Method, "url": record.URL, "status": status}})
}
