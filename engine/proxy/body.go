package proxy

import (
	"context"
	"errors"
	"io"
)

// body is what is known of one of the two bodies of an exchange: its size and
// its first bytes. Guarded by the exchange's mu; one goroutine adds to it.
type body struct {
	size        int64
	kept        int
	first, last *chunk
	dropped     bool // what was kept has made room for other bodies
}

// chunk holds a part of a body. Chunks belong to the history, which uses them
// again: a page of any size costs no allocation once the history is full.
type chunk struct {
	next *chunk
	n    int
	data [chunkSize]byte
}

const chunkSize = 4 << 10

// record notes bytes of a body that pass by. The first of them are kept, as far
// as the history has room.
func (x *Exchange) record(b *body, p []byte) {
	x.mu.Lock()
	b.size += int64(len(p))
	p = p[:max(0, min(len(p), x.history.bodyLimit-b.kept))]
	p = b.fill(p)
	x.mu.Unlock()
	for len(p) > 0 {
		c := x.history.take()
		if c == nil {
			return
		}
		x.mu.Lock()
		if b.dropped {
			x.mu.Unlock()
			x.history.give(c)
			return
		}
		b.add(c)
		p = b.fill(p)
		x.mu.Unlock()
	}
}

// fill copies into the last chunk, and returns what did not fit.
func (b *body) fill(p []byte) []byte {
	if b.last == nil {
		return p
	}
	n := copy(b.last.data[b.last.n:], p)
	b.last.n += n
	b.kept += n
	return p[n:]
}

func (b *body) add(c *chunk) {
	if b.last == nil {
		b.first = c
	} else {
		b.last.next = c
	}
	b.last = c
}

// drop takes the chunks away; no more are added.
func (b *body) drop() *chunk {
	c := b.first
	b.first, b.last, b.kept, b.dropped = nil, nil, 0, true
	return c
}

// bytes is a copy of what was kept.
func (b *body) bytes() []byte {
	out := make([]byte, 0, b.kept)
	for c := b.first; c != nil; c = c.next {
		out = append(out, c.data[:c.n]...)
	}
	return out
}

// recorded is a body that is noted down as it is read.
type recorded struct {
	io.ReadCloser
	x    *Exchange
	body *body
}

// Read implements [io.Reader].
func (r *recorded) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if n > 0 {
		r.x.record(r.body, p[:n])
	}
	if err != nil && err != io.EOF {
		r.x.broke(r.body, err)
	}
	return n, err
}

// broke records that a body has broken off. That of the request is the client's.
func (x *Exchange) broke(b *body, err error) {
	if b == &x.sent || errors.Is(err, context.Canceled) {
		x.fail(StageClient, "the client has gone")
		return
	}
	x.fail(StageBody, err.Error())
}

// tunnel is a connection that went over to another protocol: the bytes are
// counted, not kept.
type tunnel struct {
	io.ReadWriteCloser
	x *Exchange
}

// Read implements [io.Reader]: what the server says.
func (t *tunnel) Read(p []byte) (int, error) {
	n, err := t.ReadWriteCloser.Read(p)
	t.x.mu.Lock()
	t.x.outcome.in += int64(n)
	t.x.mu.Unlock()
	return n, err
}

// Write implements [io.Writer]: what the client says.
func (t *tunnel) Write(p []byte) (int, error) {
	n, err := t.ReadWriteCloser.Write(p)
	t.x.mu.Lock()
	t.x.outcome.out += int64(n)
	t.x.mu.Unlock()
	return n, err
}
