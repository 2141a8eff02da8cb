package ports

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// listen opens a socket and returns its port.
func listen(t *testing.T, network, address string) int {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		if network == "tcp6" {
			t.Skipf("no IPv6 here: %v", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().(*net.TCPAddr).Port
}

// find returns the socket of a port.
func find(t *testing.T, sockets []Socket, port int) (s Socket, ok bool) {
	t.Helper()
	for _, s := range sockets {
		if s.Port() == port {
			return s, true
		}
	}
	return Socket{}, false
}

// TestListening asks both ways and wants the same answers.
func TestListening(t *testing.T) {
	for name, ask := range map[string]func() ([]Socket, error){
		"sock_diag": diag,
		"proc":      func() ([]Socket, error) { return readTables("/proc/net/tcp", "/proc/net/tcp6") },
	} {
		for network, address := range map[string]string{"tcp4": "127.0.0.1:0", "tcp6": "[::1]:0"} {
			t.Run(name+"/"+network, func(t *testing.T) {
				port := listen(t, network, address)
				all, err := ask()
				if err != nil {
					t.Fatal(err)
				}
				s, ok := find(t, all, port)
				want, _, _ := strings.Cut(address, ":0")
				if !ok || s.Addr.Addr() != netip.MustParseAddr(strings.Trim(want, "[]")) || s.UID != os.Getuid() || s.Inode == 0 || !s.Loopback() {
					t.Errorf("%+v, %v", s, ok)
				}
			})
		}
	}
}

func TestOnlyListeners(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	mine := c.LocalAddr().(*net.TCPAddr).Port
	all, err := Listening()
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := find(t, all, mine); ok {
		t.Errorf("a connection is taken for a listener: %+v", s)
	}
}

func TestOf(t *testing.T) {
	first, second := listen(t, "tcp4", "127.0.0.1:0"), listen(t, "tcp4", "127.0.0.1:0")
	mine, err := Of(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	got := Numbers(mine)
	if !slices.Contains(got, first) || !slices.Contains(got, second) || !slices.IsSorted(got) {
		t.Errorf("%v, want %d and %d among them, sorted", got, first, second)
	}
	for _, s := range mine {
		if s.PID != os.Getpid() {
			t.Errorf("%+v", s)
		}
	}
	if none, err := Of(1 << 30); err != nil || len(none) != 0 {
		t.Errorf("a process that does not exist: %v, %v", none, err)
	}
}

// TestTree: the grandchild listens, and is found from the child.
func TestTree(t *testing.T) {
	if os.Getenv("PORTS_TEST") == "listen" {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		fmt.Println(os.Getpid(), l.Addr().(*net.TCPAddr).Port, err)
		bufio.NewReader(os.Stdin).ReadByte() // until the test ends
		return
	}
	cmd := exec.Command("/bin/sh", "-c", `"$0" -test.run='^TestTree$'; :`, os.Args[0])
	cmd.Env = append(os.Environ(), "PORTS_TEST=listen")
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err1 != nil || err2 != nil || cmd.Start() != nil {
		t.Fatal("the child can't be started")
	}
	defer cmd.Wait()
	defer in.Close()
	var pid, port int
	if _, err := fmt.Fscan(out, &pid, &port); err != nil {
		t.Fatal(err)
	}
	if tree := Tree(cmd.Process.Pid); len(tree) < 2 || tree[0] != cmd.Process.Pid || !slices.Contains(tree, pid) || slices.Contains(tree, os.Getpid()) {
		t.Errorf("%v, want %d first and %d in it", tree, cmd.Process.Pid, pid)
	}
	sockets, err := Of(Tree(cmd.Process.Pid)...)
	if s, ok := find(t, sockets, port); !ok || s.PID != pid || len(sockets) != 1 {
		t.Errorf("%+v, %v; want port %d of pid %d alone", sockets, err, port, pid)
	}
	h, ok, err := HolderOf(port)
	if !ok || err != nil || h.PID != pid || !strings.HasPrefix(h.Command, os.Args[0]) {
		t.Errorf("holder %+v, %v, %v", h, ok, err)
	}
}

func TestNobodyHolds(t *testing.T) {
	if h, ok, err := HolderOf(1); ok || err != nil {
		t.Errorf("%+v, %v, %v", h, ok, err)
	}
}

func TestParseTable(t *testing.T) {
	const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0BB9 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 31338 1 0000000000000000 20 4 30 10 -1
   2: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1
   3: broken
   4: XX:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 5 1
`
	got, err := parseTable(strings.NewReader(text), nil)
	want := []Socket{
		{Addr: netip.MustParseAddrPort("127.0.0.1:3000"), Inode: 31337, UID: 1000},
		{Addr: netip.MustParseAddrPort("[::1]:8080"), Inode: 4711},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

func TestNoIPv6(t *testing.T) {
	if _, err := readTables("/proc/net/tcp", "/proc/net/absent6"); err != nil {
		t.Errorf("without tcp6: %v", err)
	}
	if _, err := readTables("/proc/net/absent"); err == nil {
		t.Error("without tcp there is an answer")
	}
}

func TestCommand(t *testing.T) {
	if got := Command(os.Getpid()); !strings.HasPrefix(got, os.Args[0]) || strings.ContainsRune(got, 0) {
		t.Errorf("%q", got)
	}
	if got := Command(1 << 30); got != "" {
		t.Errorf("the command of nobody is %q", got)
	}
	if got := readable("a\x00b\x1b[31m" + strings.Repeat("é", 200)); !strings.HasPrefix(got, "a b [31m") || len(got) > maxCommand+len("…") || !strings.HasSuffix(got, "é…") {
		t.Errorf("%q", got)
	}
}

// FuzzParseDump: whatever comes from the socket, nothing is read outside of it.
func FuzzParseDump(f *testing.F) {
	f.Add(diagQuestion(2))
	f.Add(bytes.Repeat([]byte{0x14, 0, 0, 0, 3, 0, 0, 0}, 4))
	f.Add([]byte{0x58, 0, 0, 0, 20, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		out, done, err := parseDump(b, nil)
		if len(out)*diagMessage > len(b) || done && err != nil {
			t.Errorf("%d sockets of %d bytes, %v, %v", len(out), len(b), done, err)
		}
	})
}

func FuzzParseTable(f *testing.F) {
	f.Add("0: 0100007F:0BB8 00000000:0000 0A 0:0 0:0 0 1000 0 31337 1")
	f.Fuzz(func(t *testing.T, text string) {
		out, err := parseTable(strings.NewReader(text), nil)
		for _, s := range out {
			if !s.Addr.IsValid() || s.Inode == 0 {
				t.Errorf("%+v, %v", s, err)
			}
		}
	})
}
