package engine

import (
	"cmp"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
)

// lookout looks at what one run of a process writes to one stream: it gives
// each record its level, and what the lines mean to the sets.
type lookout struct {
	e      *Engine
	id     string
	stream lines.Stream
	key    string // names its readers in the sets; ends in "/"
	dir    string // the process's working folder
	writer logs.Writer
	each   func(first uint64, n int) // numbered, kept so that a batch allocates nothing

	run atomic.Uint32 // 0 before the first batch

	mu      sync.Mutex // a batch, or the flush of what it left open
	scanner detect.Scanner
	reader  *diagnose.Stream
	rules   *diagnose.Rules // that reader has
	used    *matching       // that they are from
	script  scriptName      // of the run
	at      uint64          // records seen so far: how reader numbers lines
	base    uint64          // of the batch: at before it
	numbers numbering
	time    int64
	percent int // of the progress that was told last
	urls    []detect.URL
	urlAt   []uint64
	ports   []int
	ended   bool
	quiet   bool // the lines are read once more: their events have been told
	faulty  bool // a fault of ours has been logged
}

// batch is what happens to one read of the stream.
func (o *lookout) batch(b lines.Batch) uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.run.Load() != b.Run {
		o.run.Store(b.Run)
		o.dir, o.script = o.e.originOf(o.id)
		o.used = nil // another run may be another script's
	}
	o.time, o.base = b.Time, o.at
	o.refreshRules()
	o.judge(b)
	last := o.writer.AppendEach(b, o.each)
	o.tell()
	return last
}

// judge gives each record of a batch its level, and goes on behind one that it
// can't look at.
func (o *lookout) judge(b lines.Batch) {
	from, next := uint32(0), 0
	for next < len(b.Cuts) {
		o.contain(func() {
			for next < len(b.Cuts) {
				c := &b.Cuts[next]
				raw := b.Data[from:c.End]
				from, next = c.End, next+1
				c.Level = o.record(raw, c.Partial)
			}
		})
	}
}

// contain keeps a fault of ours in what looks at lines from ending the engine, and
// with it all that everybody runs. It is counted, and logged once with its stack;
// what was under way in the stream is given up.
func (o *lookout) contain(look func()) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		o.e.faults.Add(1)
		if !o.faulty {
			o.faulty = true
			o.e.options.logf()("%s: a line could not be looked at, which is a mistake of brummer-rpc: %v\n%s", o.key, v, debug.Stack())
		}
		o.begin()
	}()
	look()
}

// begin forgets what was under way.
func (o *lookout) begin() {
	o.scanner = detect.Scanner{Literals: o.rules.Literals()}
	o.reader.Restart()
}

// record looks at one record and returns its level.
func (o *lookout) record(raw []byte, partial bool) lines.Level {
	o.at++
	l, whole := o.scanner.Record(raw, partial)
	if !whole {
		return l.Level
	}
	level := o.reader.Line(l, o.at)
	if l.Class&detect.Address != 0 {
		o.addresses(l)
	}
	return level
}

// addresses collects what a line says of addresses and ports.
func (o *lookout) addresses(l *detect.Line) {
	if len(o.urls) < maxURLsPerBatch {
		o.urls = detect.AppendURLs(o.urls, l)
		for len(o.urlAt) < len(o.urls) {
			o.urlAt = append(o.urlAt, o.at)
		}
	}
	if port := detect.Port(l); port != 0 {
		o.ports = append(o.ports, port)
	}
}

// maxURLsPerBatch bounds the addresses of one read: a program that prints links
// in a loop has few servers.
const maxURLsPerBatch = 100

// newLookout returns the lookout of a stream of a run that begins.
func (e *Engine) newLookout(id string, stream lines.Stream) *lookout {
	o := &lookout{
		e: e, id: id, stream: stream, writer: e.Logs.Writer(id, stream),
		key: id + "/" + stream.String() + "/", reader: diagnose.NewStream(nil), percent: -1,
	}
	o.each = o.numbered
	e.later.join(o)
	return o
}

// originOf is the folder that a process runs in, and which script it is.
func (e *Engine) originOf(id string) (dir string, script scriptName) {
	p, err := e.Process.Get(id)
	if err != nil {
		return e.Root, scriptName{}
	}
	s := p.Snapshot()
	return s.Dir, scriptName{s.Source, cmp.Or(s.ReplicaOf, s.ID)}
}

// numbered is told the log's numbers of the batch's records.
func (o *lookout) numbered(first uint64, n int) {
	o.numbers.add(o.base+1, first)
	o.base += uint64(n)
}

// tell hands over what was found, and sees to it that what is under way is
// closed if nothing more comes.
func (o *lookout) tell() {
	found := o.findings()
	if len(o.urls)+len(o.ports) > 0 {
		o.e.URLs.named(o)
		o.urls, o.urlAt, o.ports = o.urls[:0], o.urlAt[:0], o.ports[:0]
	}
	if found {
		o.e.publish()
	}
	if o.reader.Open() && !o.ended {
		o.e.later.flush(o, time.Now().Add(idleFlush))
	}
}

// idleFlush is how long something that spans lines waits for its next line.
const idleFlush = 250 * time.Millisecond

// flush closes what is under way: nothing more has come for a while, or will.
func (o *lookout) flush(ended bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = o.ended || ended
	o.contain(func() { o.reader.Flush() })
	o.tell()
}

// isOf reports whether the lookout is of a run that has ended, or has seen none.
func (o *lookout) isOf(run uint32) bool { return o.run.Load() <= run }

// refreshRules takes over the user's matchers if they have changed.
func (o *lookout) refreshRules() {
	used := o.e.matching.Load()
	if used == o.used {
		return
	}
	o.used = used
	if rules := used.of(o.script); rules != o.rules {
		o.rules = rules
		o.reader.SetRules(rules)
		o.scanner.Literals = rules.Literals()
	}
}

// numbering translates a stream's own count of records into the log's numbers,
// which other streams' records interrupt.
type numbering struct {
	spans [spans]span
	n     int // spans ever added
}

type span struct{ at, seq uint64 }

// spans is how many are kept: what is under way is not older, by far.
const spans = 512

func (n *numbering) add(at, seq uint64) {
	n.spans[n.n%spans] = span{at, seq}
	n.n++
}

// seq is the log's number of record at, 0 if it is too long ago.
func (n *numbering) seq(at uint64) uint64 {
	for i := n.n - 1; i >= 0 && i >= n.n-spans; i-- {
		if s := n.spans[i%spans]; s.at <= at {
			return s.seq + at - s.at
		}
	}
	return 0
}
