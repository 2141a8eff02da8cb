package logs

// A search that goes on from an answer has to look at what has come since: as a rule
// a few lines at the ends of the segments that are written to. For these no walk from
// segment to segment is needed, and what is remembered of the pattern is not looked
// at but only added to, where it is. So who follows a search pays for the new lines,
// and for hardly anything else.

// fewLines is how many they are at the most. Of more, a walk makes use of more cores.
const fewLines = 512

// tails is [walk.over] for lines that are few and at the ends of their streams. It
// reports false if they are not, having done nothing. The error is the context's.
func (w *walk) tails(d *directory) (ok bool, err error) {
	if w.page.upTo-w.page.after > fewLines {
		return false, nil
	}
	pieces := w.oneTail[:0]
	for _, st := range d.all {
		if !w.filter.wants(st) {
			continue
		}
		p, ok := st.tail(w.page)
		if !ok {
			return false, nil
		}
		if p.page.from < p.page.to {
			pieces = append(pieces, p)
		}
	}
	for i := range pieces {
		if i == 0 {
			pieces[i].hits.list = w.oneList[:0]
		}
		if err := w.fillTail(&pieces[i]); err != nil {
			return true, err
		}
	}
	if w.query != nil {
		w.recall.extend(w.query, pieces)
	}
	w.active = w.oneActive[:0]
	w.opens(pieces)
	return true, nil
}

// tail returns the piece of the stream's last segment that has numbers in page; ok is
// false if one before it has some too.
func (s *stream) tail(page span64) (p piece, ok bool) {
	state := s.hold()
	last := len(state.segs) - 1
	if last < 0 {
		return piece{}, true
	}
	if last > 0 && state.segs[last-1].view().lastSeq() > max(page.after, state.cleared) {
		return piece{}, false
	}
	p = piece{stream: s, segment: state.segs[last], ordinal: state.first + uint64(last)}
	p.view = p.segment.view()
	p.page = p.view.linesIn(page, state.cleared)
	p.whole = p.page
	return p, true
}

// fillTail finds the piece's set, in its text.
func (w *walk) fillTail(p *piece) error {
	p.hits.of = p.whole.to
	w.scanner.lookFor(w.pattern)
	if err := w.scanner.scan(p, p.whole.from, p.whole.to); err != nil {
		return err
	}
	if p.hits.bits == nil && !p.hits.isFull() {
		p.choice = w.filter.among(&p.hits, p.view)
	} else {
		p.choice = w.filter.choose(nil, p.view, p.whole)
	}
	return w.narrow(p)
}
