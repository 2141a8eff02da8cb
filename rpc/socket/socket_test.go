//go:build unix

package socket

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// private makes this test's own runtime folder.
func private(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "rt") // t.TempDir has the test's name in it: too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	t.Setenv("XDG_RUNTIME_DIR", dir)
	return filepath.Join(dir, "brummer-rpc")
}

func place(t *testing.T, root string) Place {
	t.Helper()
	p, err := For(root)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func listen(t *testing.T, p Place) *Listener {
	t.Helper()
	l, err := p.Listen(Info{PID: os.Getpid(), Protocol: 1, Root: p.Root})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Stop(); l.Close() })
	return l
}

func TestPlaceIsPrivate(t *testing.T) {
	dir := private(t)
	p := place(t, "/w")
	listen(t, p)
	for path, want := range map[string]os.FileMode{
		dir: 0o700, p.Socket(): 0o600, p.info(): 0o600, p.lock(): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", filepath.Base(path), info.Mode().Perm(), err, want)
		}
	}
	if place(t, "/w") != p || place(t, "/other") == p {
		t.Error("a root has not one place of its own")
	}
}

func TestFolderIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(dir string) error{
		"open to others":  func(dir string) error { return os.Mkdir(dir, 0o777) },
		"a symbolic link": func(dir string) error { return os.Symlink(t.TempDir(), dir) },
		"a file":          func(dir string) error { return os.WriteFile(dir, nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := private(t)
			if err := spoil(dir); err != nil {
				t.Fatal(err)
			}
			if name == "open to others" {
				os.Chmod(dir, 0o777) // whatever the umask is
			}
			if _, err := For("/w"); err == nil {
				t.Error("it is used")
			}
		})
	}
}

func TestPathTooLong(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("x", 100))
	t.Setenv("XDG_RUNTIME_DIR", dir)
	if _, err := For("/w"); err == nil || !strings.Contains(err.Error(), "XDG_RUNTIME_DIR") {
		t.Errorf("a path that no socket can have: %v", err)
	}
}

func TestDial(t *testing.T) {
	private(t)
	p := place(t, "/w")
	if _, err := p.Dial(); !errors.Is(err, ErrNone) {
		t.Errorf("without an engine: %v", err)
	}
	l := listen(t, p)
	conn, err := p.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	served, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer served.Close()
	if _, err := conn.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	conn.CloseWrite()
	if got, err := io.ReadAll(served); string(got) != "x" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if info, err := p.ReadInfo(); err != nil || info.PID != os.Getpid() || info.Root != "/w" {
		t.Errorf("%+v, %v", info, err)
	}
}

// TestOneOfMany: of those who listen at once, exactly one does.
func TestOneOfMany(t *testing.T) {
	private(t)
	p := place(t, "/w")
	var mu sync.Mutex
	var won []*Listener
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			l, err := p.Listen(Info{})
			mu.Lock()
			defer mu.Unlock()
			var busy *BusyError
			if err == nil {
				won = append(won, l)
			} else if !errors.As(err, &busy) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Fatalf("%d listen", len(won))
	}
	won[0].Stop()
	if _, err := p.Listen(Info{}); err == nil {
		t.Error("the place is free before everything has ended")
	}
	won[0].Close()
	listen(t, p)
}

// TestStaleSocket: what a killed engine has left behind is replaced.
func TestStaleSocket(t *testing.T) {
	private(t)
	p := place(t, "/w")
	old, err := net.ListenUnix("unix", &net.UnixAddr{Name: p.Socket(), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	old.SetUnlinkOnClose(false)
	old.Close()
	if _, err := p.Dial(); !errors.Is(err, ErrNone) {
		t.Errorf("dialling a stale socket: %v", err)
	}
	listen(t, p)
	if conn, err := p.Dial(); err != nil {
		t.Error(err)
	} else {
		conn.Close()
	}
}

func TestForeignFileStays(t *testing.T) {
	private(t)
	p := place(t, "/w")
	if err := os.WriteFile(p.Socket(), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Listen(Info{}); err == nil {
		t.Error("a file that is no socket is replaced")
	}
	if text, _ := os.ReadFile(p.Socket()); string(text) != "mine" {
		t.Error("the file is gone")
	}
}

// TestHide: who dialled before is still accepted, who dials later finds nobody,
// and Show brings the socket back.
func TestHide(t *testing.T) {
	private(t)
	p := place(t, "/w")
	l := listen(t, p)
	early, err := p.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer early.Close()
	l.Hide()
	if _, err := p.Dial(); !errors.Is(err, ErrNone) {
		t.Errorf("dialling a hidden socket: %v", err)
	}
	conn, err := l.Accept()
	if err != nil {
		t.Fatalf("who had dialled before is lost: %v", err)
	}
	conn.Close()
	if _, err := l.Accept(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Accept after Hide: %v", err)
	}
	if err := l.Show(); err != nil {
		t.Fatal(err)
	}
	if conn, err := p.Dial(); err != nil {
		t.Error(err)
	} else {
		conn.Close()
	}
}
