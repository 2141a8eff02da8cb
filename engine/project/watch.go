package project

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"
)

// maxWatched is how many folders are watched. A system gives each user some
// thousands of watches, and others need them too; what is beyond is looked at
// when somebody asks.
const maxWatched = 4096

// watcher is one goroutine that follows the file system and looks again when
// something has changed that may matter.
//
//	fsnotify -> matters? -> quiet for a moment -> look -> watch the folders found
type watcher struct {
	w      *Workspace
	notify *fsnotify.Watcher
	cancel context.CancelFunc
	done   sync.WaitGroup

	dirty   atomic.Bool // something may have changed since the last look
	partial atomic.Bool // there is more than is watched

	// The goroutine's own.
	watched map[string]bool // folders, by absolute path
	also    []string        // files that count wherever they are
}

// startWatcher starts one; nil if the system has no more watches to give. A nil
// watcher is never quiet, so that whoever asks looks.
func startWatcher(w *Workspace) *watcher {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		w.o.Logf("the workspace is not watched: %v", err)
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &watcher{w: w, notify: notify, cancel: cancel, watched: make(map[string]bool)}
	r.dirty.Store(true)
	r.done.Go(func() { r.run(ctx) })
	return r
}

// stop ends the watcher and waits for it.
func (r *watcher) stop() {
	r.cancel()
	r.done.Wait()
	_ = r.notify.Close() // its goroutine's end; there is nothing to be done about an error
}

// quiet reports whether what is known is what is there.
func (r *watcher) quiet() bool { return r != nil && !r.dirty.Load() && !r.partial.Load() }

func (r *watcher) run(ctx context.Context) {
	due := time.NewTimer(0)
	defer due.Stop()
	var rested time.Time // before that, no look
	waiting := true      // due is set: what comes until then is seen by that look
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-r.notify.Events:
			if !ok {
				return
			}
			if !r.matters(e) {
				continue
			}
			r.dirty.Store(true)
			if !waiting {
				due.Reset(max(settleTime, time.Until(rested)))
				waiting = true
			}
		case err, ok := <-r.notify.Errors:
			if !ok {
				return
			}
			// Events were lost: anything may have changed.
			r.w.o.Logf("watching the workspace: %v", err)
			r.dirty.Store(true)
			due.Reset(settleTime)
			waiting = true
		case <-due.C:
			waiting = false
			start := time.Now()
			r.look(ctx)
			rested = time.Now().Add(restFactor * time.Since(start))
		}
	}
}

// look looks at the workspace, and again if something has changed before the
// folders that it has found were watched.
func (r *watcher) look(ctx context.Context) {
	for fresh := true; fresh && ctx.Err() == nil; {
		r.dirty.Store(false)
		known, err := r.w.look(ctx)
		if err != nil {
			r.dirty.Store(true)
			if ctx.Err() == nil {
				r.w.o.Logf("%v", err)
			}
			return
		}
		fresh = r.follow(known)
	}
}

// follow watches the folders of what is known, and no others. It reports whether
// there was a new one.
func (r *watcher) follow(k *Known) (fresh bool) {
	r.also = r.w.elsewhere(k)
	folders := r.folders(k)
	wanted := make(map[string]bool, len(folders))
	for _, dir := range folders {
		wanted[dir] = true
	}
	for dir := range r.watched {
		if !wanted[dir] {
			_ = r.notify.Remove(dir) // gone with the folder, more often than not
			delete(r.watched, dir)
		}
	}
	r.partial.Store(len(wanted) > maxWatched)
	for _, dir := range folders {
		if r.watched[dir] || len(r.watched) == maxWatched {
			continue
		}
		if err := r.notify.Add(dir); err != nil {
			r.partial.Store(true)
			continue
		}
		r.watched[dir] = true
		fresh = true
	}
	return fresh
}

// folders are those to be watched: first the few with files that count wherever
// they are, if they are there, then those of the workspace.
func (r *watcher) folders(k *Known) []string {
	list := make([]string, 0, len(k.tree.files)+len(r.also))
	for _, file := range r.also {
		if info, err := os.Stat(filepath.Dir(file)); err == nil && info.IsDir() {
			list = append(list, filepath.Dir(file))
		}
	}
	for dir := range k.tree.files {
		list = append(list, r.w.Path(dir))
	}
	return list
}

// matters reports whether an event may change what is known: a name that comes or
// goes in a folder of the workspace, or a write to a file that has been read. The
// writes of log files and compilers are the most by far, and are none of it.
func (r *watcher) matters(e fsnotify.Event) bool {
	if slices.Contains(r.also, e.Name) {
		return true
	}
	rel, err := filepath.Rel(r.w.o.Root, e.Name)
	rel = filepath.ToSlash(rel)
	if err != nil || !r.w.has(path.Dir(rel)) {
		return err == nil && rel == "." // of the root itself
	}
	if e.Has(fsnotify.Create) || e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
		return true
	}
	return e.Has(fsnotify.Write) && r.w.reads(rel)
}

// has reports whether a folder is one of those that were looked at.
func (w *Workspace) has(dir string) bool {
	known := w.known.Load()
	if known == nil {
		return true
	}
	_, ok := known.tree.files[dir]
	return ok
}

// reads reports whether a file is one of those that were read, or would be.
func (w *Workspace) reads(file string) bool {
	known := w.known.Load()
	if known == nil || !fs.ValidPath(file) {
		return true
	}
	if w.disk.keeps(file) || path.Base(file) == ".gitignore" || path.Base(file) == ConfigFile {
		return true
	}
	dir := path.Dir(file)
	for _, k := range kinds {
		for _, name := range k.pick(known.tree, dir) {
			if path.Join(dir, name) == file {
				return true
			}
		}
	}
	return false
}
