package engine

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
)

// running starts an engine that ends with the test.
func running(t *testing.T) *Engine {
	t.Helper()
	e, err := New(Options{Root: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.Run(ctx)
	}()
	t.Cleanup(func() {
		end()
		<-done
	})
	return e
}

// fail runs a command to its end and returns the process as it was then.
func fail(t *testing.T, e *Engine, spec process.Spec) *process.Snapshot {
	t.Helper()
	spec.Dir, spec.Env = e.Root, append(os.Environ(), spec.Vars...)
	if _, err := e.Process.Start(spec); err != nil {
		t.Fatal(err)
	}
	p, err := e.Process.Get(spec.Name)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, err := p.Wait(ctx, func(s *process.Snapshot) bool { return s.State.Ended() })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCause: the reason of a failure names the port and who has it, however
// little the program says.
func TestCause(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	e := running(t)
	sub, _ := e.Events.Subscribe(events.Of(events.PortConflict), 0)
	held := fmt.Sprintf("address in use: port %d is held by pid %d (%s", port, os.Getpid(), os.Args[0][:20])
	for _, tt := range []struct {
		name, shell string
		vars        []string
		want        string
	}{
		{"named", fmt.Sprintf("echo 'Error: listen EADDRINUSE: address already in use :::%d' >&2; exit 1", port), nil, held},
		{"trace", fmt.Sprintf("echo 'bind: address already in use 127.0.0.1:%d'; seq 40; exit 1", port), nil, held},
		{"command", fmt.Sprintf("echo 'OSError: Address already in use' >&2; : --port %d; exit 1", port), nil, held},
		{"variable", "echo 'OSError: Address already in use' >&2; exit 1", []string{fmt.Sprintf("PORT=%d", port)}, held},
		{"unknown", "echo 'OSError: Address already in use' >&2; exit 1", nil, "address in use: another process"},
		{"free", "echo 'listen tcp :1: bind: address already in use' >&2; exit 1", nil, "address in use: port 1"},
		{"other", "echo 'no such table' >&2; exit 1", nil, ""},
		{"well", fmt.Sprintf("echo 'port %d is in use, trying another one'", port), nil, ""},
	} {
		s := fail(t, e, process.Spec{Name: tt.name, Shell: tt.shell, Vars: tt.vars})
		if !strings.HasPrefix(s.Reason, tt.want) || tt.want == "" && s.Reason != "" {
			t.Errorf("%s: %q, want %q", tt.name, s.Reason, tt.want)
		}
	}
	list, _ := sub.Next(100)
	if len(list) != 5 {
		t.Fatalf("%d conflicts told, want 5: %+v", len(list), list)
	}
	if c := list[0].Data.(events.Conflict); c.Port != port || c.PID != os.Getpid() || c.Holder != "" || list[0].Process != "named" {
		t.Errorf("%+v", list[0])
	}
}

// TestCauseIsOurs: a process of the engine is called by its name.
func TestCauseIsOurs(t *testing.T) {
	if os.Getenv("CAUSE_TEST") == "listen" {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		fmt.Println("listening on", l.Addr().(*net.TCPAddr).Port, err)
		select {}
	}
	e := running(t)
	ready := &process.Ready{Checks: process.Checks{Port: new(int)}, Interval: 10 * time.Millisecond}
	if _, err := e.Process.Start(process.Spec{
		Name: "api", Args: []string{os.Args[0], "-test.run=^TestCauseIsOurs$"}, Dir: e.Root, Env: append(os.Environ(), "CAUSE_TEST=listen"), Ready: ready,
	}); err != nil {
		t.Fatal(err)
	}
	p, _ := e.Process.Get("api")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, err := p.Wait(ctx, func(s *process.Snapshot) bool { return s.Ready })
	if err != nil {
		t.Fatal(err)
	}
	open, err := listening(p.PIDs())
	if err != nil || len(open) != 1 {
		t.Fatalf("%v, %v", open, err)
	}
	web := fail(t, e, process.Spec{Name: "web", Shell: fmt.Sprintf("echo port %d is already in use; exit 1", open[0])})
	if want := fmt.Sprintf("address in use: port %d is held by api, pid %d (", open[0], s.PID); !strings.HasPrefix(web.Reason, want) {
		t.Errorf("%q, want %q", web.Reason, want)
	}
}
