package process

import (
	"fmt"
	"os"
	"sync"
)

// maxInput is how much input may wait for a process that does not read it.
const maxInput = 1 << 20

// input is a process's stdin. What is sent is queued in order and written by
// its own goroutine, which exists only while there is something to write, so a
// child that does not read blocks nobody.
type input struct {
	mu      sync.Mutex
	file    *os.File // nil once closed
	queue   []byte
	eof     bool // close behind the queue
	writing bool
}

func newInput(f *os.File) *input { return &input{file: f} }

// Input sends data to the process's stdin, and closes it behind the data if eof.
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
	case in.file == nil || in.eof:
		return &InputError{p.id, "it has been closed"}
	case len(in.queue)+len(data) > maxInput:
		return &InputError{p.id, fmt.Sprintf("%d bytes wait for the process to read; the limit is %d", len(in.queue), maxInput)}
	}
	in.queue = append(in.queue, data...)
	in.eof = eof
	if !in.writing {
		in.writing = true
		p.table.wg.Go(in.write)
	}
	return nil
}

// write empties the queue. A broken pipe is the process's own choice.
func (in *input) write() {
	for {
		in.mu.Lock()
		data, file := in.queue, in.file
		in.queue = nil
		if len(data) == 0 || file == nil {
			in.writing = false
			if in.eof {
				in.closeLocked()
			}
			in.mu.Unlock()
			return
		}
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
	if in.file != nil {
		in.file.Close()
		in.file, in.queue = nil, nil
	}
}
