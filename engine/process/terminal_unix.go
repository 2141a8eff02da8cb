//go:build unix

package process

import (
	"errors"
	"os"
	"syscall"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// openTerminal makes a terminal of a size; 0 means the default.
func openTerminal(cols, rows int) (*streams, error) {
	if cols == 0 || rows == 0 {
		cols, rows = defaultCols, defaultRows
	}
	blocking, tty, err := pty.Open()
	if err != nil {
		return nil, err
	}
	defer blocking.Close()
	err = pty.Setsize(tty, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)})
	var master *os.File
	if err == nil {
		master, err = pollable(blocking)
	}
	if err != nil {
		tty.Close()
		return nil, err
	}
	ours := &end{file: master}
	return &streams{child: [3]*os.File{tty, tty, tty}, in: ours, out: [2]*end{ours}, tty: true}, nil
}

// pollable returns the same file with deadlines: the package pty leaves it in a
// mode in which a read occupies a thread and can't be ended.
func pollable(f *os.File) (*os.File, error) {
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		syscall.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}

func (s *streams) resize(cols, rows int) error {
	raw, err := s.in.open().SyscallConn()
	if err != nil {
		return errNoTerminal
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		failed = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(cols), Row: uint16(rows)})
	})
	if errors.Is(err, os.ErrClosed) {
		return errNoTerminal
	}
	return errors.Join(err, failed)
}
