package guard

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard/vfork"
)

// Guard is the engine's side of a guard that runs. Create it with [New], read what
// it tells with [Guard.Run], and end it with [Guard.Close].
type Guard struct {
	// Silent, if it is set, is called when an answer is late. The guard has been sent
	// CONT then: somebody may have stopped it.
	Silent func()

	process *os.Process
	events  *os.File
	mute    chan struct{} // closed when the guard tells nothing more
	gone    chan struct{} // closed when the guard has ended, and its children are ours

	// Strays, if it is set, ends what carries a mark of the engine but belongs to no
	// run: a start that was given up has come about after all.
	Strays func()

	asking   sync.Mutex    // one request at a time, until it has been answered or given up
	requests wire          // -1 once the guard has ended
	answer   *vfork.Answer // to the last request
	turn     int32         // of the last request; see [vfork.Answer.Ask]
	silence  *silence      // since a request was given up, until it is answered
	late     sync.WaitGroup

	mu      sync.Mutex
	dead    bool                  // it does nothing more
	proven  bool                  // it has answered once
	leaders map[int]chan struct{} // by pid: closed when it has ended
}

// Why a guard does not do what it was asked to.
var (
	ErrGone = errors.New("the guard process has ended")                     // before it was asked
	ErrLost = errors.New("the guard process has ended in the middle of it") // perhaps it was done
)

// New starts a guard, which gives processes the grace time between TERM and KILL
// when it ends them itself. It is ready for requests at once, while the program is
// still being loaded.
func New(command Command, grace time.Duration) (*Guard, error) {
	requests, theirRequests, err := socketPair()
	if err != nil {
		return nil, err
	}
	defer theirRequests.Close()
	events, theirEvents, err := socketPair()
	if err != nil {
		unix.Close(requests)
		return nil, err
	}
	defer theirEvents.Close()
	answer, theirAnswer, err := newAnswer()
	if err != nil {
		unix.Close(requests)
		unix.Close(events)
		return nil, err
	}
	defer theirAnswer.Close()
	process, err := spawn(command, grace, theirRequests, theirEvents, theirAnswer)
	if err == nil {
		err = unix.SetNonblock(events, true) // for the poller: whoever reads it only waits
	}
	if err == nil {
		err = limitSends(requests)
	}
	if err != nil {
		unix.Close(requests)
		unix.Close(events)
		unmapAnswer(answer)
		return nil, err
	}
	return &Guard{
		process: process, events: os.NewFile(uintptr(events), "guard"), requests: wire(requests), answer: answer,
		mute: make(chan struct{}), gone: make(chan struct{}), leaders: map[int]chan struct{}{},
	}, nil
}

// limitSends bounds the system call that sends a request by all the time there is,
// since one that is sent in part is of no use.
func limitSends(requests int) error {
	send := unix.NsecToTimeval((turns * patience).Nanoseconds())
	return unix.SetsockoptTimeval(requests, unix.SOL_SOCKET, unix.SO_SNDTIMEO, &send)
}

func spawn(command Command, grace time.Duration, requests, events, answer *os.File) (*os.Process, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	args := append(slices.Clone(command.Args), "--grace="+grace.String())
	return os.StartProcess(command.Path, args, &os.ProcAttr{
		Dir: "/", Env: environment(), Files: []*os.File{null, null, os.Stderr, requests, events, answer},
		Sys: &syscall.SysProcAttr{Setsid: true},
	})
}

// environment is the guard's: what concerns the Go runtime, and nothing else.
func environment() (env []string) {
	for _, key := range []string{"GORACE", "GOTRACEBACK", "GOCOVERDIR"} {
		if v, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+v)
		}
	}
	return env
}

func socketPair() (ours int, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, nil, fmt.Errorf("socketpair: %w", err)
	}
	return fds[0], os.NewFile(uintptr(fds[1]), "engine"), nil
}

// Run reads what the guard tells until it has ended; the caller gives it a
// goroutine. It calls lost when the guard does nothing more, before its children
// become ours.
func (g *Guard) Run(lost func()) {
	var b [4]byte
	for {
		if _, err := io.ReadFull(g.events, b[:]); err != nil {
			break
		}
		close(g.leader(int(binary.LittleEndian.Uint32(b[:]))))
	}
	g.events.Close()
	g.mu.Lock()
	g.dead = true
	g.mu.Unlock()
	close(g.mute)
	g.answer.Lose()
	lost()
	g.late.Wait()
	g.asking.Lock() // who waits for an answer has been told that there is none
	unix.Close(int(g.requests))
	g.requests = -1
	unmapAnswer(g.answer)
	g.answer = nil
	g.asking.Unlock()
	// Its children become ours before it can be waited for, not when its ends of
	// the connections close.
	g.process.Wait()
	close(g.gone)
}

// leader is what is closed at a leader's end. Whoever comes first makes it: the
// news of its end may overtake that of its start.
func (g *Guard) leader(pid int) chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.leaders[pid] == nil {
		g.leaders[pid] = make(chan struct{})
	}
	return g.leaders[pid]
}

// request is one that the guard is asked.
type request struct {
	op   int
	body []byte
	fds  []int

	// meanwhile is done while the guard is at it; late is called with an answer that
	// comes after the request was given up. Both may be nil.
	meanwhile func()
	late      func(vfork.Reply)
	quick     bool // the answer is expected at once
}

// ask sends a request and waits for the answer. The error is [ErrGone], [ErrLost] or a
// [SilentError], which says that the request has been given up.
func (g *Guard) ask(r request) (vfork.Reply, error) {
	g.asking.Lock()
	defer g.asking.Unlock()
	if g.requests < 0 || g.Dead() {
		return vfork.Reply{}, ErrGone
	}
	if g.silence != nil {
		return vfork.Reply{}, g.silence.error(g, false)
	}
	g.turn = max(1, g.turn+1) // after the last number comes the first
	g.answer.Ask(g.turn)
	if g.Dead() {
		g.answer.Lose() // Run has done so too early
	}
	err := g.requests.send(encode(r.op, g.turn, r.body), r.fds...)
	if err == nil && r.meanwhile != nil {
		r.meanwhile()
	}
	if err == nil {
		err = g.await(&r)
	}
	if errors.Is(err, errSilent) {
		s := &silence{over: make(chan struct{})}
		g.silence = s
		g.late.Go(func() { g.listen(s, r.late) })
		return vfork.Reply{}, s.error(g, true)
	}
	return g.answer.Reply, g.answered(err)
}

// answered notes whether the guard has answered, and returns what is to be said if
// it has not.
func (g *Guard) answered(err error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil {
		g.dead = true
		unix.Shutdown(int(g.requests), unix.SHUT_RDWR) // nothing more would be understood
		return ErrLost
	}
	g.proven = true
	return nil
}

// Start starts a process, and calls meanwhile while the guard is at it, unless
// there is none to ask. The error is [ErrGone], [ErrLost], a [SilentError],
// or what the system says, as a [syscall.Errno].
func (g *Guard) Start(l *Launch, meanwhile func()) (pid int, err error) {
	body, err := encodeLaunch(l)
	if err != nil {
		return 0, err
	}
	r, err := g.ask(request{
		op: opStart, body: body, meanwhile: meanwhile, late: g.disown, quick: true,
		fds: []int{int(l.Files[0].Fd()), int(l.Files[1].Fd()), int(l.Files[2].Fd())}, // Fd makes them blocking, as a process expects of its streams
	})
	runtime.KeepAlive(l)
	switch {
	case err != nil:
		return 0, err
	case r.Errno != 0:
		return 0, syscall.Errno(r.Errno)
	}
	return int(r.PID), nil
}

// Ended is closed when a leader has ended. If the guard ends before, it never is.
func (g *Guard) Ended(pid int) <-chan struct{} { return g.leader(pid) }

// Reap gives the number of a leader that has ended back to the system and
// returns how it has ended. It waits for a guard that is silent. The error is
// [ErrGone] or [ErrLost].
func (g *Guard) Reap(pid int) (syscall.WaitStatus, error) {
	question := request{op: opReap, body: binary.LittleEndian.AppendUint32(nil, uint32(pid))}
	r, err := g.ask(question)
	for {
		silent, ok := errors.AsType[*SilentError](err)
		if !ok {
			break
		}
		<-silent.of.over
		if r, err = silent.of.answer, silent.of.err; !silent.own {
			r, err = g.ask(question)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.leaders, pid)
	return syscall.WaitStatus(r.Status), err
}

// Dead reports whether the guard does nothing more.
func (g *Guard) Dead() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.dead
}

// Proven reports whether the guard has ever answered: the program can be one.
func (g *Guard) Proven() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.proven
}

// PID is the guard's own.
func (g *Guard) PID() int { return g.process.Pid }

// Gone is closed when the guard has ended and its children have become ours.
func (g *Guard) Gone() <-chan struct{} { return g.gone }

// Close makes the guard end what it still has, and end; [Guard.Gone] says when.
func (g *Guard) Close() {
	g.asking.Lock()
	defer g.asking.Unlock()
	if g.requests >= 0 {
		unix.Shutdown(int(g.requests), unix.SHUT_WR)
	}
}
