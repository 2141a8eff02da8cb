//go:build unix

package process

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// write puts a file below dir, with the folders that it needs, in one step.
func write(t *testing.T, dir, name string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+"~", []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

// TestCounts: which changes restart a process.
func TestCounts(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"src/deep", "lib", "node_modules/x"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir, "go.mod")
	w, err := newWatch(&Spec{Dir: dir, Watch: &Watch{
		Paths: []string{"src/**/*.go", "lib", "*.mod", "./go.mod", "**/*.tmpl"}, Ignore: []string{"**/*_test.go", "src/gen"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.notify.Close()
	for path, want := range map[string]bool{
		"src/a.go": true, "src/deep/er/b.go": true, "lib/c.txt": true, "lib/deep/c.txt": true, "go.mod": true, "x.tmpl": true,
		"src/a.txt": false, "src/a_test.go": false, "src/gen/a.go": false, "src/gen/deep/a.go": false, "other/a.go": false,
		"lib/.git/index": false, "lib/node_modules/x/index.js": false, "lib/a~": false, "lib/.a.go.swp": false, "src/4913": false,
		"../other/src/a.go": false,
	} {
		if got := w.counts(filepath.Join(dir, filepath.FromSlash(path))); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}

func TestWatchRefused(t *testing.T) {
	dir := t.TempDir()
	r := newRoom(t, Options{})
	files := openFiles(t)
	for want, watch := range map[string]*Watch{
		"watch/paths is empty":          {},
		`watch/paths can't have "["`:    {Paths: []string{"["}},
		`watch/paths can't have "/etc"`: {Paths: []string{"/etc"}},
		`watch/ignore can't have ""`:    {Paths: []string{"*"}, Ignore: []string{""}},
		"there is no folder " + dir:     {Paths: []string{"absent/**"}},
		"watch/debounceMs must not":     {Paths: []string{"*"}, Debounce: -1},
	} {
		_, err := r.Start(Spec{Name: "web", Shell: "true", Dir: dir, Watch: watch})
		if spec, ok := errors.AsType[*SpecError](err); !ok || !strings.Contains(err.Error(), want) || !strings.HasPrefix(spec.Field, "watch") {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if after := openFiles(t); after != files {
		t.Errorf("%d files open, %d before", after, files)
	}
}

// watched starts a process that is restarted when a file below src changes.
func (r *room) watched(name, shell string) (s *Snapshot, dir string) {
	spec := r.spec(name, shell)
	write(r.t, spec.Dir, "src/main.go")
	spec.Watch = &Watch{Paths: []string{"src/**/*.go"}, Debounce: 5 * time.Millisecond}
	return r.launch(spec), spec.Dir
}

// afterRun waits until a process runs anew, and returns that run's number.
func (r *room) afterRun(id string, n uint32) uint32 {
	r.t.Helper()
	return r.wait(id, func(s *Snapshot) bool { return s.Run > n && s.State == Running }).Run
}

// restarts are those so far, with their reasons.
func (r *room) restarts() []Restarting {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.again)
}

// TestWatchRestarts: a changed file, a new one in a new folder or in a folder that
// was new once, a renamed and a removed one each start it anew; another one does not.
func TestWatchRestarts(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(t *testing.T, dir string)
		want   string
	}{
		"changed":       {func(t *testing.T, dir string) { write(t, dir, "src/main.go") }, "src/main.go"},
		"in new folder": {func(t *testing.T, dir string) { write(t, dir, "src/new/deep/file.go") }, "src/new/deep/file.go"},
		"renamed": {func(t *testing.T, dir string) {
			if err := os.Rename(filepath.Join(dir, "src/main.go"), filepath.Join(dir, "main.go")); err != nil {
				t.Fatal(err)
			}
		}, "src/main.go"},
		"removed": {func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "src/main.go")); err != nil {
				t.Fatal(err)
			}
		}, "src/main.go"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, Options{})
			_, dir := r.watched("web", "exec sleep 1000")
			write(t, dir, "src/notes.txt") // counts for nothing, or it would be the reason
			write(t, dir, "other.go")
			tt.change(t, dir)
			r.afterRun("web", 1)
			if first := r.restarts()[0]; first.Reason != tt.want+" has changed" || first.Attempt != 0 || first.Delay != 0 {
				t.Errorf("%+v, want the reason %s", first, tt.want)
			}
		})
	}
}

// TestWatchFollowsNewFolders: a folder that was made later is watched as well.
func TestWatchFollowsNewFolders(t *testing.T) {
	r := newRoom(t, Options{})
	_, dir := r.watched("web", "exec sleep 1000")
	write(t, dir, "src/new/deep/file.go")
	// The first file may be told of twice, as part of the folder and by itself, and
	// be the reason once more.
	for run := r.afterRun("web", 1); ; {
		write(t, dir, "src/new/deep/late.go")
		run = r.afterRun("web", run)
		if again := r.restarts(); again[len(again)-1].Reason == "src/new/deep/late.go has changed" {
			return
		}
	}
}

// TestQuiet: a burst rings once, when it is over; a stream without pauses rings
// now and then all the same.
func TestQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const ms = time.Millisecond
		q := newQuiet(10 * ms)
		begin := time.Now()
		var rings []string
		wait := func(d time.Duration) {
			for over := time.After(d); ; {
				select {
				case <-over:
					return
				case <-q.timer.C:
					rings = append(rings, q.end()+" "+time.Since(begin).String())
				}
			}
		}
		q.note("")
		wait(time.Minute)
		begin = time.Now()
		for i := range 5 {
			q.note(strconv.Itoa(i))
			wait(9 * ms)
		}
		wait(time.Minute)
		begin = time.Now()
		for range 100 { // 300 ms without a pause
			q.note("stream")
			wait(3 * ms)
		}
		wait(time.Minute)
		want := []string{"0 46ms", "stream 100ms", "stream 202ms", "stream 304ms"}
		if !slices.Equal(rings, want) {
			t.Errorf("rings at %q, want %q", rings, want)
		}
	})
}

// TestChangeMends: what has failed, is given up or waits is started by a change.
func TestChangeMends(t *testing.T) {
	for name, policy := range map[string]Policy{
		"failed": {}, "waits": {When: OnFailure, Delay: time.Hour, MaxDelay: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, Options{})
			spec := r.spec("web", "test -e src/fixed.go || exit 3; exec sleep 1000")
			write(t, spec.Dir, "src/main.go")
			spec.Watch = &Watch{Paths: []string{"src"}, Debounce: time.Millisecond}
			spec.Restart = policy
			r.launch(spec)
			r.wait("web", func(s *Snapshot) bool { return s.State == Failed && name == "failed" || s.State == Backoff })
			write(t, spec.Dir, "src/fixed.go")
			if s := r.wait("web", in(Running)); s.Run != 2 {
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestStopEndsWatch: what somebody has stopped stays so, and its files are let go.
func TestStopEndsWatch(t *testing.T) {
	r := newRoom(t, Options{})
	files := openFiles(t)
	_, dir := r.watched("web", "exec sleep 1000")
	p := r.get("web")
	w := p.watch
	if !r.status("web").Watched {
		t.Error("it is not said that its files are watched")
	}
	if s := r.stop("web", StopOptions{}); s.Watched {
		t.Errorf("%+v", s)
	}
	write(t, dir, "src/main.go")
	p.fileChanged(w, "src/main.go") // as if the change had come first
	if s := r.status("web"); s.State != Stopped || s.Run != 1 {
		t.Errorf("%+v", s)
	}
	r.Shutdown()
	if after := openFiles(t); after != files {
		t.Errorf("%d files open, %d before", after, files)
	}
}

// TestCascade: what depends on a restarted process follows it, in order; what
// does not is left alone.
func TestCascade(t *testing.T) {
	r := newRoom(t, Options{})
	db := r.spec("db", "exec sleep 1000")
	write(t, db.Dir, "schema.sql")
	db.Watch = &Watch{Paths: []string{"*.sql"}, Debounce: time.Millisecond, Cascade: true}
	r.launch(db)
	needs := map[string]string{"api": "db", "web": "api"}
	for _, name := range []string{"api", "web", "other"} {
		spec := r.spec(name, "exec sleep 1000")
		if dep := needs[name]; dep != "" {
			spec.DependsOn = map[string]Condition{dep: OnReady}
		}
		r.launch(spec)
		r.wait(name, in(Running))
	}
	r.order(&r.started, 4)
	write(t, db.Dir, "schema.sql")
	for _, name := range []string{"db", "api", "web"} {
		r.afterRun(name, 1)
	}
	if got := r.order(&r.started, 7); !strings.Contains(got, "db api web other db api web") {
		t.Errorf("started: %s", got)
	}
	if s := r.status("other"); s.Run != 1 {
		t.Errorf("%+v", s)
	}
}
