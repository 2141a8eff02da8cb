//go:build linux

package compare

import (
	"errors"
	"fmt"
	"syscall"
	"time"
)

// What a job says last. It has no spaces: who draws a screen may move over them.
const (
	lastWords = "last-words"
	allIsSaid = "all-is-said"
)

var errNotStarted = errors.New("the job did not start")

// LastLine runs a job so often that ends right behind a last line without a
// newline, and counts how often that line is printed.
func (r Rival) LastLine(runs int) (printed int, err error) {
	for range runs {
		w, err := r.start("echo $$ >pids; echo first; printf " + lastWords + "\n")
		if err != nil {
			return printed, err
		}
		if !await(func() bool { m := w.members(); return len(m) == 1 && len(living(m)) == 0 }) {
			w.discard()
			return printed, errNotStarted
		}
		settle(2*time.Second, func() bool { return w.output.has(lastWords) })
		if w.output.has(lastWords) {
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

// floodPatience is for the slowest, which draws each line on a screen.
const floodPatience = time.Minute

// Flood runs a job that prints a file with so many marked lines.
func (r Rival) Flood(file string, lines int) (f Flood) {
	begun := time.Now()
	w, err := r.start(fmt.Sprintf("echo $$ >pids; cat %s; echo %s; exec sleep 1000\n", file, allIsSaid))
	if err != nil {
		return Flood{Err: err}
	}
	defer w.discard()
	settle(floodPatience, func() bool { return w.output.has(allIsSaid) })
	if !w.output.has(allIsSaid) {
		f.Err = fmt.Errorf("the last line did not come in %v", floodPatience)
	}
	f.Wall, f.Lines = time.Since(begun), w.output.marked()
	f.CPU, f.RSS = w.usage()
	w.end(syscall.SIGINT)
	return f
}
