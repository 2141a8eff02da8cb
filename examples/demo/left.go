package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
)

// left returns the processes that are still there of those the engine started.
// Each was the leader of a process group; on Linux /proc tells who else is in
// these groups. A zombie is not there any more: only nobody has looked at it.
func left(leaders []int) []int {
	if runtime.GOOS != "linux" {
		return slices.DeleteFunc(slices.Clone(leaders), func(pid int) bool { return !alive(pid) })
	}
	var pids []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended meanwhile
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if state, group := stat(text); state != "Z" && slices.Contains(leaders, group) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// stat reads the state and the process group of proc_pid_stat(5). The name of
// the program, in parentheses, may contain anything.
func stat(text []byte) (state string, group int) {
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 3 {
		return "", 0
	}
	group, _ = strconv.Atoi(string(fields[2]))
	return string(fields[0]), group
}

// alive is kill(pid, 0): is there such a process?
func alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil || runtime.GOOS == "windows" {
		return err == nil
	}
	return p.Signal(syscall.Signal(0)) == nil
}

// killMarked ends the processes that have inherited mark, and so belong to this
// demo beyond doubt. It needs /proc; elsewhere it does nothing.
func killMarked(mark string) {
	environs, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, name := range environs {
		text, _ := os.ReadFile(name)
		if !slices.ContainsFunc(bytes.Split(text, []byte{0}), func(v []byte) bool { return string(v) == mark }) {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if p, err := os.FindProcess(pid); err == nil {
			p.Kill()
		}
	}
}
