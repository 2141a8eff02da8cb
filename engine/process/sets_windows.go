package process

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

// sets makes jobs: what a process starts is in its job, whatever it does.
type sets struct{ epoch string }

func newSets(epoch string, _ func() []int) *sets { return &sets{epoch} }

const markerKey = "BRUMMER_RPC_RUN"

func (t *sets) marker(id string, run uint32) string { return fmt.Sprintf("%s:%s:%d", t.epoch, id, run) }

func (t *sets) endStrays() {}

// set is a run's job. It is ended with its last handle, so with the engine. What
// the leader starts before it is put into the job is not in it; that is the time
// of one system call.
type set struct {
	leader int
	job    windows.Handle // 0 if the system would not make one
}

func (t *sets) add(string) *set { return &set{} }

// lead puts the leader into the job.
func (s *set) lead(leader int) {
	s.leader = leader
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return
	}
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{}
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(leader))
	if err == nil {
		err = windows.AssignProcessToJobObject(job, process)
		windows.CloseHandle(process)
	}
	if err != nil {
		windows.CloseHandle(job)
		return
	}
	s.job = job
}

func (s *set) close() {
	if s.job != 0 {
		windows.CloseHandle(s.job)
	}
}

// signal asks with CTRL_BREAK, which reaches the leader's console group, or ends
// the job.
func (s *set) signal(sig Signal) {
	switch {
	case sig != sigKill:
		windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(s.leader))
	case s.job != 0:
		windows.TerminateJobObject(s.job, 1)
	default:
		if p, err := windows.OpenProcess(windows.PROCESS_TERMINATE, false, uint32(s.leader)); err == nil {
			windows.TerminateProcess(p, 1)
			windows.CloseHandle(p)
		}
	}
}

func (s *set) end(sig Signal) { s.signal(sig) }

// accounting is JOBOBJECT_BASIC_ACCOUNTING_INFORMATION.
type accounting struct {
	times           [4]int64
	pageFaults      uint32
	totalProcesses  uint32
	activeProcesses uint32
	terminated      uint32
}

// empty reports whether no process of the job is left, once the leader has ended.
func (s *set) empty() bool {
	if s.job == 0 {
		return true
	}
	var a accounting
	err := windows.QueryInformationJobObject(s.job, windows.JobObjectBasicAccountingInformation, uintptr(unsafe.Pointer(&a)), uint32(unsafe.Sizeof(a)), nil)
	return err != nil || a.activeProcesses == 0
}

func (s *set) names() []string {
	if s.empty() {
		return nil
	}
	return []string{fmt.Sprintf("processes in the job of pid %d", s.leader)}
}
