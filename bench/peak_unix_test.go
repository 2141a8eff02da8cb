//go:build unix

package bench

import (
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// peak is the most memory, in bytes, that a process or one of its children had.
func peak(p *os.ProcessState) int64 {
	rss := int64(p.SysUsage().(*syscall.Rusage).Maxrss)
	if runtime.GOOS == "darwin" {
		return rss
	}
	return rss << 10
}

// spent is the processor time that this process has used, others' on a busy machine
// not counted.
func spent(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
