package process

import (
	"os"
	"slices"
	"syscall"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/procfs"
)

// candidates lists the descendants of roots, parents before their children. The
// roots themselves are none.
func candidates(roots []int) []proc {
	var out []proc
	seen := map[int]bool{}
	for _, pid := range roots {
		seen[pid] = true
	}
	var children []int
	for queue := slices.Clone(roots); len(queue) > 0; queue = queue[1:] {
		children = procfs.Children(children[:0], queue[0])
		for _, pid := range children {
			s, err := procfs.ReadStat(pid)
			if err != nil || seen[pid] {
				continue
			}
			seen[pid] = true
			out = append(out, proc{
				identity: identity{pid, s.Start}, parent: s.Parent, group: s.Group, state: s.State,
				orphan: slices.Contains(roots, s.Parent) && s.Parent != os.Getpid(),
			})
			queue = append(queue, pid)
		}
	}
	return out
}

func markerOf(pid int) string {
	marker, _ := procfs.Env(pid, markerKey)
	return marker
}

func signalProc(p proc, s Signal) { procfs.Signal(p.pid, p.start, s) }

// collect collects a member that has ended, if this process is its parent.
func collect(p proc) {
	if p.parent == os.Getpid() {
		syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
	}
}

func commandOf(pid int) string { return procfs.Command(pid) }
