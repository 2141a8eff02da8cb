package project

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/wake"
)

func ids(l Listing) string {
	var all []string
	for _, s := range l.Scripts {
		all = append(all, s.ID)
	}
	return strings.Join(all, " ")
}

// watched is a workspace that somebody watches.
type watched struct {
	*Workspace
	t    *testing.T
	root string
	bell *wake.Bell
}

func watchWorkspace(t *testing.T, root string) *watched {
	t.Helper()
	w := &watched{NewWorkspace(Options{Root: root, Logf: t.Logf}), t, root, wake.NewBell()}
	t.Cleanup(w.Close)
	w.bell.Arm()
	t.Cleanup(w.Watch(w.bell))
	return w
}

// until waits for the watcher to have found this.
func (w *watched) until(want string) {
	w.t.Helper()
	late := time.After(30 * time.Second)
	for {
		w.bell.Arm()
		known := w.Known()
		if known != nil && ids(known.Listing) == want {
			return
		}
		select {
		case <-w.bell.C:
		case <-late:
			w.t.Fatalf("found %+v, want %s", known, want)
		}
	}
}

// known is what a workspace knows now.
func known(t *testing.T, w *Workspace) *Known {
	t.Helper()
	k, err := w.List(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestWatch: what changes is found, wherever: in the root, in a folder that was
// not there, through a .gitignore, by another name.
func TestWatch(t *testing.T) {
	root := t.TempDir()
	write(t, root, "Procfile", "web: 1\n")
	w := watchWorkspace(t, root)
	w.until("procfile:web")
	write(t, root, "Procfile", "web: 1\nworker: 2\n")
	w.until("procfile:web procfile:worker")
	write(t, root, "apps/deep/Procfile", "new: 1\n")
	w.until("procfile:web procfile:worker procfile:apps/deep:new")
	write(t, root, "apps/deep/Procfile", "newer: 1\n")
	w.until("procfile:web procfile:worker procfile:apps/deep:newer")
	write(t, root, ".gitignore", "deep\n")
	w.until("procfile:web procfile:worker")
	if err := os.Remove(filepath.Join(root, ".gitignore")); err != nil {
		t.Fatal(err)
	}
	w.until("procfile:web procfile:worker procfile:apps/deep:newer")
	if err := os.RemoveAll(filepath.Join(root, "apps")); err != nil {
		t.Fatal(err)
	}
	w.until("procfile:web procfile:worker")
	if err := os.Rename(filepath.Join(root, "Procfile"), filepath.Join(root, "Procfile.dev")); err != nil {
		t.Fatal(err)
	}
	w.until("procfile.dev:web procfile.dev:worker")
}

// TestListWhileWatched: an answer while the watcher is at work is as new as any.
func TestListWhileWatched(t *testing.T) {
	root := t.TempDir()
	write(t, root, "Procfile", "web: 1\n")
	w := watchWorkspace(t, root)
	w.until("procfile:web")
	write(t, root, "Procfile.dev", "x: 1\n")
	known, err := w.List(context.Background())
	if err != nil || ids(known.Listing) != "procfile:web procfile.dev:x" {
		t.Errorf("%v, %v", known, err)
	}
}

func TestRevisions(t *testing.T) {
	root := t.TempDir()
	write(t, root, "Procfile", "web: 1\n")
	write(t, root, "Makefile", "a:\nb:\n")
	w := NewWorkspace(Options{Root: root, Logf: t.Logf})
	defer w.Close()
	look := func() *Known { return known(t, w) }
	first := look()
	if again := look(); again.Revision != first.Revision || first.Revision != 1 {
		t.Errorf("revisions %d, %d without a change", first.Revision, again.Revision)
	}
	write(t, root, "Makefile", "b:\n\techo\nc:\n") // b is on another line
	next := look()
	added, removed := next.Difference(first)
	if next.Revision != 2 || ids(Listing{Scripts: added}) != "make:b make:c" || !cmp.Equal(removed, []string{"make:a"}) {
		t.Errorf("revision %d: added %v, removed %v", next.Revision, added, removed)
	}
}

// TestLoopOfLinksWhileWatched: links that lead in circles are neither followed
// nor watched.
func TestLoopOfLinksWhileWatched(t *testing.T) {
	root := t.TempDir()
	write(t, root, "a/Procfile", "x: 1\n")
	for link, target := range map[string]string{"a/up": "..", "self": "self", "b": "a"} {
		if err := os.Symlink(target, filepath.Join(root, filepath.FromSlash(link))); err != nil {
			t.Skipf("needs symbolic links; turn on Windows' developer mode: %v", err)
		}
	}
	watchWorkspace(t, root).until("procfile:a:x")
}

// countedFS counts the folders and files that are opened.
type countedFS struct {
	fstest.MapFS
	opened atomic.Int64
}

func (c *countedFS) Open(name string) (fs.File, error) {
	c.opened.Add(1)
	return c.MapFS.Open(name)
}

func (c *countedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	c.opened.Add(1)
	return c.MapFS.ReadDir(name)
}

// TestOnlyWhatHasChanged: a second look opens nothing that is as it was, and what
// has just changed is not trusted to be as it was.
func TestOnlyWhatHasChanged(t *testing.T) {
	fsys := &countedFS{MapFS: procfiles(".", "a", "a/b")}
	now := time.Now()
	for _, f := range fsys.MapFS {
		f.ModTime = now.Add(-time.Minute)
	}
	d := newDisk(fsys)
	look := func() (string, int64) {
		t.Helper()
		fsys.opened.Store(0)
		l, err := discover(context.Background(), d, "/", defaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		return ids(l), fsys.opened.Load()
	}
	if _, opened := look(); opened < 6 {
		t.Errorf("the first look opens %d", opened)
	}
	if _, opened := look(); opened != 0 {
		t.Errorf("the second look opens %d", opened)
	}
	fsys.MapFS["a/Procfile"] = &fstest.MapFile{Data: []byte("y: 1\n"), ModTime: now}
	for range 2 { // twice: it is too new to be sure that it has not changed since
		if got, opened := look(); opened != 1 || got != "procfile:x procfile:a:y procfile:a/b:x" {
			t.Errorf("opened %d, found %s", opened, got)
		}
	}
}

// aged makes everything below root an hour old: what is new is not trusted to be
// as it was.
func aged(t *testing.T, root string) {
	t.Helper()
	old := time.Now().Add(-time.Hour)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Type()&fs.ModeSymlink != 0 {
			return err
		}
		return os.Chtimes(path, old, old)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNothingHasChanged: if all folders and files are as they were, nothing is
// parsed and what was known stays; any change is seen.
func TestNothingHasChanged(t *testing.T) {
	root, user := t.TempDir(), filepath.Join(t.TempDir(), "config.toml")
	write(t, root, "Procfile", "web: 1\n")
	write(t, root, "a/b/Makefile", "x:\n")
	write(t, root, "a/go.mod", "module x\n")
	write(t, root, "a/main.go", "package main\n")
	write(t, root, "m.json", "{}")
	write(t, root, ConfigFile, "detection.matchers = 'm.json'\n")
	if err := os.Symlink("nowhere", filepath.Join(root, "Makefile")); err != nil {
		t.Logf("without a link that leads nowhere: %v", err)
	}
	w := NewWorkspace(Options{Root: root, UserConfig: user, Logf: t.Logf})
	defer w.Close()
	look := func() *Known { return known(t, w) }
	change := func(what string, f func()) {
		t.Helper()
		aged(t, root)
		before := look()
		if look() != before {
			t.Errorf("before %s: something was parsed again", what)
		}
		f()
		if look() == before {
			t.Errorf("%s was not seen", what)
		}
	}
	change("another file", func() { write(t, root, "Procfile", "web: 2\n") })
	change("another size", func() {
		file := filepath.Join(root, "a", "b", "Makefile")
		was, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		write(t, root, "a/b/Makefile", "y: # longer\n")
		if err := os.Chtimes(file, was.ModTime(), was.ModTime()); err != nil {
			t.Fatal(err)
		}
	})
	change("a new file", func() { write(t, root, "a/b/Procfile", "new: 1\n") })
	change("another package", func() { write(t, root, "a/main.go", "package other\n") })
	change("a folder less", func() {
		if err := os.RemoveAll(filepath.Join(root, "a", "b")); err != nil {
			t.Fatal(err)
		}
	})
	change("a mistake", func() { write(t, root, ConfigFile, "x = 1\n") })
	change("no mistake", func() { write(t, root, ConfigFile, "detection.matchers = 'm.json'\n") })
	change("other matchers", func() { write(t, root, "m.json", "[]") })
	change("the user's own configuration", func() { write(t, filepath.Dir(user), "config.toml", "[logs]\nbudget = '8MiB'\n") })
}
