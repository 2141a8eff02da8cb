package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// usage returns the peak resident memory and the CPU time of a process.
func usage(t *testing.T, pid int) (rss int64, cpu time.Duration) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &rss); err == nil {
			rss <<= 10
			break
		}
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	var user, system int64 // fields 14 and 15 of proc(5), in ticks of 10 ms
	fmt.Sscan(fields[11], &user)
	fmt.Sscan(fields[12], &system)
	return rss, time.Duration(user+system) * 10 * time.Millisecond
}
