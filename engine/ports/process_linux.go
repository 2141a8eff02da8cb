package ports

import (
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/procfs"
)

// ownersOf finds for each socket one of the processes that has it open, by inode.
// It looks no further once every socket has one.
func ownersOf(sockets []Socket, pids []int) map[uint64]int {
	owner := make(map[uint64]int, len(sockets))
	for _, s := range sockets {
		owner[s.Inode] = 0
	}
	left := len(owner)
	for _, pid := range pids {
		for _, inode := range socketsOf(pid) {
			if had, wanted := owner[inode]; wanted && had == 0 {
				owner[inode] = pid
				if left--; left == 0 {
					return owner
				}
			}
		}
	}
	return owner
}

// socketsOf lists the inodes of a process's sockets; none if it may not be
// looked at, or is gone.
func socketsOf(pid int) []uint64 {
	dir, err := os.Open("/proc/" + strconv.Itoa(pid) + "/fd")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	var out []uint64
	for _, name := range names {
		to, err := os.Readlink(dir.Name() + "/" + name)
		if err != nil {
			continue
		}
		text, isSocket := strings.CutPrefix(to, "socket:[")
		if inode, err := strconv.ParseUint(strings.TrimSuffix(text, "]"), 10, 64); isSocket && err == nil {
			out = append(out, inode)
		}
	}
	return out
}

// Tree returns root and all its descendants, parents first. What is born while it
// looks may be missing. An orphan is its new parent's.
func Tree(root int) []int {
	tree := []int{root}
	for i := 0; i < len(tree); i++ {
		for _, pid := range procfs.Children(nil, tree[i]) {
			if !slices.Contains(tree, pid) { // a number given anew could close a circle
				tree = append(tree, pid)
			}
		}
	}
	return tree
}

func allPIDs() []int {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	pids := make([]int, 0, len(names))
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids
}

// maxCommand bounds what is shown of a command line, in bytes.
const maxCommand = 120

// Command is the command line of a process for people: its words with spaces
// between them, shortened; "" if it is gone.
func Command(pid int) string {
	if _, err := procfs.ReadStat(pid); err != nil {
		return ""
	}
	return readable(procfs.Command(pid))
}
