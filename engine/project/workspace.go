package project

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
)

// Workspace keeps the listing of one folder. While somebody watches it, it
// follows the file system and rings when the listing has changed; otherwise it
// looks when it is asked, and reads only what has changed since. Create it with
// [NewWorkspace] and end it with [Workspace.Close].
type Workspace struct {
	root  string
	logf  func(string, ...any)
	bells wake.Bells
	known atomic.Pointer[Known] // replaced under looking

	looking sync.Mutex // one look at a time: the second would find what the first has
	dir     *os.Root   // opened by the first look
	disk    *disk

	mu       sync.Mutex // starting and stopping the watcher
	watching int        // how many watch
	watcher  *watcher   // nil while nobody does
}

// Known is what is known of a workspace at one moment. It is immutable.
type Known struct {
	Revision uint64 // counts the changes, from 1
	Listing

	tree *tree
}

// NewWorkspace returns the room of an absolute folder. It reads nothing yet.
func NewWorkspace(root string, logf func(string, ...any)) *Workspace {
	return &Workspace{root: root, logf: logf}
}

// Close ends the watcher. Nobody may watch any more, or list.
func (w *Workspace) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.watcher != nil {
		w.watcher.stop()
		w.watcher = nil
	}
	w.looking.Lock()
	defer w.looking.Unlock()
	if w.dir != nil {
		_ = w.dir.Close() // nothing was written through it
	}
}

// Known is what the last look found, nil before the first; it never waits.
func (w *Workspace) Known() *Known { return w.known.Load() }

// List gives what can be run here now. The error is for a root that cannot be
// read, or for a ctx that ended.
func (w *Workspace) List(ctx context.Context) (*Known, error) {
	w.mu.Lock()
	watcher := w.watcher
	w.mu.Unlock()
	if known := w.known.Load(); known != nil && watcher.quiet() {
		return known, nil
	}
	return w.look(ctx)
}

// look looks at the workspace, and rings if it has changed.
func (w *Workspace) look(ctx context.Context) (*Known, error) {
	w.looking.Lock()
	defer w.looking.Unlock()
	if err := w.open(); err != nil {
		return nil, err
	}
	l, tree, err := survey(ctx, w.disk, w.root, defaultLimits)
	if err != nil {
		return nil, fmt.Errorf("project: %w", err)
	}
	w.disk.forget(tree)
	before := w.known.Load()
	next := &Known{Listing: l, tree: tree, Revision: 1}
	if before != nil {
		next.Revision = before.Revision
		if !reflect.DeepEqual(before.Listing, l) {
			next.Revision++
		}
	}
	w.known.Store(next)
	if before == nil || next.Revision != before.Revision {
		w.bells.Ring()
	}
	return next, nil
}

// open opens the root. An os.Root refuses a symbolic link that leads outside of
// the workspace, so that opening a stranger's folder cannot read our home.
func (w *Workspace) open() error {
	if w.dir != nil {
		return nil
	}
	dir, err := os.OpenRoot(w.root)
	if err != nil {
		return fmt.Errorf("project: %w", err)
	}
	w.dir, w.disk = dir, newDisk(dir.FS())
	return nil
}

// Watch rings b after every change of the listing until stop is called. The
// first to watch starts the watcher, the last one ends it.
func (w *Workspace) Watch(b *wake.Bell) (stop func()) {
	remove := w.bells.Add(b)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.watching++; w.watching == 1 {
		w.watcher = startWatcher(w)
	}
	return sync.OnceFunc(func() {
		remove()
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.watching--; w.watching == 0 && w.watcher != nil {
			w.watcher.stop()
			w.watcher = nil
		}
	})
}

// abs is the absolute path of a folder or file of the workspace.
func (w *Workspace) abs(rel string) string { return filepath.Join(w.root, filepath.FromSlash(rel)) }

// Difference tells what has changed between two states of the workspace: the
// scripts that are new or not as they were, and the ids of those that are gone.
func (k *Known) Difference(before *Known) (added []Script, removed []string) {
	old := make(map[string]Script)
	if before != nil {
		for _, s := range before.Scripts {
			old[s.ID] = s
		}
	}
	for _, s := range k.Scripts {
		if was, ok := old[s.ID]; !ok || !reflect.DeepEqual(was, s) {
			added = append(added, s)
		}
		delete(old, s.ID)
	}
	if before != nil {
		for _, s := range before.Scripts {
			if _, gone := old[s.ID]; gone {
				removed = append(removed, s.ID)
			}
		}
	}
	return added, removed
}

// The watcher's patience: changes are gathered for a moment, and it never spends
// more than about a tenth of its time on looking.
const (
	settleTime = 100 * time.Millisecond
	restFactor = 10
)
