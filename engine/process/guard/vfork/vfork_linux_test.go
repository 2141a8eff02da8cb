// The tests are outside of the package: one that needs os would be initialised after it.
package vfork_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard/vfork"
)

// TestMain lets the test binary start something under limits of its own.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && starters[os.Args[1]] != nil {
		pid, err := starters[os.Args[1]]("sh", "-c", os.Args[2])
		if err != nil {
			panic(err)
		}
		syscall.Wait4(pid, nil, 0, nil)
		return
	}
	os.Exit(m.Run())
}

// starters are the package and its model.
var starters = map[string]func(args ...string) (int, error){
	"ours": func(args ...string) (int, error) { return vfork.Start(command(args...)) },
	"library": func(args ...string) (int, error) {
		return syscall.ForkExec("/bin/"+args[0], args, &syscall.ProcAttr{
			Dir: "/", Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Setpgid: true},
		})
	},
}

// command runs in the root folder, on copies of this process's own streams.
func command(args ...string) *vfork.Command {
	c := &vfork.Command{Path: bytePtr("/bin/" + args[0]), Dir: bytePtr("/"), Args: bytePtrs(args), Env: bytePtrs(os.Environ()), Answer: new(vfork.Answer), Turn: 1}
	for i := range c.Files {
		fd, err := dup(i)
		if err != nil {
			panic(err)
		}
		c.Files[i] = fd
	}
	return c
}

// dup gives it a number above those of the streams.
func dup(fd int) (int, error) {
	n, _, e := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_DUPFD_CLOEXEC, 3)
	if e != 0 {
		return 0, e
	}
	return int(n), nil
}

func closeAll(fds [3]int) {
	for _, fd := range fds {
		syscall.Close(fd)
	}
}

func bytePtr(s string) *byte {
	p, err := syscall.BytePtrFromString(s)
	if err != nil {
		panic(err)
	}
	return p
}

func bytePtrs(list []string) []*byte {
	out, err := syscall.SlicePtrFromStrings(list)
	if err != nil {
		panic(err)
	}
	return out
}

// TestAsTheLibrary: a process finds itself as package syscall would have left it:
// signals, files, folder, group, and limits, of which package os has raised the one
// of files for the process that starts it.
func TestAsTheLibrary(t *testing.T) {
	look := `ls /proc/$$/fd; pwd; ulimit -Sa; [ "$(cut -d' ' -f5 /proc/$$/stat)" = $$ ] && echo leads; exec grep '^Sig[BIC]' /proc/self/status`
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for how := range starters {
		out, err := exec.Command("/bin/sh", "-c", "ulimit -Sn 77; trap '' HUP; exec \"$@\"", "sh", self, how, look).CombinedOutput()
		if err != nil {
			t.Fatal(err)
		}
		found[how] = string(out)
	}
	if ours := found["ours"]; ours != found["library"] || !strings.Contains(ours, "leads") || !strings.Contains(ours, " 77\n") {
		t.Errorf("it finds itself as\n%s\nby the library as\n%s", ours, found["library"])
	}
}

// TestErrors: what the child can't do is an error of the call, and no child is left.
func TestErrors(t *testing.T) {
	for want, edit := range map[error]func(*vfork.Command){
		syscall.ENOENT:  func(c *vfork.Command) { c.Path = bytePtr("/no/such") },
		syscall.EACCES:  func(c *vfork.Command) { c.Path = bytePtr("/etc/passwd") },
		syscall.ENOTDIR: func(c *vfork.Command) { c.Dir = bytePtr("/etc/passwd") },
		syscall.E2BIG:   func(c *vfork.Command) { c.Args = bytePtrs([]string{strings.Repeat("x", 200<<10)}) },
		syscall.ENOTTY:  func(c *vfork.Command) { c.TTY, c.Files[0] = true, c.Files[1] },
		syscall.EBADF:   func(c *vfork.Command) { c.Files[0] = 0 },
	} {
		c := command("true")
		c.Answer.Ask(c.Turn)
		files := c.Files
		if want == syscall.ENOTTY {
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			defer w.Close()
			c.Files[1] = int(w.Fd())
		}
		edit(c)
		if pid, err := vfork.Start(c); !errors.Is(err, want) {
			t.Errorf("pid %d, %v; want %v", pid, err, want)
		}
		if told := syscall.Errno(c.Answer.Errno); !c.Answer.Wait(0) || told != want {
			t.Errorf("the answer is %v; want %v", told, want)
		}
		closeAll(files)
	}
	if _, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); err != syscall.ECHILD {
		t.Errorf("a child is left: %v", err)
	}
}

// TestStress starts from several goroutines, whose stacks two processes share for
// a moment, while the collector looks at them.
func TestStress(t *testing.T) {
	done := make(chan struct{})
	var collector, starters sync.WaitGroup
	collector.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				runtime.GC()
			}
		}
	})
	for range 4 {
		starters.Go(func() {
			for i := range 50 {
				startOne(t, i%2 == 0)
			}
		})
	}
	starters.Wait()
	close(done)
	collector.Wait()
}

// startOne starts a program that writes, or one that is not there.
func startOne(t *testing.T, there bool) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Error(err)
		return
	}
	defer r.Close()
	c := command("echo", "here")
	defer func() { closeAll(c.Files) }()
	if !there {
		c.Path = bytePtr("/no/such")
	}
	syscall.Close(c.Files[1])
	c.Files[1], _ = dup(int(w.Fd()))
	pid, err := vfork.Start(c)
	w.Close()
	if !there {
		if !errors.Is(err, syscall.ENOENT) {
			t.Errorf("no error: pid %d, %v", pid, err)
		}
		return
	}
	syscall.Close(c.Files[1])
	c.Files[1] = -1
	out, _ := io.ReadAll(r)
	if err != nil || string(out) != "here\n" {
		t.Errorf("%q, %v", out, err)
	}
	wait(t, pid)
}

// TestAnswer: whoever has asked for a start learns what the caller of Start learns.
func TestAnswer(t *testing.T) {
	c := command("true")
	defer closeAll(c.Files)
	c.Answer.Ask(c.Turn)
	if c.Answer.Wait(0) {
		t.Error("there is an answer before the start")
	}
	pid, err := vfork.Start(c)
	if !c.Answer.Wait(0) || int(c.Answer.PID) != pid || c.Answer.Errno != 0 {
		t.Errorf("%+v; want %d, %v", c.Answer.Reply, pid, err)
	}
	status := wait(t, pid)
	c.Answer.Ask(2)
	c.Answer.Ended(2, status)
	if !c.Answer.Watch(0) || c.Answer.Status != uint32(status) || c.Answer.PID != 0 {
		t.Errorf("%+v; want %d", c.Answer.Reply, status)
	}
}

// TestAnswered: the kernel answers, at the moment when there is one: the guard need not
// have woken up, and once it has it leaves the next request alone.
func TestAnswered(t *testing.T) {
	if runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" {
		t.Skip("a start is the library's")
	}
	c := command("true")
	defer closeAll(c.Files)
	c.Answer.Ask(c.Turn + 1) // as if Start were late
	pid, err := vfork.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	wait(t, pid)
	if !c.Answer.Wait(0) || int(c.Answer.PID) != pid {
		t.Errorf("%+v; want %d", c.Answer.Reply, pid)
	}
	c.Answer.Ask(c.Turn + 1)
	c.Answer.Refuse(c.Turn, syscall.EBADF)
	if c.Answer.Wait(0) {
		t.Error("the answer to an earlier request is that to a later one")
	}
}

// TestLost: a request that nobody will answer is waited for no longer.
func TestLost(t *testing.T) {
	var a vfork.Answer
	a.Lose()
	if a.Lost() {
		t.Error("it is lost before it was asked")
	}
	a.Ask(1)
	waited := make(chan bool)
	go func() { waited <- a.Wait(time.Minute) }()
	a.Lose()
	if !<-waited || !a.Lost() {
		t.Error("it is still waited for")
	}
}

func wait(t *testing.T, pid int) (status syscall.WaitStatus) {
	t.Helper()
	for {
		got, err := syscall.Wait4(pid, &status, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if got != pid {
			t.Fatalf("waited for %d, got %d, %v", pid, got, err)
		}
		return status
	}
}
