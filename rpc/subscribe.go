package rpc

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// PROTOCOL section 6: when a batch of lines is sent.
const (
	batchDelay    = 25 * time.Millisecond // after the one before, at the most
	maxBatch      = 256                   // lines
	batchBytes    = 64 << 10              // of raw text
	defaultWindow = 4
	maxWindow     = 1 << 10
)

// logSub is one logs/subscribe: a cursor into the log, and credit. There is no
// queue, so a client that does not read costs nothing but these bytes.
type logSub struct {
	id       string
	filter   logs.Filter
	encode   encoder
	maxBatch int
	window   int64        // 0: credit without limit
	credit   atomic.Int64 // batches that may be sent
	begun    atomic.Bool  // the client knows the id
	hold     *engine.Hold // what it has not been sent is not overwritten; nil if it may be

	mu        sync.Mutex // held while a batch is read and sent
	cursor    uint64     // what lies behind has been sent or told as lost
	batch     uint64
	delivered uint64
	dropped   uint64
	sentAt    time.Time
	trySeq    uint64 // from this line, or
	tryBytes  uint64 // this many bytes ever logged, a batch may be full
	closed    bool
}

// tryAgainAt notes when a look at the log may find a full batch, after one at
// head has not. Looking more often would read the same lines again and again.
func (s *logSub) tryAgainAt(head, bytes uint64) {
	s.trySeq = head + uint64(s.maxBatch+1)/2
	s.tryBytes = bytes + batchBytes/2
}

// sent notes one message.
func (s *logSub) sent(lines int, gap *logs.Gap) {
	s.batch++
	s.delivered += uint64(lines)
	if gap != nil {
		s.dropped += gap.Count
	}
	s.sentAt = time.Now()
}

// reach notes that what lies up to the cursor has been sent or told as lost.
func (s *logSub) reach(cursor uint64) {
	s.cursor = cursor
	if s.hold != nil {
		s.hold.Reached(cursor)
	}
}

func logsSubscribe(c *call, p wire.SubscribeParams) (wire.Subscribed, error) {
	sub, err := c.subscription(p)
	if err != nil {
		return wire.Subscribed{}, err
	}
	fresh := false
	switch {
	case p.Since.Tail != nil:
		sub.cursor, err = c.engine.Logs.BeforeTail(c.ctx, sub.filter, *p.Since.Tail)
	case p.Since.Cursor != "":
		sub.cursor, fresh, err = c.startAfter(sub.filter, &p.Since.Cursor, "/since")
		fresh = fresh || err == nil && !c.engine.Logs.Held(sub.filter, sub.cursor)
	default:
		sub.cursor = c.engine.Logs.Head()
	}
	if err != nil {
		return wire.Subscribed{}, err
	}
	cursor := c.cursor(sub.cursor)
	if p.Lossless {
		sub.hold = c.engine.HoldBack(sub.cursor, sub.filter.Processes)
	}
	id, err := c.pump.addLogs(sub, c.request.Call)
	if err != nil {
		sub.release()
	}
	return wire.Subscribed{Subscription: id, Cursor: cursor, Fresh: fresh}, err
}

func (c *call) subscription(p wire.SubscribeParams) (*logSub, error) {
	f, err := filterOf(p.Filter, "/filter")
	if err != nil {
		return nil, err
	}
	sub := &logSub{filter: f, maxBatch: maxBatch, window: defaultWindow}
	if sub.encode, err = encoderFor(p); err != nil {
		return nil, err
	}
	if p.MaxBatch != nil {
		if *p.MaxBatch < 1 {
			return nil, invalidParams("/maxBatch", "maxBatch must be at least 1")
		}
		sub.maxBatch = min(*p.MaxBatch, maxBatch)
	}
	if p.Window != nil {
		if *p.Window < 0 || *p.Window > maxWindow {
			return nil, invalidParams("/window", fmt.Sprintf("window must be between 0 and %d", maxWindow))
		}
		sub.window = int64(*p.Window)
	}
	sub.credit.Store(sub.window)
	return sub, nil
}

func logsAck(c *call, p wire.AckParams) (wire.Null, error) {
	sub, err := c.pump.findLogs(p.Subscription)
	if err != nil {
		return wire.Null{}, err
	}
	sub.ack()
	c.pump.kick()
	return wire.Null{}, nil
}

// ack gives one credit back, up to the window: a batch acknowledged twice does
// not widen it.
func (s *logSub) ack() {
	for {
		have := s.credit.Load()
		if have >= s.window || s.credit.CompareAndSwap(have, have+1) {
			return
		}
	}
}

func logsUnsubscribe(c *call, p wire.SubscriptionParams) (wire.Unsubscribed, error) {
	sub, err := c.pump.removeLogs(p.Subscription)
	if err != nil {
		return wire.Unsubscribed{}, err
	}
	sub.release()
	sub.mu.Lock()
	defer sub.mu.Unlock()
	sub.closed = true
	return wire.Unsubscribed{Delivered: sub.delivered, Dropped: sub.dropped}, nil
}

// release lets the processes go that wait for the subscription.
func (s *logSub) release() {
	if s.hold != nil {
		s.hold.Close()
	}
}

// mayRead reports whether the subscription may send a batch now; all goes on
// without credit.
func (s *logSub) mayRead(all bool) bool {
	return s.begun.Load() && (all || s.window == 0 || s.credit.Load() > 0)
}
