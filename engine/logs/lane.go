package logs

// lane is a stream whose segments a walk comes by.
type lane struct {
	stream *stream
	state  *streamState
	memory streamMemory // of the walk's pattern
	wider  streamMemory // of a pattern with more hits
	at     int          // the segment that is next; off either end when there is none
	edge   uint64       // the nearest number that it can have; 0: none
}

// settle moves l on to the next segment that may have something and finds its
// edge.
func (w *walk) settle(l *lane) {
	l.edge = 0
	for l.at >= 0 && l.at < len(l.state.segs) {
		if n := w.known(l); n > 0 {
			w.cached += n
			w.segments += n
			w.step(l, n)
			continue
		}
		seg := l.state.segs[l.at]
		x, v := seg.index.Load(), seg.view()
		first, last := v.firstSeq(), min(v.lastSeq(), w.whole.upTo)
		after := max(w.whole.after, l.state.cleared)
		if beyond := first > w.whole.upTo && !w.back || last <= after && w.back; beyond && len(v.lines) > 0 {
			break // and so are all that follow
		}
		if len(v.lines) > 0 && first <= last && last > after && (x == nil || !w.filter.excludes(x)) {
			l.edge = last
			if !w.back {
				l.edge = max(first, after+1)
			}
			return
		}
		w.step(l, 1)
	}
	l.at = len(l.state.segs)
}

func (w *walk) step(l *lane, n int) {
	if w.back {
		l.at -= n
	} else {
		l.at += n
	}
}

// known returns how many segments, from the one at which l stands on, are known
// to have no hit.
func (w *walk) known(l *lane) int {
	if w.query == nil {
		return 0
	}
	if w.back {
		return min(l.memory.void.runBack(l.state.first+uint64(l.at)), l.at+1)
	}
	return min(l.memory.void.run(l.state.first+uint64(l.at)), len(l.state.segs)-l.at)
}

// nearer reports whether the walk comes by a before b.
func (w *walk) nearer(a, b uint64) bool { return (a < b) != w.back }

func (w *walk) nearestLane() *lane {
	var best *lane
	for i := range w.lanes {
		if l := &w.lanes[i]; l.edge != 0 && (best == nil || w.nearer(l.edge, best.edge)) {
			best = l
		}
	}
	return best
}

func (w *walk) findEdge() {
	w.edge = 0
	if l := w.nearestLane(); l != nil {
		w.edge = l.edge
	}
}
