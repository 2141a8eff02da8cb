package process

import (
	"os"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/procfs"
)

// tick is the unit of processor time in /proc: USER_HZ is 100 on every system
// that Go runs on (proc(5), sysconf(3)).
const tick = 10 * time.Millisecond

// measure fills in what the living members use.
func (s *set) measure(into *sample) bool {
	for _, p := range s.living() {
		stat, err := procfs.ReadStat(p.pid)
		if err != nil || stat.Start != p.start {
			continue
		}
		into.busy[task(p.identity)] = time.Duration(stat.User+stat.System) * tick
		into.usage.RSS += int64(stat.RSS) * int64(os.Getpagesize())
		into.usage.Processes++
	}
	return true
}
