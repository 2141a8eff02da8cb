package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	gojson "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// waiting is a line on a terminal's stderr that says what a call waits for, and for
// how long it has. It comes only when that takes a while, and goes with the answer.
type waiting struct {
	p     *program
	begun time.Time

	mu    sync.Mutex
	text  string
	shown bool
	over  bool // the wait has ended: nothing more is written
}

// patience is how long a call may take before somebody is told what it does.
const patience = 700 * time.Millisecond

// progressToken is what the engine is to report the progress of a wait by.
var progressToken = wire.Tokens{WorkDoneToken: jsontext.Value(`"wait"`)}

// wait shows what a call waits for until the function that it returns is called.
// Nothing is shown if nobody looks.
func (c *client) wait(text string) (done func()) {
	if !isTerminal(c.p.stderr) || os.Getenv("TERM") == "dumb" {
		return func() {}
	}
	w := &waiting{p: c.p, begun: time.Now(), text: text}
	c.waited.Store(w)
	stop, stopped := make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		for next := patience; ; next = time.Second {
			select {
			case <-time.After(next):
				w.show()
			case <-stop:
				return
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
		w.clear()
	}
}

// progress takes what the engine reports of a wait.
func (c *client) progress(params []byte) {
	w := c.waited.Load()
	var m wire.ProgressParams
	if w == nil || gojson.Unmarshal(params, &m) != nil || m.Value.Message == "" {
		return
	}
	w.mu.Lock()
	w.text = m.Value.Message
	shown := w.shown
	w.mu.Unlock()
	if shown {
		w.show()
	}
}

// show writes the line over what was there.
func (w *waiting) show() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over { // a report that came while the line was cleared
		return
	}
	w.shown = true
	fmt.Fprintf(w.p.stderr, "\r\x1b[K%s, waiting for %d s", w.text, int(time.Since(w.begun).Seconds()))
}

func (w *waiting) clear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	if w.shown {
		fmt.Fprint(w.p.stderr, "\r\x1b[K")
	}
}
