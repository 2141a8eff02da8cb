package procfs

import (
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// sleeper starts a process that ends with the test.
func sleeper(t *testing.T, env ...string) (pid int) {
	t.Helper()
	cmd := exec.Command("cat")
	cmd.Env = env
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	io.WriteString(in, "x")
	out.Read(make([]byte, 1)) // it has executed its program
	return cmd.Process.Pid
}

func TestLiving(t *testing.T) {
	pid := sleeper(t, "BEFORE=1", "KEY=old", "KEY=value", "KEYS=no")
	s, err := ReadStat(pid)
	if err != nil {
		t.Fatal(err)
	}
	if s.PID != pid || s.Name != "cat" || s.Parent != os.Getpid() || s.Group != unix.Getpgrp() || s.Start == 0 || s.RSS == 0 || s.Dead() {
		t.Errorf("%+v", s)
	}
	if got := Children(nil, os.Getpid()); !slices.Contains(got, pid) {
		t.Errorf("the children are %v, without %d", got, pid)
	}
	if v, ok := Env(pid, "KEY"); v != "value" || !ok {
		t.Errorf("KEY is %q, %v", v, ok)
	}
	if v, ok := Env(pid, "NONE"); ok {
		t.Errorf("NONE is %q", v)
	}
	if got := Command(pid); got != "cat" {
		t.Errorf("the command is %q", got)
	}
}

func TestGone(t *testing.T) {
	const none = 1 << 30 // over the kernel's largest number
	if _, err := ReadStat(none); !os.IsNotExist(err) {
		t.Errorf("%v", err)
	}
	if got := Children(nil, none); got != nil {
		t.Errorf("children %v", got)
	}
	if err := Signal(none, 1, unix.SIGKILL); err != nil {
		t.Errorf("a signal for nobody: %v", err)
	}
}

// TestSignalOnlyTheSame: a process with the number of another one that has
// ended is left alone.
func TestSignalOnlyTheSame(t *testing.T) {
	cmd := exec.Command("sleep", "1000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	s, err := ReadStat(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := Signal(s.PID, s.Start-1, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := Signal(s.PID, s.Start, unix.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	if err == nil || err.Error() != "signal: terminated" {
		t.Errorf("it ended with %v; want the second signal, not the first", err)
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte(`42 (a) b (c)) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 4096 77 18446744073709551615 0`))
	f.Add([]byte(`1 (x) Z`))
	f.Add([]byte(`)(`))
	f.Fuzz(func(t *testing.T, line []byte) {
		s, err := parseStat(line)
		if err == nil && !strings.Contains(string(line), "("+s.Name+")") {
			t.Errorf("the name %q does not stand in %q", s.Name, line)
		}
	})
}

func TestParseStat(t *testing.T) {
	s, err := parseStat([]byte("42 (a) b (c)) S 1 41 40 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 4096 77 9\n"))
	want := Stat{PID: 42, Name: "a) b (c)", State: 'S', Parent: 1, Group: 41, Session: 40, User: 5, System: 6, Start: 12345, RSS: 77}
	if err != nil || s != want {
		t.Errorf("%+v, %v; want %+v", s, err, want)
	}
}
