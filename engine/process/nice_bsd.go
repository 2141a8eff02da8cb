//go:build unix && !linux

package process

import "golang.org/x/sys/unix"

func niceOf(priority int) int { return priority }

// lowestNice is the present one: nobody but root may lower it.
func lowestNice() int {
	now, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil {
		return 0
	}
	return now
}
