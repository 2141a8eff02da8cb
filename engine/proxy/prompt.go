package proxy

import (
	"net/http"
	"sync"
	"time"
)

// prompt sends on at once what the target has sent. ReverseProxy does so itself
// only where the length is unknown, with a timer and a goroutine for each request
// that send the head by itself, which is felt in every page. Here a head goes with
// the first piece of its body, unless that is late.
type prompt struct {
	http.ResponseWriter
	late *lateHeads

	mu    sync.Mutex // held to write and to flush
	waits bool       // the head does, for the body
}

// WriteHeader implements [http.ResponseWriter]. A head that says how long the body
// is has no need of being sent before: nobody can do anything with it.
func (w *prompt) WriteHeader(code int) {
	w.ResponseWriter.WriteHeader(code)
	if code >= http.StatusOK && len(w.Header()["Content-Length"]) == 0 {
		w.mu.Lock()
		w.waits = true
		w.mu.Unlock()
		w.late.add(w)
	}
}

// Write implements [io.Writer].
func (w *prompt) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.ResponseWriter.Write(b)
	if err == nil {
		w.flushLocked()
	}
	return n, err
}

// Flush implements [http.Flusher].
func (w *prompt) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.flushLocked()
}

func (w *prompt) flushLocked() {
	w.waits = false
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// sendHead sends the head if it still waits.
func (w *prompt) sendHead() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waits {
		w.flushLocked()
	}
}

// end lets go of the writer, which may not be used after the request.
func (w *prompt) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waits, w.ResponseWriter = false, nil
}

// Unwrap is for [http.ResponseController].
func (w *prompt) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// headPatience is how long a head waits for its body at most.
const headPatience = time.Millisecond

// lateHeads sends the heads whose bodies are late. It has one timer for all: one
// for each request would cost as much as what is saved.
type lateHeads struct {
	mu   sync.Mutex
	list []*prompt // since the timer was set
}

func (l *lateHeads) add(w *prompt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.list = append(l.list, w); len(l.list) == 1 {
		time.AfterFunc(headPatience, l.send)
	}
}

func (l *lateHeads) send() {
	l.mu.Lock()
	list := l.list
	l.list = nil
	l.mu.Unlock()
	for _, w := range list {
		w.sendHead()
	}
}
