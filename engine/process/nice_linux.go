package process

import "golang.org/x/sys/unix"

// niceOf reads what the system call getpriority gives: 20 minus the niceness.
func niceOf(priority int) int { return 20 - priority }

// lowestNice is what RLIMIT_NICE allows, of which 20 minus the limit is the
// lowest niceness (getrlimit(2)).
func lowestNice() int {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NICE, &limit) != nil || limit.Cur > 40 {
		return -20
	}
	now, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil {
		return 20 - int(limit.Cur)
	}
	return min(niceOf(now), 20-int(limit.Cur))
}
