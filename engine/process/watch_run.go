package process

import (
	"os"
	"time"

	"github.com/fsnotify/fsnotify"
)

// watchLocked makes w the process's watch, and ends the one before.
func (p *Process) watchLocked(w *watch) {
	p.unwatchLocked()
	if w == nil {
		return
	}
	p.watch = w
	p.table.wg.Go(func() { w.run(p) })
}

// unwatchLocked ends the watch. The caller holds p.mu and table.mu.
func (p *Process) unwatchLocked() {
	if p.watch == nil {
		return
	}
	close(p.watch.stop)
	p.watch = nil
	if s := p.Snapshot(); s.Watched {
		p.setLocked(s.State, func(s *Snapshot) { s.Watched = false })
	}
}

// run restarts p after changes, until the watch is ended.
func (w *watch) run(p *Process) {
	defer w.notify.Close()
	q := newQuiet(w.rule.debounce())
	defer q.timer.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-q.timer.C:
			p.fileChanged(w, w.relative(q.end()))
		case e := <-w.notify.Events:
			q.note(w.changed(e, p.table.o.Logf))
		case err := <-w.notify.Errors:
			p.table.o.Logf("watching the files of %s: %v", p.id, err)
			q.note(w.folder) // events were lost, so anything may have changed
		}
	}
}

// quiet waits until a stream of changes pauses. Its timer rings when that is so,
// or when it has waited long enough.
type quiet struct {
	pause time.Duration
	timer *time.Timer
	first time.Time // of the changes that wait; zero without any
	file  string    // the first of them
}

func newQuiet(pause time.Duration) *quiet {
	q := &quiet{pause: pause, timer: time.NewTimer(time.Hour)}
	q.timer.Stop()
	return q
}

// note adds a change; "" is none.
func (q *quiet) note(file string) {
	if file == "" {
		return
	}
	if q.first.IsZero() {
		q.first, q.file = time.Now(), file
	}
	q.timer.Reset(min(q.pause, time.Until(q.first.Add(maxDebounces*q.pause))))
}

// end is called when the timer has rung, and returns what changed first.
func (q *quiet) end() string {
	q.first = time.Time{}
	return q.file
}

// changed returns the file that an event is about, "" if it does not count. A new
// folder is watched, and what is in it already counts.
func (w *watch) changed(e fsnotify.Event, logf func(string, ...any)) string {
	if e.Op == fsnotify.Chmod {
		return ""
	}
	if e.Op.Has(fsnotify.Create) {
		if info, err := os.Lstat(e.Name); err == nil && info.IsDir() {
			if w.ignores(w.relative(e.Name)) {
				return ""
			}
			file, err := w.addTree(e.Name)
			if err != nil {
				logf("watching: %v", err)
			}
			return file
		}
	}
	if !w.counts(e.Name) {
		return ""
	}
	return e.Name
}

// fileChanged starts the process anew, unless w is not its watch any more.
func (p *Process) fileChanged(w *watch, file string) {
	t := p.table
	t.mu.Lock()
	defer t.unlock()
	again := p.startAnewLocked(w, file+" has changed")
	if again && w.rule.Cascade {
		t.cascadeLocked(p)
	}
}

// startAnewLocked reports whether it ends a run that others may depend on. The
// caller holds table.mu.
func (p *Process) startAnewLocked(w *watch, why string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.watch != w || p.table.closed {
		return false
	}
	s := p.Snapshot()
	p.tries, p.clashes = 0, 0
	switch {
	case s.State == Pending, s.State == Stopping:
		return false
	case s.State == Running:
		p.restarting(s, Restarting{Reason: why})
		p.stopLocked(StopOptions{}, true)
		return true
	}
	p.callOffLocked()
	p.restarting(s, Restarting{Reason: why})
	if err := p.launchLocked(s.Restarts + 1); err != nil {
		p.table.o.Logf("%v", err)
	}
	return false
}

// cascadeLocked restarts what runs and depends on p, and what depends on that. It
// comes up again in the order of the graph: p is not ready any more.
func (t *Table) cascadeLocked(p *Process) {
	met := map[*Process]bool{p: true}
	for queue := []*Process{p}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for _, id := range at.dependentsLocked() {
			q := t.byID[id]
			if met[q] {
				continue
			}
			met[q] = true
			queue = append(queue, q)
			q.mu.Lock()
			if s := q.Snapshot(); s.State == Running {
				q.restarting(s, Restarting{Reason: at.id + " is restarted"})
				q.stopLocked(StopOptions{}, true)
			}
			q.mu.Unlock()
		}
	}
}
