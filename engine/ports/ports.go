package ports

import (
	"cmp"
	"net/netip"
	"slices"
)

// Socket is a TCP socket that listens.
type Socket struct {
	Addr  netip.AddrPort // an unspecified address is all of them; [::] takes IPv4 as well, as a rule
	Inode uint64         // what its descriptors point to; not 0
	UID   int            // of the user who made it
	PID   int            // a process that has it open; 0 where that was not asked for or can't be known
}

// Port is the number that it listens on.
func (s Socket) Port() int { return int(s.Addr.Port()) }

// Loopback reports whether it can be reached from this machine only.
func (s Socket) Loopback() bool { return s.Addr.Addr().Unmap().IsLoopback() }

// Numbers returns the ports of some sockets, ascending, each once.
func Numbers(sockets []Socket) []int {
	out := make([]int, 0, len(sockets))
	for _, s := range sockets {
		out = append(out, s.Port())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Of returns the listening sockets that one of the processes has open, by port.
// Processes that are gone, or another user's, have none.
func Of(pids ...int) ([]Socket, error) {
	all, err := Listening()
	if err != nil || len(all) == 0 {
		return nil, err
	}
	owner := ownersOf(all, pids)
	all = slices.DeleteFunc(all, func(s Socket) bool { return owner[s.Inode] == 0 })
	for i := range all {
		all[i].PID = owner[all[i].Inode]
	}
	slices.SortFunc(all, func(a, b Socket) int {
		return cmp.Or(cmp.Compare(a.Port(), b.Port()), a.Addr.Addr().Compare(b.Addr.Addr()))
	})
	return all, nil
}

// Holder is who keeps a port from others.
type Holder struct {
	Socket
	Command string // its command line, shortened; "" if it can't be known
}

// HolderOf tells who listens on a port; ok is false if nobody does. A holder that
// is another user's has no PID.
func HolderOf(port int) (h Holder, ok bool, err error) {
	all, err := Listening()
	if err != nil {
		return Holder{}, false, err
	}
	all = slices.DeleteFunc(all, func(s Socket) bool { return s.Port() != port })
	if len(all) == 0 {
		return Holder{}, false, nil
	}
	owner := ownersOf(all, allPIDs())
	h.Socket = all[0]
	for _, s := range all {
		if pid := owner[s.Inode]; pid != 0 {
			s.PID = pid
			h = Holder{s, Command(pid)}
			break
		}
	}
	return h, true, nil
}
