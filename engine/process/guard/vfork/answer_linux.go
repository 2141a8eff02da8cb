package vfork

import (
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// Answer is how a process that asks another one for something learns what has come of
// it, in memory that both have mapped: one request at a time. Its zero value is one
// that nobody waits for.
type Answer struct {
	turn atomic.Int32 // the request that is not answered yet; 0 once it is, lost if it never will be
	Reply
}

// Reply is what an answer says. It may be read once the answer is there, and until the
// next request.
type Reply struct {
	PID    int32  // of what was started
	Errno  int32  // why nothing was; 0 if it was
	Status uint32 // how a process has ended, as wait4(2) has it
}

// lost is a turn that whoever was asked has not lived to answer.
const lost = -1

// Ask begins a request, whose turn is above 0 and not that of the one before. It is
// called by who asks, before the other process can know of it.
func (a *Answer) Ask(turn int32) {
	a.Reply = Reply{}
	a.turn.Store(turn)
}

// Refuse answers a request for a start with an error.
func (a *Answer) Refuse(turn int32, e syscall.Errno) {
	a.Errno = int32(e)
	a.give(turn)
}

// Ended answers a request for how a process has ended.
func (a *Answer) Ended(turn int32, status syscall.WaitStatus) {
	a.Status = uint32(status)
	a.give(turn)
}

// started answers a request for a start, unless the kernel has done so already: then
// the other side may be one turn further.
func (a *Answer) started(turn int32, pid int, e syscall.Errno) {
	if a.turn.Load() == turn {
		a.PID, a.Errno = int32(pid), int32(e)
		a.give(turn)
	}
}

// give makes the answer known.
func (a *Answer) give(turn int32) {
	if a.turn.CompareAndSwap(turn, 0) {
		a.wake()
	}
}

// Lose ends a request that nobody is there to answer any more.
func (a *Answer) Lose() {
	if turn := a.turn.Load(); turn > 0 && a.turn.CompareAndSwap(turn, lost) {
		a.wake()
	}
}

// Lost reports whether the request will not be answered.
func (a *Answer) Lost() bool { return a.turn.Load() == lost }

// Watch waits as [Answer.Wait] does, but awake, so that there is no delay between the
// answer and its being known: to be woken takes a third of the time that a start
// takes. It lets whatever else wants the processor have it. If there is but one, it
// waits for nothing.
func (a *Answer) Watch(d time.Duration) bool {
	if !several {
		return a.turn.Load() <= 0
	}
	for end := time.Now().Add(d); a.turn.Load() > 0; {
		if time.Now().After(end) {
			return false
		}
		syscall.RawSyscall(syscall.SYS_SCHED_YIELD, 0, 0, 0)
	}
	return true
}

var several = runtime.NumCPU() > 1

// The operations of futex(2), on memory that several processes have.
const (
	futexWait = 0
	futexWake = 1
)

// Wait waits for the answer, for at most d. It reports whether it is there, or will
// never be.
func (a *Answer) Wait(d time.Duration) bool {
	for end := time.Now().Add(d); ; {
		turn := a.turn.Load()
		if turn <= 0 {
			return true
		}
		left := time.Until(end)
		if left <= 0 {
			return false
		}
		ts := syscall.NsecToTimespec(left.Nanoseconds())
		syscall.Syscall6(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(&a.turn)), futexWait, uintptr(turn), uintptr(unsafe.Pointer(&ts)), 0, 0)
	}
}

func (a *Answer) wake() {
	syscall.Syscall6(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(&a.turn)), futexWake, 1, 0, 0, 0)
}
