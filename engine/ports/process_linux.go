package ports

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"
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
	if tree, ok := treeByChildren(root); ok {
		return tree
	}
	return treeByParents(root, allPIDs())
}

// treeByChildren walks down: cheap, but a kernel may be built without
// /proc/PID/task/TID/children (CONFIG_PROC_CHILDREN).
func treeByChildren(root int) (tree []int, ok bool) {
	tree = []int{root}
	for i := 0; i < len(tree); i++ {
		tasks := "/proc/" + strconv.Itoa(tree[i]) + "/task"
		threads, err := os.ReadDir(tasks)
		if err != nil {
			continue
		}
		for _, thread := range threads {
			text, err := os.ReadFile(tasks + "/" + thread.Name() + "/children")
			if err != nil && i == 0 {
				return nil, false
			}
			for _, word := range bytes.Fields(text) {
				if pid, err := strconv.Atoi(string(word)); err == nil && !slices.Contains(tree, pid) {
					tree = append(tree, pid)
				}
			}
		}
	}
	return tree, true
}

// treeByParents asks each process for its parent.
func treeByParents(root int, pids []int) []int {
	children := map[int][]int{}
	for _, pid := range pids {
		if parent := parentOf(pid); parent != 0 {
			children[parent] = append(children[parent], pid)
		}
	}
	tree := []int{root}
	for i := 0; i < len(tree); i++ {
		next := children[tree[i]]
		delete(children, tree[i]) // a number given anew while we looked could close a circle
		tree = append(tree, next...)
	}
	return tree
}

// parentOf reads the fourth field of /proc/PID/stat; the second is the program's
// name in brackets, which may itself have spaces and brackets. 0 if it is gone.
func parentOf(pid int) int {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(string(fields[1]))
	return parent
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
// between them, shortened. A process without one (a kernel thread) has its name;
// "" if it is gone.
func Command(pid int) string {
	base := "/proc/" + strconv.Itoa(pid)
	text, err := os.ReadFile(base + "/cmdline")
	if err != nil {
		return ""
	}
	text = bytes.TrimRight(text, "\x00")
	if len(text) == 0 {
		text, _ = os.ReadFile(base + "/comm")
	}
	return readable(string(bytes.TrimSpace(bytes.ReplaceAll(text, []byte{0}, []byte(" ")))))
}
