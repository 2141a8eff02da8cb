package process

import (
	"fmt"
	"sync"
)

// maxInput is how much input may wait for a process that does not read it.
const maxInput = 1 << 20

// input is a process's stdin. What is sent is queued in order and written by
// its own goroutine, which exists only while there is something to write, so a
// child that does not read blocks nobody.
type input struct {
	tty bool // the file is a terminal, which is also read from

	mu      sync.Mutex
	end     *end // nil once closed
	queue   []byte
	eof     bool // close behind the queue
	midLine bool // what was queued last has no newline
	writing bool
}

func newInput(s *streams) *input { return &input{end: s.in, tty: s.tty} }

// Input sends data to the process's stdin, and closes it behind the data if eof.
// A terminal can't be closed: it is sent the character that means the end of
// input, and takes more.
// It returns when the data is queued. The errors are [*EndedError] and
// [*InputError].
func (p *Process) Input(data []byte, eof bool) error {
	p.mu.Lock()
	r := p.run
	p.mu.Unlock()
	if r == nil {
		return &EndedError{ID: p.id, State: p.State()}
	}
	in := r.input
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case in.end == nil || in.eof:
		return &InputError{p.id, "it has been closed"}
	case len(in.queue)+len(data) > maxInput:
		return &InputError{p.id, fmt.Sprintf("%d bytes wait for the process to read; the limit is %d", len(in.queue), maxInput)}
	}
	in.queue = append(in.queue, data...)
	if len(data) > 0 {
		in.midLine = data[len(data)-1] != '\n'
	}
	switch {
	case eof && in.tty:
		in.endLocked()
	case eof:
		in.eof = true
	}
	if !in.writing {
		in.writing = true
		p.table.wg.Go(in.write)
	}
	return nil
}

// endLocked queues the end of input for a terminal. Within a line it only gives
// the reader what there is, and the second one is the end.
func (in *input) endLocked() {
	if in.midLine {
		in.queue = append(in.queue, eot)
	}
	in.queue, in.midLine = append(in.queue, eot), false
}

// write empties the queue. A broken pipe is the process's own choice.
func (in *input) write() {
	for {
		in.mu.Lock()
		data := in.queue
		in.queue = nil
		if len(data) == 0 || in.end == nil {
			in.writing = false
			if in.eof {
				in.closeLocked()
			}
			in.mu.Unlock()
			return
		}
		file := in.end.open()
		in.mu.Unlock()
		if _, err := file.Write(data); err != nil {
			in.close()
		}
	}
}

func (in *input) close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.closeLocked()
}

func (in *input) closeLocked() {
	if in.end == nil {
		return
	}
	if !in.tty {
		in.end.close()
	}
	in.end, in.queue = nil, nil
}
