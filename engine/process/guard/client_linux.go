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
)

// Guard is the engine's side of a guard that runs. Create it with [New], read what
// it tells with [Guard.Run], and end it with [Guard.Close].
type Guard struct {
	// Silent, if it is set, is called when an answer is late. The guard has been sent
	// CONT then: somebody may have stopped it.
	Silent func()

	process *os.Process
	events  *os.File
	gone    chan struct{} // closed when the guard has ended, and its children are ours

	asking   sync.Mutex // one request at a time, until it has been answered
	requests wire       // -1 once the guard has ended

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

// patience is how long an answer may take before the guard is told to go on.
const patience = time.Second

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
	process, err := spawn(command, grace, theirRequests, theirEvents)
	if err == nil {
		err = unix.SetNonblock(events, true) // for the poller: whoever reads it only waits
	}
	if err == nil {
		wait := unix.NsecToTimeval(patience.Nanoseconds())
		err = unix.SetsockoptTimeval(requests, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &wait)
	}
	if err != nil {
		unix.Close(requests)
		unix.Close(events)
		return nil, err
	}
	return &Guard{
		process: process, events: os.NewFile(uintptr(events), "guard"), requests: wire(requests),
		gone: make(chan struct{}), leaders: map[int]chan struct{}{},
	}, nil
}

func spawn(command Command, grace time.Duration, requests, events *os.File) (*os.Process, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	args := append(slices.Clone(command.Args), "--grace="+grace.String())
	return os.StartProcess(command.Path, args, &os.ProcAttr{
		Dir: "/", Env: environment(), Files: []*os.File{null, null, os.Stderr, requests, events},
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
	lost()
	g.asking.Lock() // who waits for an answer has been told that there is none
	unix.Close(int(g.requests))
	g.requests = -1
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

// ask sends a request, does something else, and waits for the answer.
func (g *Guard) ask(message []byte, meanwhile func(), fds ...int) (reply, error) {
	g.asking.Lock()
	defer g.asking.Unlock()
	if g.requests < 0 || g.Dead() {
		return reply{}, ErrGone
	}
	err := g.requests.send(message, fds...)
	var r reply
	if err == nil {
		meanwhile()
		r, err = readReply(answers{g})
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil {
		g.dead = true
		unix.Shutdown(int(g.requests), unix.SHUT_RDWR) // nothing more would be understood
		return reply{}, ErrLost
	}
	g.proven = true
	return r, nil
}

// answers is where the guard's answers are read. It waits for as long as the guard
// is there, as a request can't be taken back.
type answers struct{ of *Guard }

// Read implements [io.Reader].
func (a answers) Read(b []byte) (int, error) {
	for told := false; ; {
		n, err := a.of.requests.Read(b)
		if !errors.Is(err, unix.EAGAIN) {
			return n, err
		}
		a.of.process.Signal(unix.SIGCONT)
		if !told && a.of.Silent != nil {
			told = true
			a.of.Silent()
		}
	}
}

// Start starts a process, and calls meanwhile while the guard is at it, unless
// there is none to ask. The error is [ErrGone], [ErrLost], or what the system
// says, as a [syscall.Errno].
func (g *Guard) Start(l *Launch, meanwhile func()) (pid int, err error) {
	message, err := encodeLaunch(l)
	if err != nil {
		return 0, err
	}
	// Fd makes the files blocking, as a process expects of its streams.
	r, err := g.ask(message, meanwhile, int(l.Files[0].Fd()), int(l.Files[1].Fd()), int(l.Files[2].Fd()))
	runtime.KeepAlive(l)
	if err != nil {
		return 0, err
	}
	if r.pid == 0 {
		return 0, syscall.Errno(r.value)
	}
	return r.pid, nil
}

// Ended is closed when a leader has ended. If the guard ends before, it never is.
func (g *Guard) Ended(pid int) <-chan struct{} { return g.leader(pid) }

// Reap gives the number of a leader that has ended back to the system and
// returns how it has ended. The error is [ErrGone] or [ErrLost].
func (g *Guard) Reap(pid int) (syscall.WaitStatus, error) {
	message := appendHead(nil, opReap, 4)
	r, err := g.ask(binary.LittleEndian.AppendUint32(message, uint32(pid)), func() {})
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.leaders, pid)
	return syscall.WaitStatus(r.value), err
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
