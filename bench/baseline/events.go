package baseline

import "sync"

// Event is what the seed's bus carries: its data is a map.
type Event struct {
	Type string
	Data map[string]any
}

// Bus is the seed's event bus: handlers by type behind a read-write lock, and a
// goroutine for each handler of each event. Nothing bounds the goroutines, and
// nothing keeps the order.
type Bus struct {
	mu       sync.RWMutex
	handlers map[string][]func(Event)
}

// NewBus returns a bus without handlers.
func NewBus() *Bus { return &Bus{handlers: map[string][]func(Event){}} }

// Subscribe adds a handler for a type.
func (b *Bus) Subscribe(kind string, handle func(Event)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.handlers[kind] = append(b.handlers[kind], handle)
}

// Publish starts every handler of the event's type in a goroutine of its own.
func (b *Bus) Publish(e Event) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, handle := range b.handlers[e.Type] {
		go handle(e)
	}
}
