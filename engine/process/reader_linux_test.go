package process

import (
	"bytes"
	"os"
	"sync"
	"syscall"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// TestFullPipeIsWidened: a writer that is faster than the reader gets a larger pipe.
func TestFullPipeIsWidened(t *testing.T) {
	const getPipeSize = 1032 // F_GETPIPE_SZ in linux/fcntl.h
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	sized := func() (size uintptr) {
		c, err := to.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		c.Control(func(fd uintptr) { size, _, _ = syscall.Syscall(syscall.SYS_FCNTL, fd, getPipeSize, 0) })
		return size
	}
	line := bytes.Repeat([]byte("0123456789abcde\n"), narrow/16)
	if _, err := to.Write(line); err != nil { // the pipe is full before it is read
		t.Fatal(err)
	}
	read := make(chan int)
	r := &reader{file: from, cutter: lines.Cutter{Max: 1 << 10}, write: func(b lines.Batch) uint64 {
		read <- len(b.Data)
		return 1
	}}
	var reading sync.WaitGroup
	reading.Go(r.read)
	if _, err := to.Write(line[:firstRead]); err != nil { // and once more, after the first read
		t.Fatal(err)
	}
	if n := <-read; n != firstRead {
		t.Fatalf("the first read brings %d bytes", n)
	}
	for n := 0; n < narrow; {
		n += <-read
	}
	if size := sized(); size != wide {
		t.Errorf("the pipe holds %d bytes after it was full, not %d", size, wide)
	}
	to.Close()
	reading.Wait()
}
