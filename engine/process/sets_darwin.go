package process

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// zombie is SZOMB in sys/proc.h.
const zombie = 5

// candidates lists the user's processes, parents before their children. Orphans
// are init's here, so their descent tells nothing: their group does, and that
// they have belonged to a run at an earlier look.
func candidates([]int) []proc {
	all, err := unix.SysctlKinfoProcSlice("kern.proc.uid", os.Getuid())
	if err != nil {
		return nil
	}
	below := map[int][]proc{}
	known := map[int]bool{}
	for i := range all {
		p := procOf(&all[i])
		below[p.parent] = append(below[p.parent], p)
		known[p.pid] = true
	}
	var out []proc
	for i := range all { // in the kernel's order: two looks are compared
		if p := procOf(&all[i]); !known[p.parent] {
			out = append(out, p)
		}
	}
	for i := 0; i < len(out); i++ {
		out = append(out, below[out[i].pid]...)
	}
	return out
}

func procOf(k *unix.KinfoProc) proc {
	state := byte('S')
	if k.Proc.P_stat == zombie {
		state = 'Z'
	}
	start := uint64(k.Proc.P_starttime.Sec)*1_000_000 + uint64(k.Proc.P_starttime.Usec)
	return proc{
		identity: identity{int(k.Proc.P_pid), start},
		parent:   int(k.Eproc.Ppid), group: int(k.Eproc.Pgid), state: state,
	}
}

// markerOf tells nothing: this system shows no other process's environment.
func markerOf(int) string { return "" }

// signalProc compares the start first: a number may have been given away.
func signalProc(p proc, s Signal) {
	k, err := unix.SysctlKinfoProc("kern.proc.pid", p.pid)
	if err == nil && procOf(k).identity == p.identity {
		syscall.Kill(p.pid, s)
	}
}

// collect does nothing: orphans are init's.
func collect(proc) {}

func commandOf(pid int) string {
	k, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return "?"
	}
	return unix.ByteSliceToString(k.Proc.P_comm[:])
}
