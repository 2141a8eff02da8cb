// Package guardtest holds a guard as a debugger does, for tests only.
package guardtest

import (
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// Hold stops a process, so that CONT does not make it go on, until release is
// called, at the end of the test at the latest: by the test's goroutine, since only
// the thread that holds can let go.
func Hold(t *testing.T, pid int) (release func()) {
	t.Helper()
	runtime.LockOSThread()
	threads, err := attach(pid)
	release = sync.OnceFunc(func() {
		for _, tid := range threads {
			unix.PtraceDetach(tid)
		}
		runtime.UnlockOSThread()
	})
	t.Cleanup(release)
	if err != nil {
		t.Fatalf("can't hold %d: %v", pid, err)
	}
	return release
}

// attach stops all threads of a process, also those that are made in the meantime.
func attach(pid int) (threads []int, err error) {
	seen := map[int]bool{}
	for more := true; more; {
		more = false
		entries, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
		if err != nil {
			return threads, err
		}
		for _, e := range entries {
			tid, _ := strconv.Atoi(e.Name())
			if seen[tid] {
				continue
			}
			if err := stop(tid); err != nil {
				return threads, err
			}
			seen[tid], more = true, true
			threads = append(threads, tid)
		}
	}
	return threads, nil
}

func stop(tid int) error {
	if err := unix.PtraceAttach(tid); err != nil {
		return err
	}
	for {
		if _, err := unix.Wait4(tid, nil, unix.WALL, nil); err != unix.EINTR {
			return err
		}
	}
}
