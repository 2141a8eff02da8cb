package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/editor"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// server is the real program under test: this test binary, run under the name
// of the program (see TestMain), so the race detector sees it too.
type server struct {
	*editor.Client
	t   *testing.T
	cmd *exec.Cmd
	in  io.Closer
	out *os.File

	stderr bytes.Buffer // complete once the program has been waited for

	mu    sync.Mutex
	notes map[string]func(params []byte)
}

// deadline bounds every wait of these tests; it is not a measure of speed.
const deadline = 2 * time.Minute

func self(args ...string) *exec.Cmd {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Args[0] = "brummer-rpc"
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0") // a second for each program
	return cmd
}

// startServer spawns the program as an editor does, without initialize.
func startServer(t *testing.T, args ...string) *server {
	t.Helper()
	return spawn(t, workspace(t), runtimeFolder(t), nil, args...)
}

// spawn spawns it in a workspace, with a folder for sockets, and more environment.
func spawn(t *testing.T, dir, runtimeDir string, env []string, args ...string) *server {
	t.Helper()
	s := &server{t: t, cmd: self(args...), notes: map[string]func([]byte){}}
	s.cmd.Dir = dir
	s.cmd.Env = append(append(s.cmd.Env, "XDG_RUNTIME_DIR="+runtimeDir), env...)
	s.cmd.Stderr = &s.stderr
	in, err := s.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stdout = w
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	s.in, s.out = in, r
	s.Client = editor.NewClient(r, in, s.notified)
	t.Cleanup(func() {
		if s.cmd.ProcessState == nil {
			s.cmd.Process.Kill()
			s.cmd.Wait()
		}
		r.Close()
		s.checkWords(runtimeDir)
	})
	return s
}

// checkWords fails the test if the program, or the engine that it has started,
// had a data race or an accident to tell of.
func (s *server) checkWords(runtimeDir string) {
	words := s.stderr.String()
	logs, _ := filepath.Glob(filepath.Join(runtimeDir, "brummer-rpc", "*.log"))
	for _, log := range logs {
		text, _ := os.ReadFile(log)
		words += string(text)
	}
	for _, bad := range []string{"DATA RACE", "panic", "BUG", "incident"} {
		if strings.Contains(words, bad) {
			s.t.Errorf("the program says: %s", words)
			return
		}
	}
}

func (s *server) notified(method string, params []byte) {
	s.mu.Lock()
	f := s.notes[method]
	s.mu.Unlock()
	if f != nil {
		f(params)
	}
}

// on sets what is done with a notification. Set it before what causes it.
func (s *server) on(method string, f func(params []byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes[method] = f
}

// workspace is an empty folder, by its real path.
func workspace(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// runtimeFolder is a folder for sockets, whose paths must be short: t.TempDir has
// the test's name in it.
func runtimeFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "rt")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// hosts are the two places where the engine can live. What is promised holds in
// both.
func hosts(t *testing.T, f func(t *testing.T, args ...string)) {
	t.Run("relay", func(t *testing.T) { f(t) })
	t.Run("private", func(t *testing.T) { f(t, "--socket=off") })
}

// open spawns the program and initializes it with an empty workspace.
func open(t *testing.T, args ...string) *server {
	t.Helper()
	s := startServer(t, args...)
	s.initialize(nil)
	return s
}

// initialize opens the program's own folder as the workspace.
func (s *server) initialize(options map[string]any) {
	s.t.Helper()
	call[wire.InitializeResult](s, "initialize", map[string]any{
		"rootUri": "file://" + s.cmd.Dir, "capabilities": map[string]any{}, "initializationOptions": options,
	})
}

// call sends a call that must succeed.
func call[R any](s *server, method string, params any) R {
	s.t.Helper()
	var result R
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	if err := s.Call(ctx, method, params, &result); err != nil {
		s.t.Fatalf("%s: %v", method, err)
	}
	return result
}

// hangUp closes the program's input and returns its exit code.
func (s *server) hangUp() int {
	s.t.Helper()
	s.in.Close()
	return s.exitCode()
}

// exitCode waits for the program to end.
func (s *server) exitCode() int {
	s.t.Helper()
	done := make(chan error, 1)
	go func() { done <- s.cmd.Wait() }()
	select {
	case <-done:
		return s.cmd.ProcessState.ExitCode()
	case <-time.After(deadline):
		s.t.Fatal("the program does not end")
		return -1
	}
}

// ids names a process.
type ids map[string]any

// child returns a command that runs f of children in this test binary.
func child(name string, args ...string) []string {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return append([]string{path, childMark, name}, args...)
}

const childMark = "-brummer-test-child"

// init turns the test binary into a child before the tests would begin.
func init() {
	if len(os.Args) > 2 && os.Args[1] == childMark {
		children[os.Args[2]](os.Args[3:])
		os.Exit(0)
	}
}

// busy keeps every core busy until the test ends.
func busy(t *testing.T) {
	var stop atomic.Bool
	for range runtime.NumCPU() {
		go func() {
			for !stop.Load() {
			}
		}()
	}
	t.Cleanup(func() { stop.Store(true) })
}

func decodeNote[T any](t *testing.T, params []byte) T {
	var v T
	if err := json.Unmarshal(params, &v); err != nil {
		t.Errorf("notification: %v in %.200s", err, params)
	}
	return v
}
