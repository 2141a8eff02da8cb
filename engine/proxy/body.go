package proxy

import (
	"context"
	"errors"
	"io"
)

// body is what is known of one of the two bodies of an exchange: its size and
// its first bytes. Guarded by the exchange's mu; one goroutine adds to it.
type body struct {
	size int64
	kept
	dropped bool // what was kept has made room for other bodies
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

// record notes bytes of a body that pass by. The first of them are kept, as far
// as the history has room.
func (x *Exchange) record(b *body, p []byte) {
	x.mu.Lock()
	begins := b.size == 0
	b.size += int64(len(p))
	p = p[:max(0, min(len(p), x.history.bodyLimit-b.length))]
	p = b.fill(p)
	x.mu.Unlock()
	for len(p) > 0 {
		more, ok := x.history.keep(p, begins)
		if !ok {
			return
		}
		x.mu.Lock()
		if b.dropped {
			x.mu.Unlock()
			x.history.release(more)
			return
		}
		p, begins = p[more.length:], false
		b.join(more)
		x.mu.Unlock()
	}
}

// drop takes away what was kept; nothing is added any more.
func (b *body) drop() (had kept) {
	had, b.kept, b.dropped = b.kept, kept{}, true
	return had
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
	t.x.pass(&t.x.got, n)
	return n, err
}

// Write implements [io.Writer]: what the client says.
func (t *tunnel) Write(p []byte) (int, error) {
	n, err := t.ReadWriteCloser.Write(p)
	t.x.pass(&t.x.sent, n)
	return n, err
}

// pass counts bytes that are not kept.
func (x *Exchange) pass(b *body, n int) {
	x.mu.Lock()
	b.size += int64(n)
	x.mu.Unlock()
}
