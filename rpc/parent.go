package rpc

import (
	"time"
)

// parentPoll is how often a client's process is looked at. The end of its input
// tells of its end at once; this is for the client whose pipes somebody else
// holds open.
const parentPoll = 3 * time.Second

// watchParent hangs up when the client's process has gone. A process that can't
// be seen from here, in another pid namespace, is not watched.
func (s *session) watchParent(pid int) {
	if pid <= 0 || !processExists(pid) {
		return
	}
	s.watches.Go(func() {
		ticker := time.NewTicker(parentPoll)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if !processExists(pid) {
					s.server.Logf("the client's process %d is gone: its session ends", pid)
					s.hangUp()
					return
				}
			case <-s.ctx.Done():
				return
			}
		}
	})
}
