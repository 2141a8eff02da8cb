//go:build unix

package bench

import (
	"os"
	"runtime"
	"syscall"
)

// peak is the most memory, in bytes, that a process or one of its children had.
func peak(p *os.ProcessState) int64 {
	rss := int64(p.SysUsage().(*syscall.Rusage).Maxrss)
	if runtime.GOOS == "darwin" {
		return rss
	}
	return rss << 10
}
