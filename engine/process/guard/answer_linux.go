package guard

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/brummer-rpc/brummer-rpc/engine/process/guard/vfork"
)

// newAnswer makes the memory where the guard answers, and the file that it is to map.
func newAnswer() (a *vfork.Answer, theirs *os.File, err error) {
	fd, err := unix.MemfdCreate("answer", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, nil, fmt.Errorf("memfd_create: %w", err)
	}
	theirs = os.NewFile(uintptr(fd), "answer")
	if err := unix.Ftruncate(fd, answerSize); err != nil {
		theirs.Close()
		return nil, nil, fmt.Errorf("ftruncate: %w", err)
	}
	if a, err = mapAnswer(fd); err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return a, theirs, nil
}

const answerSize = int64(unsafe.Sizeof(vfork.Answer{}))

func mapAnswer(fd int) (*vfork.Answer, error) {
	var s unix.Stat_t
	if err := unix.Fstat(fd, &s); err != nil {
		return nil, fmt.Errorf("fstat: %w", err)
	}
	if s.Size != answerSize { // what is not there can't be read
		return nil, fmt.Errorf("the file for answers has %d bytes", s.Size)
	}
	p, err := unix.MmapPtr(fd, 0, nil, uintptr(answerSize), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	return (*vfork.Answer)(p), nil
}

func unmapAnswer(a *vfork.Answer) { unix.MunmapPtr(unsafe.Pointer(a), uintptr(answerSize)) }
