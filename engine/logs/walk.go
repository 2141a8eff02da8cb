package logs

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// walk visits the records that a filter selects, in the order of the sequence or
// against it, a segment at a time:
//
//	lane     a stream's segments that may hold some, in the walk's order
//	└─ piece a segment that was opened: the set of its lines that are wanted
//
// The index excludes segments and lines without a look at the text, and what an
// earlier search has found out is not looked for again. Pieces are opened only
// when the walk reaches them; the further it has come the more it opens at once,
// so that a page of the newest hits touches one segment, and a walk through
// everything uses every core.
type walk struct {
	recall  *recall
	filter  *Filter
	pattern *Matcher // nil: by the other parts of the filter alone
	also    *Matcher // a second one that must match too
	query   *query   // what is remembered of pattern; nil: nothing is
	using   bool     // recall, until done
	back    bool
	page    span64 // numbers that are given
	whole   span64 // numbers that are counted; never less

	forgotten forgotten

	lanes  []lane
	edge   uint64 // the nearest number that a lane can still bring; 0: none
	active []*piece
	ahead  int // pieces to open next time

	opened          int // lines in page, selected, of all pieces so far
	total           int // lines in whole that were selected
	scanned, cached int
	segments        int // that it came by
	scanner         scanner

	// Room for what most walks from an answer need: see tails.
	oneTail   [1]piece
	oneActive [1]*piece
	oneList   [32]uint32
}

// span64 is the numbers in (after, upTo].
type span64 struct{ after, upTo uint64 }

// maxAhead bounds what a walk opens at once, to 32 MiB of text as a rule.
const maxAhead = 32

// wholeAhead is how much a walk opens at once that has to come by everything: each
// time, the cores wait for the last of them.
const wholeAhead = 128

// walk returns a walk over what f selects with numbers in page.
func (s *Store) walk(ctx context.Context, f *Filter, page span64, back bool) *walk {
	w := &walk{}
	w.begin(s, ctx, f, page, back)
	return w
}

// begin makes w, which is zero, a walk.
func (w *walk) begin(s *Store, ctx context.Context, f *Filter, page span64, back bool) {
	w.recall, w.filter, w.pattern, w.back = &s.recall, f, f.Match, back
	w.page, w.whole = page, page
	w.ahead, w.scanner.ctx = 1, ctx
}

// remember makes the walk use what was found before, and find it for those that
// come after. The caller defers done.
func (w *walk) remember() {
	if w.pattern != nil {
		w.recall.use.RLock()
		w.using, w.query = true, w.recall.begin(w.pattern)
	}
}

// done says that the walk is over.
func (w *walk) done() {
	if w.using {
		w.using = false
		w.recall.use.RUnlock()
	}
}

// over starts the walk over the streams of its filter.
func (w *walk) over(d *directory) {
	streams := d.matching(w.filter)
	w.forgotten = d.forgotten
	w.lanes = make([]lane, 0, len(streams))
	for _, st := range streams {
		l := lane{stream: st, state: st.hold()}
		if w.query != nil {
			l.memory, l.wider = w.recall.of(w.query, st)
		}
		if w.back {
			l.at = l.state.segmentAfter(w.whole.upTo) - 1
		} else {
			l.at = max(0, l.state.segmentAfter(max(w.whole.after, l.state.cleared))-1)
		}
		w.settle(&l)
		w.lanes = append(w.lanes, l)
	}
	w.findEdge()
}

// collect implements [records].
func (w *walk) collect(p *Page, q *Query) error { return collectEach(w, p, q) }

// take returns the next record. The error is the context's.
func (w *walk) take() (Record, bool, error) {
	for {
		best := w.nearestPiece()
		if w.edge == 0 && best == nil {
			return Record{}, false, nil
		}
		if w.edge == 0 || best != nil && w.nearer(best.seq, w.edge) {
			return w.give(best), true, nil
		}
		if err := w.open(); err != nil {
			return Record{}, false, err
		}
	}
}

// finish opens what is left, to count it.
func (w *walk) finish() error {
	for w.edge != 0 {
		w.active = w.active[:0]
		if err := w.open(); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) nearestPiece() *piece {
	var best *piece
	for _, p := range w.active {
		if best == nil || w.nearer(p.seq, best.seq) {
			best = p
		}
	}
	return best
}

func (w *walk) give(p *piece) Record {
	r := p.record()
	if !p.advance(w.back) {
		for i := range w.active {
			if w.active[i] == p {
				last := len(w.active) - 1
				w.active[i] = w.active[last]
				w.active = w.active[:last]
				break
			}
		}
	}
	return r
}

// open opens the next pieces.
func (w *walk) open() error {
	pieces := make([]piece, 0, min(w.ahead, w.left()))
	for len(pieces) < w.ahead {
		l := w.nearestLane()
		if l == nil {
			break
		}
		pieces = append(pieces, w.piece(l))
		w.step(l, 1)
		w.settle(l)
	}
	w.findEdge()
	w.ahead = max(w.ahead, min(2*w.ahead, maxAhead))
	if err := w.fill(pieces); err != nil {
		return err
	}
	w.opens(pieces)
	return nil
}

// opens takes account of pieces whose sets are found.
func (w *walk) opens(pieces []piece) {
	w.segments += len(pieces)
	for i := range pieces {
		p := &pieces[i]
		w.total += p.set.count(p.whole.from, p.whole.to)
		w.opened += p.set.count(p.page.from, p.page.to)
		w.scanned += p.scanned
		if p.cached {
			w.cached++
		}
		if p.begin(w.back) {
			w.active = append(w.active, p)
		}
	}
}

// left is how many segments there are to come at the most.
func (w *walk) left() (n int) {
	for i := range w.lanes {
		if l := &w.lanes[i]; l.edge == 0 {
			continue
		} else if w.back {
			n += l.at + 1
		} else {
			n += len(l.state.segs) - l.at
		}
	}
	return n
}

// From how much text on a second core pays: it takes some 20 us to be there, and a
// hard pattern as long for 16 KiB.
const (
	parallelBytes = 4 << 20
	parallelHard  = 128 << 10
)

// pays reports whether more than one core should look through so much text.
func (w *walk) pays(size int) bool {
	return runtime.GOMAXPROCS(0) > 1 && (size > parallelBytes || size > parallelHard && w.pattern.Hard())
}

// fill finds the sets of the pieces: from memory, else from the text, on every
// core if there is enough of it.
func (w *walk) fill(pieces []piece) error {
	var unknown []*piece
	size := 0
	for i := range pieces {
		if p := &pieces[i]; !w.resolve(p) {
			unknown = append(unknown, p)
			size += len(p.view.data)
		}
	}
	if len(unknown) > 1 && w.pays(size) {
		w.scanParallel(unknown)
	} else {
		for _, p := range unknown {
			p.err = w.scan(p, &w.scanner)
		}
	}
	for _, p := range unknown {
		if p.err != nil {
			return p.err
		}
	}
	if w.query != nil {
		w.recall.learn(w.query, unknown)
	}
	for i := range pieces {
		if err := w.narrow(&pieces[i]); err != nil {
			return err
		}
	}
	return nil
}

// scanParallel scans on as many goroutines as there are cores. They are the
// walk's own, and gone when it returns; a panic in one of them is the caller's.
func (w *walk) scanParallel(pieces []*piece) {
	var next atomic.Int64
	var failure atomic.Pointer[string]
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(pieces)) {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					failure.Store(new(fmt.Sprintf("%v\n%s", p, debug.Stack())))
				}
			}()
			s := scanner{ctx: w.scanner.ctx}
			for i := int(next.Add(1)) - 1; i < len(pieces); i = int(next.Add(1)) - 1 {
				pieces[i].err = w.scan(pieces[i], &s)
			}
		})
	}
	all.Wait()
	if f := failure.Load(); f != nil {
		panic(*f)
	}
}

// loss implements [records].
func (w *walk) loss(after, upTo uint64) *Gap {
	g := Gap{Filtered: w.filter.Narrow()}
	for i := range w.lanes {
		w.lanes[i].state.countLoss(&g, after, upTo, w.filter.Run)
	}
	w.forgotten.count(&g, after, upTo)
	return g.orNil()
}
