package process

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// run is one life of a process. Its goroutines belong to the table's WaitGroup:
//
//	supervise --- waits for the leader, then for the rest of the group,
//	  |           escalates, waits for the readers, publishes the end
//	  +- wait     the leader's exit status
//	  +- read     stdout \ until end of file; each batch goes to the log
//	  +- read     stderr /
//	  +- write    stdin, once somebody sends input
type run struct {
	p       *Process
	number  uint32
	leader  *os.Process
	group   group
	readers []*reader
	input   *input
	system  func(lines.Batch) uint64 // the stream for remarks on a stream

	reading sync.WaitGroup   // the readers
	exited  chan *exit       // receives the leader's status
	stops   chan StopOptions // requests, newest last; never blocks: see stop
	gone    bool             // the group is empty: nothing may be signalled; guarded by p.mu
	attendant
}

// exit is how a leader ended.
type exit struct {
	code   int
	signal string
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
		spawn := &SpawnError{p.id, err.Error()}
		p.setLocked(Failed, func(s *Snapshot) { s.Reason, s.ExitedAt = spawn.Reason, time.Now() })
		return spawn
	}
	p.table.metrics.started.Inc()
	p.run = r
	s := p.setLocked(Running, func(s *Snapshot) {
		s.PID, s.StartedAt = r.leader.Pid, time.Now()
		s.Ready, s.Healthy = p.spec.Ready == nil, p.spec.Ready == nil && p.spec.Live == nil
	})
	if p.table.o.Started != nil {
		p.table.o.Started(s)
	}
	r.begin()
	r.attend()
	return nil
}

func (p *Process) startRun() (*run, error) {
	if err := checkDir(p.spec.Dir); err != nil {
		return nil, err
	}
	argv, err := p.spec.argv()
	if err != nil {
		return nil, err
	}
	pipes, err := openPipes()
	if err != nil {
		return nil, err
	}
	leader, err := os.StartProcess(argv[0], argv, &os.ProcAttr{
		Dir: p.spec.Dir, Env: p.spec.Env, Files: pipes.child[:], Sys: newGroup(),
	})
	pipes.closeChild()
	if err != nil {
		pipes.closeParent()
		return nil, spawnReason(err)
	}
	att := newAttendant(p)
	r := &run{
		attendant: att, p: p, number: p.Snapshot().Run, leader: leader, group: groupOf(leader),
		exited: make(chan *exit, 1), stops: make(chan StopOptions, 1),
		input: newInput(pipes.stdin), system: p.table.o.Output(p.id, lines.System),
	}
	for i, f := range pipes.out {
		r.readers = append(r.readers, &reader{
			file: f, stream: lines.Stream(i), run: r.number, cutter: lines.Cutter{Max: p.table.o.MaxLine},
			write: att.tap(p.table.o.Output(p.id, lines.Stream(i))),
		})
	}
	return r, nil
}

// spawnReason cuts the "fork/exec PATH:" that repeats the command.
func spawnReason(err error) error {
	if pe, ok := err.(*os.PathError); ok {
		return fmt.Errorf("%s: %w", pe.Path, pe.Err)
	}
	return err
}

func (r *run) begin() {
	wg := &r.p.table.wg
	for _, rd := range r.readers {
		r.reading.Add(1)
		wg.Go(func() {
			defer r.reading.Done()
			rd.read()
		})
	}
	wg.Go(r.wait)
	wg.Go(r.supervise)
}

func (r *run) wait() {
	state, err := r.leader.Wait()
	e := &exit{code: -1}
	if err != nil {
		r.p.table.o.Logf("waiting for %s (pid %d): %v", r.p.id, r.leader.Pid, err)
	} else {
		e.code, e.signal = exitStatus(state)
	}
	r.exited <- e
}

// stop passes a request on to the supervisor. The caller holds p.mu, so there
// is one sender at a time and the last send can't block.
func (r *run) stop(o StopOptions) {
	select {
	case waiting := <-r.stops:
		o.Grace = min(o.Grace, waiting.Grace)
	default:
	}
	r.stops <- o
}

// How long the rest of a group may take to end by itself once its leader has,
// and how long output may stay open once the group is gone.
const (
	groupPatience  = 250 * time.Millisecond
	outputPatience = 500 * time.Millisecond
)

// supervise sees the run through: leader, group, output, in that order.
func (r *run) supervise() {
	esc := escalation{run: r}
	defer esc.stop()
	e := r.awaitLeader(&esc)
	r.awaitGroup(&esc)
	r.input.close()
	r.awaitOutput()
	r.finish(e)
}

func (r *run) awaitLeader(esc *escalation) *exit {
	for {
		select {
		case e := <-r.exited:
			return e
		case o := <-r.stops:
			esc.request(o)
		case <-esc.due():
			esc.kill()
		}
	}
}

// awaitGroup returns when no process of the group is left. What outlives the
// leader is asked to end, then made to.
func (r *run) awaitGroup(esc *escalation) {
	byItself := !esc.requested
	patience := time.Now().Add(groupPatience)
	for pause := time.Millisecond; !r.markGone(); pause = min(2*pause, 20*time.Millisecond) {
		if byItself && time.Now().After(patience) {
			byItself = false
			r.p.table.o.Logf("%s has ended, but left processes in its group %s: ending them", r.p.id, r.group)
			r.signal(sigTerm)
			esc.deadline(r.p.table.o.Grace)
		}
		timer := time.NewTimer(pause)
		select {
		case o := <-r.stops:
			byItself = false
			esc.request(o)
		case <-esc.due():
			esc.kill()
		case <-timer.C:
		}
		timer.Stop()
	}
}

// markGone reports whether the group is empty, and forbids signals once it is:
// its number may then be given to strangers.
func (r *run) markGone() bool {
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	r.gone = r.group.empty()
	return r.gone
}

func (r *run) signal(s Signal) {
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	if !r.gone {
		r.group.signal(s)
	}
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
		if rd.abandon() {
			r.remark(fmt.Sprintf("%s of run %d is still held open by a process that has left the group; it is no longer read", rd.stream, r.number))
		}
	}
	<-done
}

func (r *run) remark(text string) {
	r.system(lines.Batch{
		Data: []byte(text + "\n"), Cuts: []lines.Cut{{End: uint32(len(text) + 1), Level: lines.Warn}},
		Time: time.Now().UnixMilli(), Run: r.number,
	})
}

// finish publishes the end, and sees to what is to follow.
func (r *run) finish(e *exit) {
	t, p := r.p.table, r.p
	r.leave()
	cause := r.cause(e)
	t.mu.Lock()
	defer t.unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	t.metrics.ended.Inc()
	p.run, p.stop = nil, nil
	s := p.setLocked(r.endState(e), func(s *Snapshot) {
		s.PID, s.ExitedAt = 0, time.Now()
		s.ExitCode, s.Signal = e.code, e.signal
		s.BlockedBy, s.Late = nil, false
		if !r.condemned {
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
func (r *run) endState(e *exit) State {
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

// escalation is the way from asking to killing.
type escalation struct {
	run       *run
	requested bool // somebody asked, or else the engine cleans up
	at        time.Time
	timer     *time.Timer
}

func (e *escalation) request(o StopOptions) {
	e.requested = true
	e.deadline(o.Grace)
}

// deadline sets when to kill, unless that is due sooner already.
func (e *escalation) deadline(grace time.Duration) {
	at := time.Now().Add(max(0, grace))
	if e.timer != nil && e.at.Before(at) {
		return
	}
	e.stop()
	e.at, e.timer = at, time.NewTimer(time.Until(at))
}

func (e *escalation) due() <-chan time.Time {
	if e.timer == nil {
		return nil
	}
	return e.timer.C
}

func (e *escalation) kill() {
	e.run.p.table.metrics.killed.Inc()
	e.run.signal(sigKill)
}

func (e *escalation) stop() {
	if e.timer != nil {
		e.timer.Stop()
	}
}

// exitStatus translates what the system says of an ended leader.
func exitStatus(state *os.ProcessState) (code int, signal string) {
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return -1, signalName(ws.Signal())
	}
	return state.ExitCode(), ""
}
