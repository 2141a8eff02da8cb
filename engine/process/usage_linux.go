package process

import (
	"os"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/procfs"
)

// tick is the unit of processor time in /proc: USER_HZ is 100 on every system
// that Go runs on (proc(5), sysconf(3)).
const tick = 10 * time.Millisecond

// measure looks at all sets, once and when first needed, and returns what fills in
// the use of one.
func (t *sets) measure() func(*set, *sample) {
	members := sync.OnceValue(func() map[*set][]proc { return t.look().members })
	return func(s *set, into *sample) {
		for _, p := range members()[s] {
			stat, err := procfs.ReadStat(p.pid)
			if err != nil || stat.Start != p.start {
				continue
			}
			into.busy[task(p.identity)] = time.Duration(stat.User+stat.System) * tick
			into.usage.RSS += int64(stat.RSS) * int64(os.Getpagesize())
			into.usage.Processes++
		}
	}
}
