package events

// Lost says what was overwritten before it could be read: Count events of the
// reader's types, with numbers between From and To.
type Lost struct{ From, To, Count uint64 }

// position is how far somebody has read the ring, and of which types.
type position struct {
	types  Set
	cursor uint64           // the number of the last event that was looked at
	seen   [NumTypes]uint64 // events of each type up to there, for counting what is lost
}

// newPosition stands behind event number after; fresh reports that some of the
// events behind it are gone, or that it was never given, and the position is
// before the oldest event held.
func (r *ring) newPosition(types Set, after uint64) (p position, fresh bool) {
	p = position{types: types, cursor: after}
	if after >= r.next || after+1 < r.first {
		p.cursor, fresh = r.first-1, true
	}
	p.seen = r.total
	for n := p.cursor + 1; n < r.next; n++ {
		p.seen[r.at(n).event.Type]--
	}
	return p, fresh
}

// behind reports whether there is something for the position to read: an event
// of its types, or that one was lost.
func (p *position) behind(r *ring) bool {
	for t, last := range r.last {
		if last > p.cursor && p.types.Has(Type(t)) {
			return true
		}
	}
	return false
}

// skip moves over what the ring no longer holds and tells what that was.
func (p *position) skip(r *ring) (lost Lost) {
	if p.cursor+1 >= r.first {
		return lost
	}
	lost = Lost{From: p.cursor + 1, To: r.first - 1}
	p.cursor = r.first - 1
	for t := range NumTypes {
		if gone := r.gone[t]; gone > p.seen[t] {
			if p.types.Has(t) {
				lost.Count += gone - p.seen[t]
			}
			p.seen[t] = gone
		}
	}
	return lost
}

// read appends up to limit events to buf and tells what was lost before them.
func (p *position) read(r *ring, buf []Event, limit int) ([]Event, Lost) {
	lost := p.skip(r)
	for p.cursor+1 < r.next && limit > 0 {
		p.cursor++
		s := r.at(p.cursor)
		p.seen[s.event.Type] = s.nth
		if p.types.Has(s.event.Type) {
			buf = append(buf, s.event)
			limit--
		}
	}
	return buf, lost
}

// Subscription is a reader that pulls. It is used by one goroutine at a time.
type Subscription struct {
	pool *Pool
	position
	closed bool
}

// Subscribe returns a position behind event number after; fresh reports that
// some of the events behind it are gone, or that it is not of this pool, and
// the position is before the oldest event held. See [Pool.Watch] for the bell.
func (p *Pool) Subscribe(types Set, after uint64) (s *Subscription, fresh bool) {
	s = &Subscription{pool: p}
	p.mu.Lock()
	defer p.mu.Unlock()
	s.position, fresh = p.ring.newPosition(types, after)
	p.askLocked(types, 1)
	return s, fresh
}

// Close says that the subscription is not read any more.
func (s *Subscription) Close() {
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	if !s.closed {
		s.closed = true
		s.pool.askLocked(s.types, -1)
	}
}

// Cursor is the number of the last event that was read.
func (s *Subscription) Cursor() uint64 { return s.cursor }

// Next returns up to limit events behind the position, and what was lost; that
// comes first.
func (s *Subscription) Next(limit int) ([]Event, Lost) {
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	return s.read(&s.pool.ring, nil, limit)
}
