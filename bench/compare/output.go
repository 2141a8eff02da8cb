//go:build linux

package compare

import (
	"errors"
	"fmt"
	"syscall"
	"time"
)

var errNotStarted = errors.New("the job did not start")

// LastLine runs a job so often that ends right behind a last line without a
// newline, and counts how often that line is printed.
func (r Rival) LastLine(runs int) (printed int, err error) {
	for range runs {
		w, err := r.start("echo $$ >pids; echo first; printf 'last words'\n")
		if err != nil {
			return printed, err
		}
		if !await(func() bool { m := w.members(); return len(m) == 1 && len(living(m)) == 0 }) {
			w.discard()
			return printed, errNotStarted
		}
		settle(2*time.Second, func() bool { return w.output.has("last words") })
		if w.output.has("last words") {
			printed++
		}
		w.end(syscall.SIGINT)
		w.discard()
	}
	return printed, nil
}

// Flood is what it costs to print many lines.
type Flood struct {
	Lines int // printed
	Wall  time.Duration
	CPU   time.Duration // of the rival and its job
	RSS   int64         // bytes, at the most, of the rival's processes
	Err   error
}

// Flood runs a job that prints a file with so many marked lines.
func (r Rival) Flood(file string, lines int) (f Flood) {
	begun := time.Now()
	w, err := r.start(fmt.Sprintf("echo $$ >pids; cat %s; echo all is said; exec sleep 1000\n", file))
	if err != nil {
		return Flood{Err: err}
	}
	defer w.discard()
	if !await(func() bool { return w.output.has("all is said") }) {
		f.Err = fmt.Errorf("the last line did not come in %v", patience)
	}
	f.Wall, f.Lines = time.Since(begun), w.output.marked()
	f.CPU, f.RSS = w.usage()
	w.end(syscall.SIGINT)
	return f
}
