// Package fronttest has streams for the tests of fronts: input that comes in
// pieces or never ends, and output that is kept. It is not part of the program.
package fronttest

import (
	"bytes"
	"io"
	"runtime"
)

// Sink is a stream that keeps what is written to it.
type Sink struct{ bytes.Buffer }

// Close implements [io.Closer].
func (*Sink) Close() error { return nil }

// Chunks hands out its bytes a few at a time.
type Chunks struct {
	Rest []byte
	Size int // of each read, in bytes
}

// Read implements [io.Reader].
func (c *Chunks) Read(b []byte) (int, error) {
	if len(c.Rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b, c.Rest[:min(c.Size, len(c.Rest))])
	c.Rest = c.Rest[n:]
	return n, nil
}

// Endless is a stream that goes on and on with the same bytes and, when Left have
// been read, looks at how much memory they have left behind.
type Endless struct {
	Pattern string
	Left    int    // bytes to go
	Held    uint64 // bytes of heap in the end
}

// Read implements [io.Reader].
func (e *Endless) Read(b []byte) (int, error) {
	if e.Left <= 0 {
		e.Held = max(e.Held, Heap())
		return 0, io.EOF
	}
	n := 0
	for n+len(e.Pattern) <= len(b) {
		n += copy(b[n:], e.Pattern)
	}
	e.Left -= n
	return n, nil
}

// Heap is how many bytes of memory are in use.
func Heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
