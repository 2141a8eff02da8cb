package process

import (
	"errors"
	"os"
	"sync/atomic"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

const (
	// readSize is how much one read asks for, where the cost of the system call
	// no longer shows (facts: 2.7 GB/s from 64 KiB on).
	readSize = 128 << 10
	// narrow is what a pipe holds, and wide what one is made to hold that was
	// found full: so its writer and its reader wake each other a fourth as often.
	narrow, wide = 64 << 10, 256 << 10
	// firstRead is how much is asked for until there has been as much: most
	// processes are quiet, and fifty of them need not hold megabytes.
	firstRead = 4 << 10
	// quietAfter is how long an unterminated line waits before it is shown.
	quietAfter = 200 * time.Millisecond
)

// reader moves one stream from its pipe to the log: a read, the cuts, a batch.
type reader struct {
	file   *os.File
	keep   bool // the file is still written to: it is a terminal's
	stream lines.Stream
	run    uint32
	cutter lines.Cutter
	write  func(lines.Batch) uint64
	pace   func(last uint64, bytes int, over <-chan struct{}) // waits for who is to miss nothing; nil for nobody
	over   <-chan struct{}                                    // closed when the set has gone: nothing waits then

	last      uint64 // the last record stored; read after the reader has ended
	abandoned atomic.Bool
	taken     int  // bytes read since then
	held      bool // it has ended though somebody keeps the file open; read after the reader has ended
	cuts      []lines.Cut
	came      time.Time // when the last read returned
	timed     bool      // reads have a deadline
	widened   bool      // the pipe was full, and has been made to hold more
}

// read returns at end of file, or when the reader is abandoned.
func (r *reader) read() {
	if !r.keep {
		defer r.file.Close()
	}
	var buf []byte
	size := firstRead
	tail := 0 // bytes of an unfinished line at the front of buf
	for {
		if len(buf) < tail+size {
			larger := make([]byte, max(2*len(buf), tail+size))
			copy(larger, buf[:tail])
			buf = larger
		}
		if tail > 0 && !r.timed {
			r.setDeadline(r.came.Add(quietAfter))
		}
		n, err := r.next(buf[tail : tail+size])
		late := errors.Is(err, os.ErrDeadlineExceeded)
		if late && r.early(tail > 0) {
			continue
		}
		r.came = time.Now()
		switch {
		case n == size:
			size = readSize
		case n >= narrow && !r.widened:
			r.widened = true
			widen(r.file, wide)
		}
		b := buf[:tail+n]
		var used int
		r.cuts, used = r.cutter.Cut(b, r.cuts[:0])
		if late {
			r.cuts, used = r.cutter.Quiet(b, r.cuts)
		}
		r.store(b[:used])
		tail = copy(buf, b[used:])
		if err != nil && !late {
			r.cuts = r.cutter.End(buf[:tail], r.cuts[:0])
			r.store(buf[:tail])
			return
		}
	}
}

// next reads, and waits for something to read unless the reader is abandoned.
func (r *reader) next(b []byte) (int, error) {
	n, err := r.file.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) && r.abandoned.Load() {
		return r.rest(b)
	}
	return n, err
}

// errHeld is the end of what can be read of a file that somebody keeps open.
var errHeld = errors.New("it is held open")

// rest reads what is there already: on a busy machine a reader may be far behind
// when it is abandoned. There is no more of it than a pipe holds; what comes then is
// of whoever keeps the file open.
func (r *reader) rest(b []byte) (int, error) {
	n, err := readNow(r.file, b[:min(len(b), wide-r.taken)])
	r.taken += n
	r.held = err == errHeld
	return n, err
}

// early deals with a deadline that was set for an earlier line, and reports whether
// that was so: then the next read is to wait on, for as long as is left. A stream
// that keeps coming does not move its deadline for each read, because to move it
// wakes the thread that waits for files.
func (r *reader) early(unfinished bool) bool {
	r.timed = false
	if unfinished {
		return time.Now().Before(r.came.Add(quietAfter))
	}
	r.setDeadline(time.Time{})
	return true
}

// setDeadline bounds the reads that follow; the zero time doesn't.
func (r *reader) setDeadline(t time.Time) {
	r.timed = !t.IsZero()
	r.file.SetReadDeadline(t)
	if r.abandoned.Load() { // abandon's own deadline may just have been undone
		r.file.SetReadDeadline(time.Now())
	}
}

func (r *reader) store(data []byte) {
	if len(r.cuts) == 0 {
		return
	}
	r.last = r.write(lines.Batch{Data: data, Cuts: r.cuts, Time: r.came.UnixMilli(), Run: r.run})
	if r.pace != nil {
		r.pace(r.last, len(data), r.over)
	}
}

// abandon makes read return soon, with what is there by now.
func (r *reader) abandon() {
	r.abandoned.Store(true)
	r.file.SetReadDeadline(time.Now())
}
