package baseline

import (
	"bytes"
	"strings"
	"sync"
)

// Entry is a line as the seed's store keeps it.
type Entry struct {
	Seq     uint64
	Time    int64
	Process string
	Text    string
}

// LogSlice is a log as one writes it first: a slice of entries behind a mutex,
// each with a string of its own, the oldest half dropped when it is full. Who
// reads holds the mutex.
type LogSlice struct {
	Max int // entries

	mu      sync.Mutex
	seq     uint64
	entries []Entry
}

// Append stores one line.
func (l *LogSlice) Append(process string, t int64, text []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) == l.Max {
		l.entries = append(l.entries[:0], l.entries[l.Max/2:]...)
	}
	l.seq++
	l.entries = append(l.entries, Entry{l.seq, t, process, string(text)})
}

// Search returns the entries that contain text, whatever the case, as the seed
// does: it makes small letters of every line.
func (l *LogSlice) Search(text string) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	text = strings.ToLower(text)
	var out []Entry
	for _, e := range l.entries {
		if strings.Contains(strings.ToLower(e.Text), text) {
			out = append(out, e)
		}
	}
	return out
}

// LogRing is the best a mutex can do: the lines of all producers go into one
// ring of bytes, and nothing is allocated. Who reads holds the mutex.
type LogRing struct {
	mu   sync.Mutex
	data []byte
	at   int
	ends []uint32
	line int
}

// NewLogRing returns a ring of so many bytes and lines.
func NewLogRing(bytes, lines int) *LogRing {
	return &LogRing{data: make([]byte, bytes), ends: make([]uint32, lines)}
}

// Append stores a batch of lines that end at ends.
func (l *LogRing) Append(batch []byte, ends []uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at+len(batch) > len(l.data) {
		l.at, l.line = 0, 0
	}
	for _, e := range ends {
		l.ends[l.line%len(l.ends)] = uint32(l.at) + e
		l.line++
	}
	l.at += copy(l.data[l.at:], batch)
}

// Read calls f with what the ring holds.
func (l *LogRing) Read(f func([]byte)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(l.data)
}

// Scan looks at every byte of text once.
func Scan(text []byte) bool { return bytes.IndexByte(text, 1) >= 0 }
