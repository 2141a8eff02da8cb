package process

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// run is one life of a process. Its goroutines belong to the table's WaitGroup:
//
//	supervise --- waits for the leader, then for the rest of its set,
//	  |           escalates, waits for the readers, publishes the end
//	  +- read     stdout \ until end of file; each batch goes to the log
//	  +- read     stderr /  (a terminal has one stream)
//	  +- write    stdin, once somebody sends input
type run struct {
	p       *Process
	number  uint32
	leader  *leader
	set     *set
	streams *streams
	readers []*reader
	input   *input
	reason  string // what has ended it from outside, for people; the supervisor's

	reading sync.WaitGroup   // the readers
	emptied chan struct{}    // closed when the set has gone
	stops   chan StopOptions // requests, newest last; never blocks: see stop
	*attendant

	mu   sync.Mutex // held to signal
	over bool       // the set is gone: nothing may be signalled
}

// spawnLocked starts a run. When it fails the process is left failed with the
// reason, and nothing is left behind.
func (p *Process) spawnLocked(restarts int) error {
	p.setLocked(Starting, func(s *Snapshot) {
		*s = p.freshLocked(restarts)
		s.State, s.Run = Starting, s.Run+1
	})
	r, err := p.startRun()
	if err != nil {
		p.table.metrics.spawnFailed.Inc()
		spawn := &SpawnError{ID: p.id, Reason: err.Error()}
		if m, ok := errors.AsType[missing](err); ok {
			spawn.Missing = m.name
		}
		p.setLocked(Failed, func(s *Snapshot) { s.Reason, s.Refusal, s.ExitedAt = spawn.Reason, spawn, time.Now() })
		return spawn
	}
	p.table.metrics.started.Inc()
	p.run = r
	s := p.setLocked(Running, func(s *Snapshot) {
		s.PID, s.StartedAt = r.leader.pid, time.Now()
		s.Ready, s.Healthy = p.spec.Ready == nil, p.spec.Ready == nil && p.spec.Live == nil
	})
	if p.table.o.Started != nil {
		p.table.o.Started(s)
	}
	r.attend()
	r.begin()
	return nil
}

func (p *Process) startRun() (*run, error) {
	t, number := p.table, p.Snapshot().Run
	marker := t.sets.marker(p.id, number)
	launch, err := p.spec.launch(marker)
	if err != nil {
		return nil, err
	}
	streams, err := openStreams(&p.spec)
	if err != nil {
		return nil, spawnReason(err)
	}
	launch.Files = streams.child
	set := t.sets.add(marker)
	r := &run{p: p, number: number, set: set, streams: streams, stops: make(chan StopOptions, 1), emptied: make(chan struct{})}
	equip := sync.OnceFunc(r.equip)
	leader, err := t.starter.start(launch, equip)
	equip()
	if err != nil {
		r.leave()
		streams.closeChild()
		streams.closeParent()
		set.close()
		t.sets.endStrays() // a guard that was killed may have got that far
		return nil, explain(err, launch)
	}
	r.leader = leader
	set.lead(leader.pid)
	return r, nil
}

// equip makes what the run needs that does not depend on the leader, and that
// nobody learns of should there be none. The caller holds p.mu.
func (r *run) equip() {
	r.attendant = newAttendant(r.p)
	r.input = newInput(r.streams)
	for i, e := range r.streams.out {
		if e == nil {
			continue
		}
		r.readers = append(r.readers, &reader{
			file: e.open(), keep: r.streams.tty, stream: lines.Stream(i), run: r.number, cutter: lines.Cutter{Max: r.p.table.o.MaxLine},
		})
	}
}

func (r *run) begin() {
	wg := &r.p.table.wg
	for _, rd := range r.readers {
		r.reading.Add(1)
		wg.Go(func() {
			defer r.reading.Done()
			rd.write = r.tap(r.p.table.o.Output(r.p.id, rd.stream))
			if pace := r.p.table.o.Pace; pace != nil {
				rd.pace, rd.over = pace(r.p.id, rd.stream), r.emptied
			}
			rd.read()
		})
	}
	wg.Go(r.supervise)
}

// stop passes a request on to the supervisor. The caller holds p.mu, so there
// is one sender at a time and the last send can't block.
func (r *run) stop(o StopOptions) {
	select {
	case waiting := <-r.stops:
		o.Grace = min(o.Grace, waiting.Grace)
		if o.Signal == 0 {
			o.Signal = waiting.Signal
		}
	default:
	}
	r.stops <- o
}

// How long what a leader leaves behind may take to end by itself, and how long
// output may stay open once the set is gone.
const (
	setPatience    = 250 * time.Millisecond
	outputPatience = 500 * time.Millisecond
)

// supervise sees the run through: leader, set, output, in that order.
func (r *run) supervise() {
	r.streams.closeChild() // not before the start is answered, which need not wait for it
	esc := escalation{run: r}
	defer esc.stop()
	r.awaitLeader(&esc)
	r.awaitSet(&esc)
	e := r.release()
	close(r.emptied)
	r.input.close()
	r.awaitOutput()
	r.streams.closeParent()
	r.leave()
	r.attending.Wait() // what its checks have executed is gone as well
	r.finish(e)
}

func (r *run) awaitLeader(esc *escalation) {
	ended, lost := r.leader.ended, r.leader.lost
	for {
		select {
		case <-ended:
			return
		case o := <-r.stops:
			esc.request(o)
		case <-esc.due():
			esc.kill()
		case <-lost:
			ended, lost = r.leader.adopt(), nil
			esc.lost()
		}
	}
}

// awaitSet returns when no process of the set is left. What outlives the leader
// is asked to end, then made to.
func (r *run) awaitSet(esc *escalation) {
	patience := time.Now().Add(setPatience)
	for pause := time.Millisecond; !r.set.empty(); pause = min(2*pause, 20*time.Millisecond) {
		if !esc.asked && time.Now().After(patience) {
			r.p.table.o.Logf("%s has ended, but left processes behind, which are ended now: %v", r.p.id, r.set.names())
			esc.request(StopOptions{Signal: sigTerm, Grace: r.p.table.o.Grace})
		}
		timer := time.NewTimer(pause)
		select {
		case o := <-r.stops:
			esc.request(o)
		case <-esc.due():
			esc.kill()
		case <-timer.C:
		}
		timer.Stop()
	}
}

// release gives the leader's number back, after which nothing may be signalled,
// and returns how it has ended.
func (r *run) release() exit {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	r.set.close()
	e, err := r.leader.reap()
	if err != nil {
		r.p.table.o.Logf("how %s (pid %d) has ended is not known: %v", r.p.id, r.leader.pid, err)
	}
	return e
}

// signal sends a signal to the whole set; it reports whether there still was one.
func (r *run) signal(s Signal) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.over {
		r.set.signal(s)
	}
	return !r.over
}

// awaitOutput waits for the readers to reach the end. A process that has left
// the group can hold the pipe open for ever; then reading stops, and the log
// says so.
func (r *run) awaitOutput() {
	done := make(chan struct{})
	r.p.table.wg.Go(func() {
		r.reading.Wait()
		close(done)
	})
	timer := time.NewTimer(outputPatience)
	defer timer.Stop()
	select {
	case <-done:
		return
	case <-timer.C:
	}
	for _, rd := range r.readers {
		rd.abandon()
	}
	<-done
	for _, rd := range r.readers {
		if rd.held {
			r.remark(fmt.Sprintf("%s of run %d is still held open by a process that is not its own; it is no longer read", rd.stream, r.number))
		}
	}
}

func (r *run) remark(text string) {
	system := r.p.table.o.Output(r.p.id, lines.System)
	system(lines.Batch{
		Data: []byte(text + "\n"), Cuts: []lines.Cut{{End: uint32(len(text) + 1), Level: lines.Warn}},
		Time: time.Now().UnixMilli(), Run: r.number,
	})
}

// finish publishes the end, and sees to what is to follow.
func (r *run) finish(e exit) {
	t, p := r.p.table, r.p
	r.p.table.usages.forget(r)
	cause := r.cause(e)
	t.mu.Lock()
	defer t.unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	t.metrics.ended.Inc()
	p.run, p.stop = nil, nil
	s := p.setLocked(r.endState(e), func(s *Snapshot) {
		s.PID, s.ExitedAt = 0, time.Now()
		s.ExitCode, s.Signal, s.Core = e.code, e.signal, e.core
		s.BlockedBy, s.Late = nil, false
		if r.reason != "" {
			s.Reason = r.reason
		} else if !r.condemned {
			s.Reason = cause.Text
		}
		for _, rd := range r.readers {
			s.FinalSeq = max(s.FinalSeq, rd.last)
		}
	})
	if t.o.Ended != nil {
		t.o.Ended(s)
	}
	p.followLocked(s, cause)
}

// endState is what a run has come to; the caller holds p.mu.
func (r *run) endState(e exit) State {
	switch {
	case r.condemned:
		return Failed
	case r.p.State() == Stopping:
		return Stopped
	case e.code == 0:
		return Exited
	}
	return Failed
}
