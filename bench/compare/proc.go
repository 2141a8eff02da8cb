//go:build linux

package compare

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// stat is what proc(5) has of a process; the zero value if there is none.
type stat struct {
	name, state string
	parent      int
	cpu         time.Duration // its own, and that of the children it has waited for
}

// tick is the unit of processor times in /proc: USER_HZ is 100 on all Linux.
const tick = 10 * time.Millisecond

func statOf(pid int) (s stat) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	open, end := strings.IndexByte(string(text), '('), strings.LastIndexByte(string(text), ')')
	if open < 0 || end < open {
		return stat{}
	}
	s.name = string(text[open+1 : end])
	fields := strings.Fields(string(text[end+1:]))
	if len(fields) < 15 {
		return stat{}
	}
	s.state = fields[0]
	fmt.Sscan(fields[1], &s.parent)
	for _, f := range fields[11:15] { // utime, stime, cutime, cstime
		var ticks time.Duration
		fmt.Sscan(f, &ticks)
		s.cpu += ticks * tick
	}
	return s
}

// living are those that have not ended.
func living(pids []int) (out []int) {
	for _, pid := range pids {
		if s := statOf(pid); s.state != "" && s.state != "Z" {
			out = append(out, pid)
		}
	}
	return out
}

// peak is the most memory that a process has had, in bytes.
func peak(pid int) int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, found := strings.Cut(string(text), "VmHWM:")
	var kib int64
	if found {
		fmt.Sscan(rest, &kib)
	}
	return kib << 10
}
