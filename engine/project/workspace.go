package project

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
	"github.com/brummer-rpc/brummer-rpc/engine/project/config"
)

// Workspace keeps the listing of one folder. While somebody watches it, it
// follows the file system and rings when the listing has changed; otherwise it
// looks when it is asked, and reads only what has changed since. Create it with
// [NewWorkspace] and end it with [Workspace.Close].
type Workspace struct {
	o     Options
	bells wake.Bells
	known atomic.Pointer[Known] // replaced under looking

	looking sync.Mutex // one look at a time: the second would find what the first has
	dir     *inRoot    // opened by the first look
	disk    *disk
	found   Listing // by the last look: what the configuration does not say

	mu       sync.Mutex // starting and stopping the watcher
	watching int        // how many watch
	watcher  *watcher   // nil while nobody does
}

// Known is what is known of a workspace at one moment. It is immutable.
type Known struct {
	Revision uint64 // counts the changes, from 1
	Listing
	// Config is the newest configuration without a mistake; an empty one if there
	// was none yet. Issues are the mistakes in the files as they are now, which
	// are among the problems, too.
	Config      *config.Merged
	Issues      []config.Issue
	Warnings    []config.Issue // what can't be used, and keeps nothing else from being used
	ConfigFiles []string       // those that were read, the later ones win
	Matchers    []MatcherFile  // what Options.Matchers and the configuration name

	tree *tree
}

// Options configure a [Workspace].
type Options struct {
	Root       string         // absolute folder
	UserConfig string         // path of the user's own configuration; "" for none
	Overrides  []config.Layer // what the environment and flags say; the later ones win
	Matchers   []string       // files with problem matchers that flags name, before the configuration's
	// Check tells what others know to be wrong in a configuration that is right as
	// far as this room knows: mistakes, for which it is not used, and warnings.
	Check func(*config.Merged, []MatcherFile) (mistakes, warnings []config.Issue)
	// Changed is called when a look has found another configuration, or other
	// matchers, by whoever looked and before anybody else sees it; before is nil
	// the first time. It must not look itself.
	Changed func(before, now *Known)
	Logf    func(string, ...any)
}

// NewWorkspace returns the room of a folder. It reads nothing yet.
func NewWorkspace(o Options) *Workspace {
	if o.Changed == nil {
		o.Changed = func(_, _ *Known) {}
	}
	if o.Check == nil {
		o.Check = func(*config.Merged, []MatcherFile) (_, _ []config.Issue) { return nil, nil }
	}
	return &Workspace{o: o}
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
		w.dir.Close()
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
	if known := w.known.Load(); known != nil && len(known.tree.files) > manyFolders && watcher.quiet() {
		return known, nil
	}
	return w.look(ctx)
}

// manyFolders is how many a workspace has whose watcher is taken at its word. A
// change is on its way to the watcher for a moment, on a busy machine for longer,
// and who has just written a file wants to see it; so where a look costs a few
// milliseconds, it is had.
const manyFolders = 1000

// look looks at the workspace, and rings if it has changed.
func (w *Workspace) look(ctx context.Context) (*Known, error) {
	w.looking.Lock()
	defer w.looking.Unlock()
	if err := w.open(); err != nil {
		return nil, err
	}
	before := w.known.Load()
	asBefore := before != nil && w.disk.unchanged(ctx)
	tree := (*tree)(nil)
	if asBefore {
		tree = before.tree
	} else {
		var err error
		if w.found, tree, err = survey(ctx, w.disk, w.o.Root, defaultLimits); err != nil {
			return nil, fmt.Errorf("project: %w", err)
		}
		w.disk.forget(tree)
	}
	next := w.configure(w.found, tree, before)
	reconfigured := before == nil || !before.SameConfiguration(next)
	if asBefore && !reconfigured {
		return before, nil
	}
	next.Revision = 1
	if before != nil {
		next.Revision = before.Revision
		if reconfigured || !reflect.DeepEqual(before.Listing, next.Listing) {
			next.Revision++
		}
	}
	if reconfigured {
		w.o.Changed(before, next)
	}
	w.known.Store(next)
	if before == nil || next.Revision != before.Revision {
		w.bells.Ring()
	}
	return next, nil
}

// configure puts what is configured before what was discovered. A configuration
// with a mistake changes nothing but the problems: the one before it stays.
func (w *Workspace) configure(found Listing, t *tree, before *Known) *Known {
	c := w.readConfig(t)
	next := &Known{tree: t, Config: c.merged, Issues: c.issues, ConfigFiles: c.files}
	next.Matchers = w.readMatchers(next.Config)
	if len(next.Issues) == 0 {
		next.Issues, next.Warnings = w.o.Check(next.Config, next.Matchers)
	}
	if len(next.Issues) > 0 {
		next.Config, next.Warnings = &config.Merged{}, nil
		if before != nil {
			next.Config = before.Config
		}
		next.Matchers = w.readMatchers(next.Config)
	}
	scripts, missing := w.scripts(next.Config, found)
	if len(next.Issues) == 0 {
		next.Warnings = append(next.Warnings, missing...)
	}
	next.Scripts = append(scripts, found.Scripts...)
	next.Problems = slices.Concat(issueProblems(next.Issues), issueProblems(next.Warnings), found.Problems)
	return next
}

// open opens the root.
func (w *Workspace) open() error {
	if w.dir != nil {
		return nil
	}
	dir, err := openRoot(w.o.Root)
	if err != nil {
		return fmt.Errorf("project: %w", err)
	}
	w.dir, w.disk = dir, newDisk(dir)
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

// The watcher's patience: changes are gathered for a moment, and it never spends
// more than about a tenth of its time on looking.
const (
	settleTime = 100 * time.Millisecond
	restFactor = 10
)
