//go:build unix

package socket

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func checkFolder(dir string, info fs.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return fmt.Errorf("%s must be a folder for the workspace socket, and is a %v", dir, info.Mode().Type())
	case ok && int(stat.Uid) != os.Getuid():
		return fmt.Errorf("%s belongs to uid %d: it is not used for the workspace socket", dir, stat.Uid)
	case info.Mode().Perm()&0o077 != 0:
		return fmt.Errorf("%s is open to others (%v): chmod 700 makes it usable for the workspace socket", dir, info.Mode().Perm())
	}
	return nil
}

// listenPrivate binds under a umask, so that the socket is never open to others,
// not even for a moment.
func listenPrivate(path string) (*net.UnixListener, error) {
	old := unix.Umask(0o177)
	defer unix.Umask(old)
	return net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
}

// checkPeer makes sure that the other end is this user's.
func checkPeer(conn *net.UnixConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	uid, failure := -1, error(nil)
	if err := raw.Control(func(fd uintptr) { uid, failure = peerUID(int(fd)) }); err != nil {
		return err
	}
	if failure == nil && uid != os.Getuid() {
		failure = fmt.Errorf("the other end belongs to uid %d", uid)
	}
	return failure
}

var errLocked = errors.New("locked")

// tryLock locks a file until it is closed, by flock(2): the lock goes with the
// process, however that ends.
func tryLock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return errLocked
	}
	return err
}

func isRefused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }
