package main

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

const sigPipe = syscall.SIGPIPE

var endSignals = []os.Signal{os.Interrupt, syscall.SIGTERM}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// columnsOf is not known here, so that nothing is drawn over.
func columnsOf(*os.File) int { return 0 }

func sizeOf(*os.File) (columns, rows int) { return 0, 0 }

// rawKeys: processes have no terminals here.
func rawKeys(*os.File) (restore func(), err error) { return nil, errors.ErrUnsupported }

func onResize(func()) (stop func()) { return func() {} }

func signalNumber(string) int { return 0 }

// othersMayRead: a file's mode says nothing about it here, only its folder's
// access list does.
func othersMayRead(fs.FileInfo) string { return "" }

// readerGone reports whether an error is that of writing to a pipe that nobody reads
// any more.
func readerGone(err error) bool {
	return errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}

// watchReader is not needed here: a write to a closed pipe fails, and nothing
// else tells.
func watchReader(*os.File, func()) (stop func()) { return func() {} }

func watchConn(*net.UnixConn, func()) (stop func()) { return func() {} }
