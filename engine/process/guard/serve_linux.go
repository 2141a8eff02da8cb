package guard

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/procfs"
	"github.com/brummer-rpc/brummer-rpc/engine/process/guard/vfork"
)

// Where the guard finds its ends of the connections.
const (
	requestFD = 3 // requests
	eventFD   = 4 // the pids of leaders that have ended
	answerFD  = 5 // the memory for an answer
)

// server is the guard's side.
type server struct {
	requests wire
	events   wire
	answer   *vfork.Answer

	mu      sync.Mutex   // of leaders, forking and collecting
	leaders map[int]bool // by pid: whether its end has been told
}

// Serve is the guard: it serves the engine at the other end of its descriptors
// until that is gone, or ctx ends, and then ends everything that has been
// started, with KILL after the grace time. It returns when that is done, or when
// what is left can't be ended, which log tells by pid and command.
func Serve(ctx context.Context, grace time.Duration, log io.Writer) error {
	if err := prepare(); err != nil {
		return err
	}
	answer, err := mapAnswer(answerFD)
	if err != nil {
		return err
	}
	unix.Close(answerFD)
	s := &server{requests: requestFD, events: eventFD, answer: answer, leaders: map[int]bool{}}
	children := make(chan os.Signal, 1) // full means that a look is due already
	signal.Notify(children, unix.SIGCHLD)
	var reaper sync.WaitGroup
	reaper.Go(func() {
		for range children {
			s.collect()
		}
	})
	stop := context.AfterFunc(ctx, func() { unix.Shutdown(requestFD, unix.SHUT_RD) })
	err = s.serveAll()
	stop()
	signal.Stop(children)
	close(children)
	reaper.Wait()
	unix.Close(requestFD) // the engine learns at once that nothing more will be done
	unix.Close(eventFD)
	sweep(grace, log)
	if errors.Is(err, io.EOF) || errors.Is(err, unix.ECONNRESET) || errors.Is(err, unix.EPIPE) {
		return nil
	}
	return err
}

// prepare makes this process a guard.
func prepare() error {
	for _, fd := range []int{requestFD, eventFD} {
		if kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN); err != nil || kind != unix.AF_UNIX {
			return errors.New("a guard is started by an engine, with sockets as descriptors 3 and 4")
		}
	}
	// What the engine itself has inherited is not for the processes.
	unix.CloseRange(requestFD, ^uint(0), unix.CLOSE_RANGE_CLOEXEC)
	// Under this name it is found by ps, and not by `pkill brummer-rpc`.
	os.WriteFile("/proc/self/comm", []byte("brummer-guard"), 0)
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("prctl: %w", err)
	}
	return nil
}

// serveAll serves until the engine is gone.
func (s *server) serveAll() error {
	room := make([]byte, 64<<10)
	for {
		m, err := s.requests.receive(room)
		if err == nil {
			err = s.serve(m)
		}
		for _, fd := range m.fds {
			unix.Close(fd)
		}
		if err != nil {
			return err
		}
	}
}

func (s *server) serve(m message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch m.op {
	case opStart:
		command, err := decodeLaunch(m.body)
		if err != nil {
			return err
		}
		if len(m.fds) != len(command.Files) {
			s.answer.Refuse(m.turn, unix.EMFILE) // the kernel has left some out
			return nil
		}
		command.Files, command.Answer, command.Turn = [3]int(m.fds), s.answer, m.turn
		if pid, err := vfork.Start(command); err == nil {
			s.leaders[pid] = false
		}
		return nil
	case opReap:
		if len(m.body) != 4 {
			return errMessage
		}
		pid := int(binary.LittleEndian.Uint32(m.body))
		status, _ := Reap(pid)
		delete(s.leaders, pid)
		s.collectOrphans() // whoever hears of the end finds nothing left
		s.answer.Ended(m.turn, status)
		return nil
	}
	return fmt.Errorf("%w: operation %d", errMessage, m.op)
}

// collect tells of the leaders that have ended, and collects the orphans that
// have: children that the guard has adopted.
func (s *server) collect() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for pid, told := range s.leaders {
		if !told && Ended(pid) {
			s.leaders[pid] = true
			s.events.send(binary.LittleEndian.AppendUint32(nil, uint32(pid)))
		}
	}
	s.collectOrphans()
}

func (s *server) collectOrphans() {
	if noneEnded() {
		return
	}
	self := os.Getpid()
	for again := true; again; { // a child that is collected may have hidden another
		again = false
		for _, pid := range procfs.Children(nil, self) {
			if _, leader := s.leaders[pid]; !leader && collected(pid) {
				again = true
			}
		}
	}
}

// noneEnded reports whether no child has ended that is not collected.
func noneEnded() bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_ALL, 0, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
	return errors.Is(err, unix.ECHILD) || err == nil && info.Signo == 0
}

// Ended reports whether a child has ended, and leaves it as it is.
func Ended(pid int) bool {
	var info unix.Siginfo
	for {
		err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			return err == nil && info.Signo != 0
		}
	}
}

// Reap waits for a child to end and gives its number back to the system.
func Reap(pid int) (syscall.WaitStatus, error) {
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(pid, &status, 0, nil)
		if !errors.Is(err, unix.EINTR) {
			return status, err
		}
	}
}

// collected collects a child if it has ended.
func collected(pid int) bool {
	got, err := syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
	return err == nil && got == pid
}

// How long after KILL the guard waits for what does not end, and how often it
// looks in the meantime.
const (
	killPatience = 10 * time.Second
	sweepPause   = 5 * time.Millisecond
)

// sweep ends every descendant: TERM, and KILL after the grace time.
func sweep(grace time.Duration, log io.Writer) {
	asked := map[int]uint64{} // by pid, with its start: who has been sent TERM
	begun := time.Now()
	for ; !childless(); time.Sleep(sweepPause) {
		kill := time.Since(begun) > grace
		left := Descendants(os.Getpid())
		for _, s := range left {
			switch {
			case s.Dead():
			case kill:
				procfs.Signal(s.PID, s.Start, unix.SIGKILL)
			case asked[s.PID] != s.Start:
				asked[s.PID] = s.Start
				procfs.Signal(s.PID, s.Start, unix.SIGTERM)
				procfs.Signal(s.PID, s.Start, unix.SIGCONT) // one that is stopped can't end
			}
		}
		if time.Since(begun) > grace+killPatience {
			for _, s := range slices.DeleteFunc(left, func(s procfs.Stat) bool { return s.Dead() }) {
				fmt.Fprintf(log, "brummer-rpc: the guard can't end pid %d (%s), which is in state %c\n", s.PID, procfs.Command(s.PID), s.State)
			}
			return
		}
	}
}

// childless collects every child that has ended and reports whether none is
// left. A subreaper without children has no descendants either.
func childless() bool {
	for {
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return true // ECHILD
		case pid == 0:
			return false
		}
	}
}

// Descendants lists the processes below root at this moment. One whose parent
// ends during the look may be missing.
func Descendants(root int) []procfs.Stat {
	var out []procfs.Stat
	for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
		for _, pid := range procfs.Children(nil, queue[0]) {
			if s, err := procfs.ReadStat(pid); err == nil {
				out = append(out, s)
				queue = append(queue, pid)
			}
		}
	}
	return out
}
