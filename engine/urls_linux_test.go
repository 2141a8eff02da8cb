package engine

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
)

// TestDaemonsAddress: a server that has left its parent and session is still the
// process's own, so the address that it announces is verified.
func TestDaemonsAddress(t *testing.T) {
	switch os.Getenv("DAEMON_TEST") {
	case "serve":
		l, err := net.Listen("tcp", "127.0.0.1:0")
		fmt.Printf("ready at http://%s/ %v\n", l.Addr(), err)
		select {}
	case "start": // starts the server in a session of its own through a child that ends
		leave(t, "again")
		select {}
	case "again":
		leave(t, "serve")
		return
	}
	e := running(t)
	bell := wake.NewBell()
	defer e.URLs.Watch(bell)()
	if _, err := e.Process.Start(process.Spec{
		Name: "web", Args: []string{os.Args[0], "-test.run=^TestDaemonsAddress$"}, Dir: e.Root, Env: append(os.Environ(), "DAEMON_TEST=start"),
	}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		bell.Arm()
		for _, u := range e.URLs.List().URLs {
			if u.Named && u.State == Verified && strings.HasPrefix(u.URL, "http://127.0.0.1:") {
				return
			}
		}
		select {
		case <-bell.C:
		case <-ctx.Done():
			t.Fatalf("%+v", e.URLs.List().URLs)
		}
	}
}

// leave starts this test as a child in a session of its own. Its output is this
// process's.
func leave(t *testing.T, as string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestDaemonsAddress$")
	child.Env = append(os.Environ(), "DAEMON_TEST="+as)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if as == "again" {
		if err := child.Wait(); err != nil {
			t.Fatal(err)
		}
	}
}
