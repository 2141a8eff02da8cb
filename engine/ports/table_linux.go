package ports

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// readTables reads the listening sockets from files like /proc/net/tcp. A system
// without IPv6 has no tcp6.
func readTables(paths ...string) ([]Socket, error) {
	var out []Socket
	for i, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			if i > 0 && os.IsNotExist(err) {
				continue
			}
			return nil, err
		}
		out, err = parseTable(f, out)
		f.Close()
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// parseTable reads proc(5)'s format:
//
//	sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt   uid  timeout inode ...
//	 0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 ...
func parseTable(r io.Reader, out []Socket) ([]Socket, error) {
	scan := bufio.NewScanner(r)
	for scan.Scan() {
		f := strings.Fields(scan.Text())
		if len(f) < 10 || f[3] != "0A" {
			continue
		}
		addr, ok := parseAddr(f[1])
		uid, err1 := strconv.Atoi(f[7])
		inode, err2 := strconv.ParseUint(f[9], 10, 64)
		if ok && err1 == nil && err2 == nil && inode != 0 {
			out = append(out, Socket{Addr: addr, UID: uid, Inode: inode})
		}
	}
	return out, scan.Err()
}

// parseAddr reads ADDRESS:PORT in hex; the address is in words of 32 bits as the
// machine has them in memory.
func parseAddr(s string) (netip.AddrPort, bool) {
	address, number, _ := strings.Cut(s, ":")
	raw, err1 := hex.DecodeString(address)
	port, err2 := strconv.ParseUint(number, 16, 16)
	if err1 != nil || err2 != nil || len(raw) != 4 && len(raw) != 16 {
		return netip.AddrPort{}, false
	}
	for i := 0; i < len(raw); i += 4 {
		binary.NativeEndian.PutUint32(raw[i:], binary.BigEndian.Uint32(raw[i:]))
	}
	addr, _ := netip.AddrFromSlice(raw)
	return netip.AddrPortFrom(addr, uint16(port)), true
}
