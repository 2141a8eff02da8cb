package bench

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func init() {
	children["forkserver"] = forkServer
	startYardsticks = append(startYardsticks, startYardstick{"server", serverStarter})
}

// forkServer is the least that a parent other than the engine can be: it gets three
// files, forks, and answers. What it takes over a fork of one's own is two
// processes waking each other.
func forkServer() {
	const conn = 3
	unix.CloseOnExec(conn)
	env := os.Environ()
	buf, control := make([]byte, 1), make([]byte, unix.CmsgSpace(3*4))
	for {
		n, m, _, _, err := unix.Recvmsg(conn, buf, control, unix.MSG_CMSG_CLOEXEC)
		if err != nil || n == 0 {
			return
		}
		messages, _ := unix.ParseSocketControlMessage(control[:m])
		fds, _ := unix.ParseUnixRights(&messages[0])
		pid, err := syscall.ForkExec("/bin/true", []string{"/bin/true"}, &syscall.ProcAttr{
			Dir: "/", Env: env, Files: []uintptr{uintptr(fds[0]), uintptr(fds[1]), uintptr(fds[2])}, Sys: &syscall.SysProcAttr{Setpgid: true},
		})
		if err != nil {
			return
		}
		for _, fd := range fds {
			unix.Close(fd)
		}
		unix.Write(conn, buf)
		unix.Read(conn, buf)
		unix.Wait4(pid, nil, 0, nil)
		unix.Write(conn, buf)
	}
}

// serverStarter starts with a server, which ends with the benchmark.
func serverStarter(b *testing.B) func() (end func()) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		b.Fatal(err)
	}
	conn, theirs := pair[0], os.NewFile(uintptr(pair[1]), "conn")
	cmd := child(b, "forkserver")
	cmd.ExtraFiles = []*os.File{theirs}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	theirs.Close()
	b.Cleanup(func() { endServer(conn, cmd) })
	answer := make([]byte, 1)
	return func() (end func()) {
		child, ours := pipes(b)
		rights := unix.UnixRights(int(child[0].Fd()), int(child[1].Fd()), int(child[2].Fd()))
		if err := unix.Sendmsg(conn, answer, rights, nil, 0); err != nil {
			b.Fatal(err)
		}
		if n, err := unix.Read(conn, answer); n != 1 {
			b.Fatalf("the server does not answer: %v", err)
		}
		return func() {
			closeAll(child)
			unix.Write(conn, answer)
			unix.Read(conn, answer)
			closeAll(ours)
		}
	}
}

func endServer(conn int, cmd *exec.Cmd) {
	unix.Close(conn)
	cmd.Wait()
}
