package socket

import (
	"errors"
	"io/fs"
	"net"
	"os"

	"golang.org/x/sys/windows"
)

// checkFolder: the folder is in the user's profile, whose access list keeps
// others out.
func checkFolder(string, fs.FileInfo) error { return nil }

func listenPrivate(path string) (*net.UnixListener, error) {
	return net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
}

func checkPeer(*net.UnixConn) error { return nil }

var errLocked = errors.New("locked")

func tryLock(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errLocked
	}
	return err
}

func isRefused(err error) bool { return errors.Is(err, windows.WSAECONNREFUSED) }
