package rpc

import (
	"context"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// pump is what a session is told without asking. One goroutine looks at the
// rooms when one of them rings, and sends in an order that keeps the promise
// that a process's end is never seen before its last line:
//
//	look at events and states -> send all lines logged until now -> send events and states
//
// It pulls: nothing is queued for a client, and a client that does not read
// holds up only its own pump.
type pump struct {
	session *session
	engine  *engine.Engine
	bell    *engine.Bell
	end     context.CancelFunc
	done    sync.WaitGroup

	mu      sync.Mutex
	count   int
	logs    []*logSub
	unwatch func() // the log room rings no more; nil without logs
	events  []*eventSub
	metrics []*metricSub
	flushes []*flush
	topics  map[string]bool
	project projectWatch
	said    []string // for the client's log window
	unsaid  int      // what did not fit there

	introduced bool // an editor is to be told of what was found before it came

	// The pump goroutine's own.
	told     *process.List // what the client knows of the processes
	found    found         // and of what their output means
	mistakes mistakes      // and of what is wrong in the configuration
	toldAt   time.Time
	buf      []byte
	lines    []logs.Record // memory for a page
	follower *logs.Follower
}

// flush is somebody who waits until all lines up to seq have been sent.
type flush struct {
	seq  uint64
	all  bool // also without credit: the input has ended and nobody can ack
	done chan struct{}
}

// changedDelay is for how long changes of processes are gathered.
const changedDelay = 50 * time.Millisecond

// Topics of session/watch.
const (
	topicProcess = "process"
	topicProject = "project"
)

var topics = []string{topicProcess, "problems", "tests", "urls", topicProject}

func newPump(s *session) *pump {
	return &pump{session: s, engine: s.engine, bell: engine.NewBell(), topics: map[string]bool{}, told: s.engine.Process.List(), found: newFound(s.engine), follower: s.engine.Logs.Follow()}
}

func (p *pump) start() {
	ctx, end := context.WithCancel(p.session.ctx)
	p.end = end
	p.done.Go(func() { p.run(ctx) })
}

func (p *pump) stop() {
	p.end()
	p.done.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.unwatch != nil {
		p.unwatch()
	}
	p.follower.Close()
	for _, s := range p.logs {
		s.release()
	}
	for _, s := range p.events {
		s.sub.Close()
	}
	for _, s := range p.metrics {
		s.close()
	}
	p.project.end()
}

// kick makes the pump look again.
func (p *pump) kick() { p.bell.Ring() }

func (p *pump) run(ctx context.Context) {
	defer p.engine.Events.Watch(p.bell)()
	defer p.engine.Process.Watch(p.bell)()
	defer p.watchFound()()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		p.bell.Arm()
		next, err := p.round(ctx)
		if err != nil {
			return // the client has hung up
		}
		timer.Reset(next)
		select {
		case <-p.bell.C:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
}

// never is how long a pump sleeps that has nothing to wait for but its bell.
const never = time.Hour

// round sends what is due and returns when to look again at the latest.
func (p *pump) round(ctx context.Context) (next time.Duration, err error) {
	if err := p.sendSaid(ctx); err != nil {
		return 0, err
	}
	work := p.gather()
	next = work.next
	for _, s := range work.logs {
		wait, err := p.sendLines(ctx, s, work)
		if err != nil {
			return 0, err
		}
		next = min(next, wait)
	}
	for _, b := range work.batches {
		params, err := b.params(p.engine.Epoch)
		if err == nil {
			err = p.notify(ctx, "events/batch", params)
		}
		if err != nil {
			return 0, err
		}
		if b.full() {
			work.again = true
		}
	}
	for _, a := range work.activities {
		wait, err := a.send(ctx, p, work.all)
		if err != nil {
			return 0, err
		}
		next = min(next, wait)
	}
	if work.list != nil {
		if err := p.sendChanged(ctx, work.list); err != nil {
			return 0, err
		}
	}
	if err := p.sendProject(ctx); err != nil {
		return 0, err
	}
	wait, err := p.sendFound(ctx, work.all)
	if err != nil {
		return 0, err
	}
	next = min(next, wait)
	wait, err = p.sendSamples(ctx, work.metrics)
	if err != nil {
		return 0, err
	}
	next = min(next, wait)
	if work.again {
		p.requeue(work.flushes)
		return 0, nil
	}
	for _, f := range work.flushes {
		close(f.done)
	}
	return next, nil
}

// work is what one round has to do. Events and states are looked at before head
// is taken: the lines that belong before them are below it.
type work struct {
	logs       []*logSub
	metrics    []*metricSub
	flushes    []*flush
	batches    []*eventBatch
	activities []*activity
	list       *process.List // to be told; nil if not now
	head       uint64        // lines up to here are there
	urgent     bool          // they must go before something else does
	all        bool          // also without credit
	again      bool          // there is more than one round can send
	next       time.Duration
}

func (p *pump) gather() *work {
	list := p.engine.Process.List() // before the topics: who has just ended to watch is told of nothing newer
	p.mu.Lock()
	w := &work{logs: p.logs, flushes: p.flushes, next: never}
	eventSubs, watching := p.events, p.topics[topicProcess]
	w.metrics = p.metrics
	p.flushes = nil
	p.mu.Unlock()

	w.urgent = len(w.flushes) > 0
	for _, f := range w.flushes {
		w.all = w.all || f.all
	}
	for _, e := range eventSubs {
		if e.activity != nil && e.begun.Load() {
			w.activities = append(w.activities, e.activity)
		}
		if b := e.take(); b != nil {
			w.batches = append(w.batches, b)
			w.urgent = w.urgent || b.ended
		}
	}
	if watching && list != p.told {
		wait := time.Until(p.toldAt.Add(changedDelay))
		if wait <= 0 || w.all {
			w.list = list
			w.urgent = w.urgent || anyEnded(list)
		} else {
			w.next = wait
		}
	}
	w.head = p.engine.Logs.Head()
	return w
}

func (p *pump) requeue(flushes []*flush) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flushes = append(p.flushes, flushes...)
}

func anyEnded(l *process.List) bool {
	for _, s := range l.Processes {
		if s.State.Ended() || s.State == process.Backoff {
			return true
		}
	}
	return false
}

// sendLines sends what a subscription has ready: everything up to w.head if that
// is urgent, else what is due. It returns when to look again.
func (p *pump) sendLines(ctx context.Context, s *logSub, w *work) (time.Duration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer p.release()
	for !s.closed && s.cursor < w.head && s.mayRead(w.all) {
		wait := time.Until(s.sentAt.Add(batchDelay))
		due := w.urgent || wait <= 0
		bytes := p.engine.Logs.Bytes()
		if !due && w.head < s.trySeq && bytes < s.tryBytes {
			return wait, nil
		}
		page, err := p.readPage(ctx, s)
		if err != nil {
			return 0, err
		}
		full := page.More || len(page.Records) == s.maxBatch
		if !due && !full {
			s.tryAgainAt(w.head, bytes)
			return wait, nil
		}
		if err := p.sendPage(ctx, s, page, w.all); err != nil {
			return 0, err
		}
		if !w.urgent && page.More {
			return 0, nil // the other subscriptions first, then on
		}
	}
	return never, nil
}

// release lets go of the page that was read last: its records keep the log's memory.
func (p *pump) release() {
	clear(p.lines[:cap(p.lines)])
	p.follower.Release()
}

// readPage reads what follows a subscription's cursor, into p.lines.
func (p *pump) readPage(ctx context.Context, s *logSub) (logs.Page, error) {
	page, err := p.follower.Read(ctx, logs.Query{
		Filter: s.filter, After: s.cursor, Limit: s.maxBatch, Bytes: batchBytes, Into: p.lines,
	})
	p.lines = page.Records
	return page, err
}

// sendPage sends a page, in one message or, for the format raw, in one for each
// run and stream until there is no more credit; all goes on without.
func (p *pump) sendPage(ctx context.Context, s *logSub, page logs.Page, all bool) error {
	gap := page.Gap
	for records := page.Records; len(records) > 0 || gap != nil; {
		taken := s.encode.takes(records)
		next := page.Next
		if taken < len(records) {
			next = records[taken-1].Seq
		}
		p.buf = s.encode.encode(p.buf[:0], wire.LinesHead{
			Subscription: s.id, Batch: s.batch + 1, Next: formatCursor(p.engine.Epoch, next), Gap: gapOf(gap),
		}, records[:taken])
		if taken == len(records) {
			p.follower.Release() // to send it can take as long as the client likes
		}
		s.credit.Add(-1) // before it is sent: the ack may come at once, and must find room
		if err := p.notify(ctx, "logs/lines", p.buf); err != nil {
			return err
		}
		s.sent(taken, gap)
		s.reach(next)
		records, gap = records[taken:], nil
		if len(records) > 0 && !s.mayRead(all) {
			return nil
		}
	}
	s.reach(page.Next)
	s.tryAgainAt(s.cursor, p.engine.Logs.Bytes())
	return nil
}

// sendChanged tells what has changed since the client was last told.
func (p *pump) sendChanged(ctx context.Context, list *process.List) error {
	before := make(map[string]*process.Snapshot, len(p.told.Processes))
	for _, s := range p.told.Processes {
		before[s.ID] = s
	}
	w := wire.ProcessChanged{Previous: p.told.Revision, Revision: list.Revision, Processes: []wire.Process{}, Removed: []string{}}
	for _, s := range list.Processes {
		if before[s.ID] != s {
			w.Processes = append(w.Processes, processOf(p.engine, s))
		}
		delete(before, s.ID)
	}
	for _, s := range p.told.Processes {
		if before[s.ID] != nil {
			w.Removed = append(w.Removed, s.ID)
		}
	}
	p.told, p.toldAt = list, time.Now()
	params, err := wire.Encode(&w)
	if err != nil {
		return err
	}
	return p.notify(ctx, "process/changed", params)
}

func (p *pump) notify(ctx context.Context, method string, params []byte) error {
	return p.session.conn.Notify(ctx, method, params)
}

// flush returns when every subscription with credit has sent all lines up to
// seq. The error is the context's.
func (p *pump) flush(ctx context.Context, seq uint64) error {
	if seq == 0 {
		return nil
	}
	return p.await(ctx, &flush{seq: seq, done: make(chan struct{})})
}

// drain sends everything that is there now, credit or not.
func (p *pump) drain(ctx context.Context) {
	p.await(ctx, &flush{all: true, done: make(chan struct{})})
}

func (p *pump) await(ctx context.Context, f *flush) error {
	p.mu.Lock()
	idle := len(p.logs)+len(p.events) == 0 && !p.topics[topicProcess]
	if !idle {
		p.flushes = append(p.flushes, f)
	}
	p.mu.Unlock()
	if idle {
		return nil
	}
	p.kick()
	select {
	case <-f.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (p *pump) watch(topics []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.topics)
	for _, t := range topics {
		p.topics[t] = true
	}
	if p.project.set(p.topics[topicProject], p.engine.Project, p.bell) {
		p.kick() // the room has nothing new to ring for, if it knows the workspace already
	}
}
