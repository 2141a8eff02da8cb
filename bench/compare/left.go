//go:build linux

package compare

import (
	"fmt"
	"syscall"
	"time"
)

// family is a job whose members leave in the usual ways and do not end when they
// are asked to: one in the leader's group, one with a session of its own, one that
// was forked twice, and one that was forked twice with a session of its own. The
// leader ends with TERM and INT. Each writes its pid to pids.
const family = `
resist="trap '' TERM INT HUP; echo \$\$ >>pids; exec sleep 1000"
sh -c "$resist" &
setsid sh -c "$resist" &
(sh -c "$resist" &)
(setsid sh -c "sh -c \"\$1\" &" sh "$resist" &)
while [ "$(cat pids 2>/dev/null | wc -l)" -lt 4 ]; do sleep 0.01; done
echo $$ >>pids
exec sleep 1000
`

// familySize is the leader and the others.
const familySize = 5

// afterwards is longer than what any rival gives a process before it kills it.
const afterwards = 12 * time.Second

// Left is what a rival leaves behind.
type Left struct {
	Survivors int // of familySize, a while after it has ended
	Took      time.Duration
	Err       error
}

// String is how many, and what went wrong.
func (l Left) String() string {
	if l.Err != nil {
		return fmt.Sprintf("%d (%v)", l.Survivors, l.Err)
	}
	return fmt.Sprint(l.Survivors)
}

// LeftBehind starts a family under the rival, ends the rival by a signal and counts
// who lives. With SIGKILL it can do nothing itself any more.
func (r Rival) LeftBehind(s syscall.Signal) (l Left) {
	w, err := r.start(family)
	if err != nil {
		return Left{Err: err}
	}
	defer w.discard()
	if !await(func() bool { return len(w.members()) == familySize }) {
		return Left{Err: errNotStarted}
	}
	l.Took, l.Err = w.end(s)
	settle(afterwards, func() bool { return len(living(w.members())) == 0 })
	l.Survivors = len(living(w.members()))
	return l
}
