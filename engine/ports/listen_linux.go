package ports

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// Listening returns every TCP socket that listens in this network namespace,
// without PIDs. The order is the kernel's.
func Listening() ([]Socket, error) {
	sockets, err := diag()
	if err != nil {
		return readTables("/proc/net/tcp", "/proc/net/tcp6")
	}
	return sockets, nil
}

// The wire of sock_diag(7), of which package unix has no structs. Offsets are in
// struct inet_diag_req_v2 and struct inet_diag_msg of linux/inet_diag.h.
const (
	diagRequest = unix.SizeofNlMsghdr + 56
	diagMessage = 72

	reqFamily, reqProtocol, reqStates = 0, 1, 4

	msgPort, msgAddr, msgUID, msgInode = 4, 8, 64, 68

	stateListen = 10 // TCP_LISTEN of net/tcp_states.h
)

// diag asks the kernel for the sockets of both families.
func diag() ([]Socket, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, fmt.Errorf("sock_diag: %w", err)
	}
	defer unix.Close(fd)
	// The kernel answers at once; the limit is for one that does not.
	unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 1})
	var out []Socket
	buf := make([]byte, 32<<10)
	for _, family := range []byte{unix.AF_INET, unix.AF_INET6} {
		if err := unix.Sendto(fd, diagQuestion(family), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
			return nil, fmt.Errorf("sock_diag: %w", err)
		}
		if out, err = diagAnswer(fd, buf, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func diagQuestion(family byte) []byte {
	q := make([]byte, diagRequest)
	binary.NativeEndian.PutUint32(q[0:], diagRequest)
	binary.NativeEndian.PutUint16(q[4:], unix.SOCK_DIAG_BY_FAMILY)
	binary.NativeEndian.PutUint16(q[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	body := q[unix.SizeofNlMsghdr:]
	body[reqFamily], body[reqProtocol] = family, unix.IPPROTO_TCP
	binary.NativeEndian.PutUint32(body[reqStates:], 1<<stateListen)
	return q
}

// diagAnswer reads datagrams until the end of the dump.
func diagAnswer(fd int, buf []byte, out []Socket) ([]Socket, error) {
	for {
		n, _, err := unix.Recvfrom(fd, buf, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("sock_diag: %w", err)
		}
		var done bool
		if out, done, err = parseDump(buf[:n], out); done || err != nil {
			return out, err
		}
	}
}

// parseDump adds the sockets of one datagram; done reports the end of the dump.
func parseDump(b []byte, out []Socket) (_ []Socket, done bool, err error) {
	for len(b) >= unix.SizeofNlMsghdr {
		size := int(binary.NativeEndian.Uint32(b))
		if size < unix.SizeofNlMsghdr || size > len(b) {
			return nil, false, errors.New("sock_diag: a message longer than its datagram")
		}
		body := b[unix.SizeofNlMsghdr:size]
		switch kind := binary.NativeEndian.Uint16(b[4:]); {
		case kind == unix.NLMSG_DONE:
			return out, true, nil
		case kind == unix.NLMSG_ERROR:
			return nil, false, fmt.Errorf("sock_diag: %w", netlinkError(body))
		case kind == unix.SOCK_DIAG_BY_FAMILY && len(body) >= diagMessage:
			if s, ok := parseMessage(body); ok {
				out = append(out, s)
			}
		}
		b = b[min((size+3)&^3, len(b)):] // messages are aligned to 4 bytes
	}
	return out, false, nil
}

func netlinkError(body []byte) error {
	if len(body) < 4 {
		return unix.EPROTO
	}
	return unix.Errno(-int32(binary.NativeEndian.Uint32(body)))
}

func parseMessage(m []byte) (Socket, bool) {
	addr := netip.AddrFrom4([4]byte(m[msgAddr:]))
	if m[0] == unix.AF_INET6 {
		addr = netip.AddrFrom16([16]byte(m[msgAddr:]))
	}
	s := Socket{
		Addr:  netip.AddrPortFrom(addr, binary.BigEndian.Uint16(m[msgPort:])),
		Inode: uint64(binary.NativeEndian.Uint32(m[msgInode:])),
		UID:   int(binary.NativeEndian.Uint32(m[msgUID:])),
	}
	return s, s.Inode != 0 && m[1] == stateListen
}
