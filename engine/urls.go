package engine

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
	"github.com/brummer-rpc/brummer-rpc/engine/ports"
)

// URLState says what is known of an address.
type URLState string

// The states of an address.
const (
	Verified URLState = "verified" // a process of the tree listens on its port
	Claimed  URLState = "claimed"  // the output names it, and it is this machine's, but the port is none of the tree's
	Link     URLState = "link"     // everything else that the output names
)

// URL is an address that a process has named, or serves. It is immutable.
type URL struct {
	URL     string
	Process string
	Run     uint32
	Port    int
	State   URLState
	Network bool   // it can be reached from other machines, too
	Named   bool   // the output names it; else the kernel alone tells of the port
	Seq     uint64 // the line that names it; 0 without one
}

// URLList is the set at one moment. It is immutable.
type URLList struct {
	Revision uint64
	URLs     []*URL // by process, in the order they were found
}

// maxURLs bounds the addresses of one process: a program that prints links in a
// loop has few servers.
const maxURLs = 200

// URLs is the set of addresses. The kernel says which ports there are, the
// output how to name them: an address of the documentation never becomes a
// server, whatever words stand around it.
type URLs struct {
	e     *Engine
	bells wake.Bells
	list  atomic.Pointer[URLList]

	mu   sync.Mutex
	urls []*URL
}

func newURLs(e *Engine) *URLs {
	u := &URLs{e: e}
	u.list.Store(&URLList{})
	e.later.ports = u.look
	return u
}

// List returns the set as it is; it never waits.
func (u *URLs) List() *URLList { return u.list.Load() }

// Watch rings b after every change until stop is called.
func (u *URLs) Watch(b *wake.Bell) (stop func()) { return u.bells.Add(b) }

// named takes in what a batch of lines says of addresses and ports.
func (u *URLs) named(o *lookout) {
	u.mu.Lock()
	defer u.mu.Unlock()
	hint, changed := len(o.ports) > 0, false
	for i, d := range o.urls {
		n := &URL{URL: d.Text, Process: o.id, Run: o.run.Load(), Port: d.Port, State: Link, Network: d.Network, Named: true, Seq: o.numbers.seq(o.urlAt[i])}
		if d.Local && !d.Target {
			n.State = Claimed
		}
		if u.addLocked(n) {
			changed = true
			hint = hint || n.State == Claimed
		}
	}
	if changed {
		u.publishLocked()
	}
	if hint {
		u.e.later.hint(o.id)
	}
}

// addLocked puts an address into the set and reports whether anything is new.
// That the output names it once more as a link takes nothing back.
func (u *URLs) addLocked(n *URL) bool {
	count := 0
	for i, old := range u.urls {
		if old.Process != n.Process {
			continue
		}
		count++
		if old.URL != n.URL && strings.TrimSuffix(old.URL, "/") != strings.TrimSuffix(n.URL, "/") {
			continue
		}
		if old.Named && (old.State != Link || n.State == Link) {
			return false
		}
		if old.State == Verified {
			n.State = Verified
		}
		u.urls[i] = n
		u.tell(n)
		return true
	}
	if count >= maxURLs {
		return false
	}
	u.urls = append(u.urls, n)
	u.tell(n)
	return true
}

func (u *URLs) tell(n *URL) {
	if n.State == Link {
		return
	}
	u.e.Events.Publish(events.Event{
		Type: events.URLDetected, Time: events.Now(), Process: n.Process,
		Data: events.URL{Seq: n.Seq, URL: n.URL, Port: n.Port, State: string(n.State)},
	})
}

// look asks the kernel which ports a process and all that belongs to its run
// listen on, and judges the process's addresses by that.
func (u *URLs) look(id string, pid int) {
	sockets, err := ports.Of(u.members(id, pid)...)
	if err != nil {
		return // another system: what the output claims stays a claim
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.judgeLocked(id, sockets) {
		u.publishLocked()
	}
}

// members are the processes of a run. The leader's descendants alone are not
// enough: a server that daemonizes is init's child.
func (u *URLs) members(id string, pid int) []int {
	if p, err := u.e.Process.Get(id); err == nil {
		if pids := p.PIDs(); len(pids) > 0 {
			return pids
		}
	}
	return ports.Tree(pid)
}

// Refresh asks for the ports of every process that runs, for somebody who wants to
// know now.
func (u *URLs) Refresh() {
	for _, s := range u.e.Process.List().Processes {
		if s.PID != 0 && s.State.Alive() {
			u.look(s.ID, s.PID)
		}
	}
}

func (u *URLs) judgeLocked(id string, sockets []ports.Socket) (changed bool) {
	open := map[int]bool{}
	for _, s := range sockets {
		open[s.Port()] = true
	}
	named := map[int]bool{}
	for i, old := range u.urls {
		if old.Process != id || !old.Named || old.State == Link {
			continue
		}
		named[old.Port] = named[old.Port] || open[old.Port]
		state := Claimed
		if open[old.Port] {
			state = Verified
		}
		if state != old.State {
			n := *old
			n.State = state
			u.urls[i] = &n
			if state == Verified {
				u.tell(&n)
			}
			changed = true
		}
	}
	before := len(u.urls)
	u.urls = slices.DeleteFunc(u.urls, func(o *URL) bool {
		return o.Process == id && !o.Named && (named[o.Port] || !open[o.Port])
	})
	changed = changed || len(u.urls) != before
	return u.unnamedLocked(id, sockets, named) || changed
}

// unnamedLocked adds the ports that the output does not speak of. They are not
// asked what they speak: a probe is a request that their program did not expect.
func (u *URLs) unnamedLocked(id string, sockets []ports.Socket, named map[int]bool) (changed bool) {
	run := u.e.runOf(id)
	for _, s := range sockets {
		if named[s.Port()] {
			continue
		}
		named[s.Port()] = true
		n := &URL{URL: "http://localhost:" + strconv.Itoa(s.Port()), Process: id, Run: run, Port: s.Port(), State: Verified, Network: !s.Loopback()}
		if !slices.ContainsFunc(u.urls, func(o *URL) bool { return o.Process == id && o.Port == n.Port && !o.Named }) {
			changed = u.addLocked(n) || changed
		}
	}
	return changed
}

func (e *Engine) runOf(id string) uint32 {
	p, err := e.Process.Get(id)
	if err != nil {
		return 0
	}
	return p.Run()
}

// Of lists the addresses that a process serves, those that are sure first.
func (l *URLList) Of(process string) (urls []string) {
	for _, state := range []URLState{Verified, Claimed} {
		for _, u := range l.URLs {
			if u.Process == process && u.State == state {
				urls = append(urls, u.URL)
			}
		}
	}
	return urls
}

// forget drops the addresses of a process's runs before run.
func (u *URLs) forget(id string, run uint32) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.dropLocked(func(o *URL) bool { return o.Process == id && o.Run < run })
}

// closed drops what a run that has ended no longer serves. A claim stays: the
// server may be a container's.
func (u *URLs) closed(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.dropLocked(func(o *URL) bool { return o.Process == id && o.State == Verified })
}

func (u *URLs) dropLocked(void func(*URL) bool) {
	before := len(u.urls)
	u.urls = slices.DeleteFunc(u.urls, void)
	if len(u.urls) != before {
		u.publishLocked()
	}
}

func (u *URLs) publishLocked() {
	next := &URLList{Revision: u.list.Load().Revision + 1, URLs: slices.Clone(u.urls)}
	slices.SortStableFunc(next.URLs, func(a, b *URL) int { return strings.Compare(a.Process, b.Process) })
	u.list.Store(next)
	u.bells.Ring()
}
