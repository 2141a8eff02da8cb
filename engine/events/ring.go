package events

// ring holds the newest events, numbered from 1 in the order published. It is
// guarded by Pool.mu: a copy of 64 bytes under a mutex is cheaper than what a
// lock-free ring needs to be read while it is written, an allocation for each
// event or a copy of each in atomic words.
type ring struct {
	slots []slot
	first uint64 // the number of the oldest held
	next  uint64 // the number of the next one
	bytes int64  // of texts held
	most  int64  // of them

	total [NumTypes]uint64 // events published, by type
	gone  [NumTypes]uint64 // of those, no longer held
	last  [NumTypes]uint64 // the number of the newest of each type
}

type slot struct {
	event Event
	nth   uint64 // among the events of its type, from 1
}

func newRing(events int, bytes int64) ring {
	return ring{slots: make([]slot, events), first: 1, next: 1, most: bytes}
}

func (r *ring) at(n uint64) *slot { return &r.slots[n%uint64(len(r.slots))] }

// full reports whether the next event pushes one out for want of a slot.
func (r *ring) full() bool { return r.next-r.first == uint64(len(r.slots)) }

// pressed reports whether adding e pushes another one out.
func (r *ring) pressed(e Event) bool {
	return r.full() || r.next > r.first && r.bytes+e.texts() > r.most
}

// add appends e. The oldest events go while there is no slot or too much text;
// the newest always stays.
func (r *ring) add(e Event) {
	if r.full() {
		r.drop()
	}
	r.total[e.Type]++
	r.last[e.Type] = r.next
	*r.at(r.next) = slot{e, r.total[e.Type]}
	r.next++
	if r.bytes += e.texts(); r.bytes > r.most {
		for r.bytes > r.most && r.first+1 < r.next {
			r.drop()
		}
	}
}

// drop forgets the oldest event.
func (r *ring) drop() {
	s := r.at(r.first)
	r.gone[s.event.Type]++
	r.bytes -= s.event.texts()
	s.event = Event{} // let go of what it refers to
	r.first++
}

func (e *Event) texts() int64 {
	n := len(e.Process)
	if e.Data != nil {
		n += e.Data.size()
	}
	return int64(n)
}
