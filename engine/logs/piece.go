package logs

// piece is one segment that a walk has opened.
type piece struct {
	stream  *stream
	lane    *lane // nil if the walk has none: see tails
	segment *segment
	index   *index // nil: the segment is still written to
	view    view
	ordinal uint64 // of the segment among all that the stream ever had
	page    span   // lines that are given
	whole   span   // lines that are counted

	choice lineSet // lines that the filter's other parts select
	hits   lineSet // lines below hits.of that have the pattern
	learn  bool    // hits is news, and of the whole segment
	set    lineSet // the outcome

	scanned int
	cached  bool
	err     error

	at  int    // the line it stands on
	mk  int    // the mark of that
	seq uint64 // its number
}

// piece opens the segment at which l stands.
func (w *walk) piece(l *lane) piece {
	seg := l.state.segs[l.at]
	p := piece{stream: l.stream, lane: l, segment: seg, ordinal: l.state.first + uint64(l.at)}
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
	p.at = p.page.from - 1
	if back {
		p.at = p.page.to
	}
	return p.advance(back)
}

func (p *piece) advance(back bool) bool {
	if back {
		p.at = p.set.prev(p.at)
	} else {
		p.at = p.set.next(p.at + 1)
	}
	if p.at < p.page.from || p.at >= p.page.to || p.at >= p.set.of {
		return false
	}
	if p.at < int(p.view.marks[p.mk].line) || p.at >= p.view.markEnd(p.mk) {
		p.mk = p.view.markOf(p.at)
	}
	m := p.view.marks[p.mk]
	p.seq = m.seq + uint64(p.at) - uint64(m.line)
	return true
}

func (p *piece) record() Record {
	m, e := p.view.marks[p.mk], p.view.lines[p.at]
	return Record{
		Seq: p.seq, Time: m.t, Run: m.run,
		Process: p.stream.process, Stream: p.stream.kind,
		Level: lineLevel(e), Partial: linePartial(e), Redraw: lineRedraw(e), odd: lineOdd(e), Raw: p.view.raw(p.at),
	}
}

// resolve finds the piece's lines without looking at the text and reports
// whether that was possible.
func (w *walk) resolve(p *piece) bool {
	if w.query != nil {
		p.hits = w.recall.find(w.query, p)
		p.cached = p.hits.of >= p.whole.to
		if p.cached && p.hits.bits == nil && !p.hits.isFull() {
			p.choice = w.filter.among(&p.hits, p.view)
			return true
		}
	}
	p.choice = w.filter.choose(p.index, p.view, p.whole)
	switch {
	case p.choice.count(p.whole.from, p.whole.to) == 0:
		p.hits = lineSet{of: p.whole.to}
		return true
	case w.pattern == nil:
		p.hits = full(p.whole.to)
		return true
	}
	return p.cached
}

// few says when lines are rather looked at one by one than together with all
// others of their segment: when they are less than this part of them.
const few = 32

// scan looks for the pattern in the text, as far as resolve has left that open.
func (w *walk) scan(p *piece, s *scanner) error {
	s.lookFor(w.pattern)
	n := len(p.view.lines)
	switch {
	case p.hits.of == 0 && p.choice.count(p.whole.from, p.whole.to) < n/few:
		p.hits = lineSet{of: p.whole.to}
		return s.each(p, &p.choice, p.whole)
	case w.query == nil:
		p.hits = lineSet{of: p.whole.to}
		return s.scan(p, p.whole.from, p.whole.to)
	}
	p.learn = true
	if wider, ok := w.recall.findWider(w.query, p); ok && wider.n < n/few {
		p.hits, p.cached = lineSet{of: n}, true
		return s.each(p, &wider, span{0, n})
	}
	from := p.hits.of // 0, or up to where it was looked for before
	p.hits = p.hits.grown(n)
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
	w.scanner.lookFor(w.also)
	err := w.scanner.each(&both, &p.set, p.whole)
	p.set = both.hits
	return err
}
