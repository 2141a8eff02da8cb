package logs

// piece is one segment that a walk has opened.
type piece struct {
	stream  *stream
	segment *segment
	index   *index // nil: the segment is still written to
	view    view
	ordinal uint64
	memory  streamMemory
	page    span // lines that are given
	whole   span // lines that are counted

	choice lineSet // lines that the filter's other parts select
	hits   lineSet // lines below hits.of that have the pattern
	learn  bool    // hits is news, and of the whole segment
	set    lineSet // the outcome

	scanned int
	cached  bool
	err     error

	at  int    // the line it stands on
	seq uint64 // its number
}

// piece opens the segment at which l stands.
func (w *walk) piece(l *lane) piece {
	seg := l.state.segs[l.at]
	p := piece{stream: l.stream, segment: seg, ordinal: l.state.first + uint64(l.at), memory: l.memory}
	p.index = seg.index.Load() // before the view, which then is of all its lines
	p.view = seg.view()
	p.page = p.view.linesIn(w.page, l.state.cleared)
	p.whole = p.view.linesIn(w.whole, l.state.cleared)
	return p
}

// linesIn returns the lines with numbers in s and above cleared.
func (v view) linesIn(s span64, cleared uint64) span {
	from, _ := v.after(max(s.after, cleared))
	to, _ := v.after(s.upTo)
	return span{from, max(from, to)}
}

// begin goes to the first line to be given and reports whether there is one.
func (p *piece) begin(back bool) bool {
	p.at = p.page.lo - 1
	if back {
		p.at = p.page.hi
	}
	return p.advance(back)
}

func (p *piece) advance(back bool) bool {
	if back {
		p.at = p.set.prev(p.at)
	} else {
		p.at = p.set.next(p.at + 1)
	}
	if p.at < p.page.lo || p.at >= p.page.hi || p.at >= p.set.of {
		return false
	}
	p.seq = p.view.seq(p.at)
	return true
}

func (p *piece) record() Record {
	m, e := p.view.marks[p.view.markOf(p.at)], p.view.lines[p.at]
	return Record{
		Seq: p.seq, Time: m.t, Run: m.run,
		Process: p.stream.process, Stream: p.stream.kind,
		Level: lineLevel(e), Partial: linePartial(e), Raw: p.view.raw(p.at),
	}
}

// resolve finds the piece's lines without looking at the text and reports
// whether that was possible.
func (w *walk) resolve(p *piece) bool {
	p.choice = w.filter.choose(p.index, p.view, p.whole)
	switch {
	case p.choice.count(p.whole.lo, p.whole.hi) == 0:
		p.hits = lineSet{of: p.whole.hi}
		return true
	case w.pattern == nil:
		p.hits = full(p.whole.hi)
		return true
	case w.query == nil:
		return false
	}
	p.hits, p.cached = w.store.recall.find(w.query, p)
	return p.cached && p.hits.of >= p.whole.hi
}

// few is how many lines are rather looked at one by one than together with all
// others of their segment, to learn about it: less than this part of them.
const few = 32

// scan looks for the pattern in the text of what resolve has left open.
func (w *walk) scan(p *piece, s *scanner) error {
	s.pattern = w.pattern
	n := len(p.view.lines)
	chosen := p.choice.count(p.whole.lo, p.whole.hi)
	switch wider, ok := w.store.recall.wider(w.query, p); {
	case w.query == nil:
		p.hits = lineSet{of: p.whole.hi}
		return s.scan(p, p.whole.lo, p.whole.hi)
	case !p.cached && chosen < n/few:
		p.hits = lineSet{of: p.whole.hi}
		return s.each(p, &p.choice, p.whole)
	case ok && wider.n < n/few:
		p.hits, p.learn, p.cached = lineSet{of: n}, true, true
		return s.each(p, &wider, span{0, n})
	}
	from := p.hits.of // 0, or what was looked at before
	p.hits, p.learn = p.hits.grown(n), true
	return s.scan(p, from, n)
}

// narrow puts together what the parts of the filter have selected.
func (w *walk) narrow(p *piece) error {
	p.set = p.hits.and(&p.choice)
	if w.also == nil {
		return nil
	}
	both := *p
	both.hits = lineSet{of: p.set.of}
	w.scanner.pattern = w.also
	err := w.scanner.each(&both, &p.set, p.whole)
	p.set = both.hits.sealed()
	return err
}
