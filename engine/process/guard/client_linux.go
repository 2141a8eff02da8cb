package guard

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Guard is the engine's side of a guard that runs. Create it with [New] and end
// it with [Guard.Close].
type Guard struct {
	conn    *net.UnixConn
	process *os.Process
	gone    chan struct{} // closed when the guard has ended, and its children are ours

	sending sync.Mutex // one message at a time, and waiting in their order

	mu      sync.Mutex
	dead    bool                  // nothing more is answered
	proven  bool                  // it has answered once
	waiting []chan reply          // for the answers to requests, in their order
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
	ours, theirs, err := socketPair()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		ours.Close()
		return nil, err
	}
	defer null.Close()
	args := append(slices.Clone(command.Args), "--grace="+grace.String())
	process, err := os.StartProcess(command.Path, args, &os.ProcAttr{
		Dir: "/", Env: environment(), Files: []*os.File{null, null, os.Stderr, theirs},
		Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		ours.Close()
		return nil, err
	}
	g := &Guard{conn: ours, process: process, gone: make(chan struct{}), leaders: map[int]chan struct{}{}}
	return g, nil
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

func socketPair() (ours *net.UnixConn, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("socketpair: %w", err)
	}
	file := os.NewFile(uintptr(fds[0]), "guard")
	defer file.Close()
	theirs = os.NewFile(uintptr(fds[1]), "engine")
	conn, err := net.FileConn(file)
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return conn.(*net.UnixConn), theirs, nil
}

// Run reads what the guard says until it has ended; the caller gives it a
// goroutine. It calls lost when the guard says nothing more, before its children
// become ours.
func (g *Guard) Run(lost func()) {
	for {
		r, err := readReply(g.conn)
		if err != nil {
			break
		}
		g.take(r)
	}
	g.mu.Lock()
	g.dead = true
	g.conn.Close()
	for _, w := range g.waiting {
		close(w)
	}
	g.waiting = nil
	g.mu.Unlock()
	lost()
	// Its children become ours before it can be waited for, not when its end of
	// the connection closes.
	g.process.Wait()
	close(g.gone)
}

func (g *Guard) take(r reply) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if r.op == opExited {
		if ended, ok := g.leaders[int(r.pid)]; ok {
			close(ended)
		}
		return
	}
	if r.op == opStarted && r.pid != 0 {
		g.leaders[int(r.pid)] = make(chan struct{})
	}
	g.proven = true
	if len(g.waiting) > 0 {
		g.waiting[0] <- r // has room
		g.waiting = g.waiting[1:]
	}
}

// ask sends a request and waits for its answer.
func (g *Guard) ask(message []byte, files []*os.File) (reply, error) {
	answer, err := g.send(message, files)
	if err != nil {
		return reply{}, err
	}
	if r, ok := <-answer; ok {
		return r, nil
	}
	return reply{}, ErrLost
}

func (g *Guard) send(message []byte, files []*os.File) (answer chan reply, err error) {
	g.sending.Lock()
	defer g.sending.Unlock()
	answer = make(chan reply, 1)
	if !g.await(answer) {
		return nil, ErrGone
	}
	// Not under mu: the guard may have to be read from before it reads on.
	if err := send(g.conn, message, files); err != nil {
		g.conn.Close() // whatever came of it, the next message would not be understood
	}
	return answer, nil
}

func (g *Guard) await(answer chan reply) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.dead {
		g.waiting = append(g.waiting, answer)
	}
	return !g.dead
}

// Start starts a process. The error is [ErrGone], [ErrLost], or what the system
// says, as a [syscall.Errno].
func (g *Guard) Start(l *Launch) (pid int, err error) {
	message, err := encodeLaunch(l)
	if err != nil {
		return 0, err
	}
	r, err := g.ask(message, l.Files[:])
	if err != nil {
		return 0, err
	}
	if r.pid == 0 {
		return 0, syscall.Errno(r.value)
	}
	return int(r.pid), nil
}

// Ended is closed when a leader has ended. If the guard ends before, it never is.
func (g *Guard) Ended(pid int) <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.leaders[pid]
}

// Reap gives the number of a leader that has ended back to the system and
// returns how it has ended. The error is [ErrGone] or [ErrLost].
func (g *Guard) Reap(pid int) (syscall.WaitStatus, error) {
	message := appendHead(nil, opReap, 4)
	r, err := g.ask(binary.LittleEndian.AppendUint32(message, uint32(pid)), nil)
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
func (g *Guard) Close() { g.conn.CloseWrite() }
