package proxy

// kept are the first bytes of a body: a small piece that it began with, which lies
// as it is, and chunks. So the body of a small answer takes little more than its
// bytes, and a page of any size no allocation once the history is full.
type kept struct {
	piece       string
	first, last *chunk
	length      int
}

// chunk holds a part of a body. It is used again when the history has let go of it.
type chunk struct {
	next *chunk
	n    int
	data [chunkBytes]byte
}

// Sizes in bytes. With the runtime's word for what has pointers, a chunk fills a
// size class of the allocator.
const (
	chunkSize  = 4 << 10
	chunkBytes = chunkSize - 3*8
	smallPiece = chunkSize / 2 // at most
)

// fill copies into the last chunk, and returns what did not fit.
func (k *kept) fill(p []byte) []byte {
	if k.last == nil {
		return p
	}
	n := copy(k.last.data[k.last.n:], p)
	k.last.n += n
	k.length += n
	return p[n:]
}

// join adds what follows.
func (k *kept) join(more kept) {
	switch {
	case k.length == 0:
		*k = more
		return
	case k.last == nil:
		k.first = more.first
	default:
		k.last.next = more.first
	}
	k.last = more.last
	k.length += more.length
}

// bytes is a copy of it.
func (k *kept) bytes() []byte {
	out := append(make([]byte, 0, k.length), k.piece...)
	for c := k.first; c != nil; c = c.next {
		out = append(out, c.data[:c.n]...)
	}
	return out
}

// keep copies the beginning of p, as much as goes into one piece or chunk. It is
// not ok if every byte of the budget is in use for exchanges that are newer than
// all that could make room.
func (h *History) keep(p []byte, begins bool) (k kept, ok bool) {
	if begins && len(p) <= smallPiece {
		if !h.reserve(pieceSize(len(p))) {
			return kept{}, false
		}
		return kept{piece: string(p), length: len(p)}, true
	}
	if !h.reserve(chunkSize) {
		return kept{}, false
	}
	c, _ := h.chunks.Get().(*chunk)
	if c == nil {
		c = new(chunk)
	}
	c.n = copy(c.data[:], p)
	return kept{first: c, last: c, length: c.n}, true
}

// reserve takes bytes of the budget, for which the oldest bodies make room.
func (h *History) reserve(size int64) bool {
	for h.bodies.Add(size) > h.budget {
		h.bodies.Add(-size)
		x, ok := h.pass(&h.bare)
		if !ok {
			return false
		}
		if x != nil {
			h.strip(x)
		}
	}
	return true
}

// strip takes an exchange's bodies away.
func (h *History) strip(x *Exchange) {
	x.mu.Lock()
	sent, got := x.sent.drop(), x.got.drop()
	x.mu.Unlock()
	h.release(sent)
	h.release(got)
}

// release gives back what nobody refers to any more.
func (h *History) release(k kept) {
	size := int64(0)
	if k.piece != "" {
		size = pieceSize(len(k.piece))
	}
	for c := k.first; c != nil; {
		next := c.next
		c.next = nil
		h.chunks.Put(c)
		size += chunkSize
		c = next
	}
	h.bodies.Add(-size)
}

// pieceSize is what so many bytes take: the allocator rounds up, by an eighth at
// most beyond its smallest sizes.
func pieceSize(n int) int64 { return int64(n+n/8+15) &^ 15 }
