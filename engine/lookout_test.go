package engine

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/diagnose"
	"github.com/brummer-rpc/brummer-rpc/engine/events"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/engine/process"
	"github.com/brummer-rpc/brummer-rpc/engine/project"
)

// testEngine is an engine that runs until the test ends, on a folder of its own.
func testEngine(t *testing.T, o Options) *Engine {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o.Root, o.Logf = root, t.Logf
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.Run(t.Context())
	}()
	t.Cleanup(func() { <-done })
	return e
}

// feeder writes to a stream as a process's reader does, in chunks of any size.
type feeder struct {
	cutter lines.Cutter
	write  func(lines.Batch) uint64
	tail   []byte
	run    uint32
}

func (f *feeder) feed(chunk []byte) {
	b := append(f.tail, chunk...)
	cuts, used := f.cutter.Cut(b, nil)
	if len(cuts) > 0 {
		f.write(lines.Batch{Data: b[:used], Cuts: cuts, Time: 1, Run: f.run})
	}
	f.tail = bytes.Clone(b[used:])
}

func (f *feeder) end() {
	if cuts := f.cutter.End(f.tail, nil); len(cuts) > 0 {
		f.write(lines.Batch{Data: f.tail, Cuts: cuts, Time: 1, Run: f.run})
	}
}

// understood is everything that an engine has made of a process's output.
func understood(t testing.TB, e *Engine) (out []string) {
	for _, p := range e.Problems.List().Entries {
		out = append(out, fmt.Sprintf("%s seq %d count %d", diagnose.Finding{Problem: &p.Problem}, p.Seq, p.Count))
	}
	for _, c := range e.Tests.List().Cases {
		out = append(out, fmt.Sprintf("%s seq %d", diagnose.Finding{Test: &c.Test}, c.Seq))
	}
	for _, u := range e.URLs.List().URLs {
		out = append(out, fmt.Sprintf("%s %s seq %d", u.URL, u.State, u.Seq))
	}
	page, err := e.Logs.Read(t.Context(), logs.Query{Limit: 1 << 20, Bytes: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Records {
		out = append(out, fmt.Sprintf("line %d %s", r.Seq, r.Level))
	}
	return out
}

// read is what an engine makes of output that comes in chunks of step bytes.
func read(t testing.TB, output []byte, step int) []string {
	e, err := New(Options{Root: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	f := feeder{cutter: lines.Cutter{Max: 64 << 10}, write: e.output("web", lines.Stdout), run: 1}
	for chunk := range slices.Chunk(output, max(1, step)) {
		f.feed(chunk)
	}
	f.end()
	e.later.leave("web", 1)
	return understood(t, e)
}

// FuzzChunks: what is found does not depend on how the bytes were chunked.
func FuzzChunks(f *testing.F) {
	captures, err := filepath.Glob("diagnose/testdata/corpus/*.log")
	if err != nil || len(captures) < 50 {
		f.Fatal(len(captures), err)
	}
	for i, name := range captures {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, uint16(1+37*i%500))
	}
	f.Fuzz(func(t *testing.T, output []byte, step uint16) {
		if diff := cmp.Diff(read(t, output, len(output)), read(t, output, int(step))); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestNumbers: what is found names the log's own numbers, though another stream
// writes between.
func TestNumbers(t *testing.T) {
	e := testEngine(t, Options{LogBudget: MinLogBudget})
	out := feeder{cutter: lines.Cutter{Max: 1 << 16}, write: e.output("web", lines.Stdout), run: 1}
	other := feeder{cutter: lines.Cutter{Max: 1 << 16}, write: e.output("api", lines.Stdout), run: 1}
	noise := []byte(strings.Repeat("noise\n", 300))
	for i := range 20 {
		out.feed(fmt.Appendf(noise, "a.c:%d:1: error: number %d\n", i+1, i))
		other.feed(noise)
	}
	out.feed([]byte("end\n"))
	texts := map[uint64]string{}
	page, err := e.Logs.Read(t.Context(), logs.Query{Limit: 1 << 20, Bytes: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Records {
		texts[r.Seq] = string(r.Raw)
	}
	entries := e.Problems.List().Entries
	if len(entries) != 20 {
		t.Fatalf("%d problems, want 20", len(entries))
	}
	for i, p := range entries {
		if want := fmt.Sprintf("a.c:%d:1: error: number %d\n", i+1, i); texts[p.Seq] != want {
			t.Errorf("problem %d names line %d, %q", i, p.Seq, texts[p.Seq])
		}
	}
}

// TestIdle: the end of a stack that nothing follows is told nevertheless, and the
// lines in it have its level.
func TestIdle(t *testing.T) {
	e := testEngine(t, Options{})
	sub, _ := e.Events.Subscribe(events.Of(events.ErrorDetected), 0)
	defer sub.Close()
	out := feeder{cutter: lines.Cutter{Max: 1 << 16}, write: e.output("web", lines.Stderr), run: 1}
	bell := NewBell()
	defer e.Problems.Watch(bell)()
	bell.Arm()
	out.feed([]byte("TypeError: x is no function\n    at main (/p/a.js:3:9)\n"))
	<-bell.C
	got, _ := sub.Next(10)
	if len(got) != 2 {
		t.Fatalf("%d events, want the head and the whole stack: %+v", len(got), got)
	}
	head, whole := got[0].Data.(events.Detected), got[1].Data.(events.Detected)
	if head.Final || !whole.Final || whole.Seq != 1 || whole.LastSeq != 2 || whole.File != "/p/a.js" || whole.Line != 2 || whole.Group == "" {
		t.Errorf("head %+v\nwhole %+v", head, whole)
	}
	if diff := cmp.Diff([]string{"line 1 error", "line 2 error"}, understood(t, e)[1:]); diff != "" {
		t.Error(diff)
	}
}

// TestRestartForgets: what an earlier run had to say no longer holds; the same
// crash again is counted.
func TestRestartForgets(t *testing.T) {
	e := testEngine(t, Options{})
	start := func(command string) {
		t.Helper()
		s, err := e.Process.Start(process.Spec{Name: "build", Shell: command, Dir: e.Root, Env: os.Environ()})
		if err != nil {
			t.Fatal(err)
		}
		p, err := e.Process.Get(s.ID)
		if err == nil {
			_, err = p.Wait(t.Context(), func(s *process.Snapshot) bool { return s.State.Ended() })
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	start("echo 'a.c:1:2: error: one'; echo 'a.c:1:2: error: one'; echo 'a.c:3:2: error: two'")
	if got := e.Problems.List(); got.Errors != 2 || got.Entries[0].Count != 2 {
		t.Errorf("%d errors, want 2; the first reported %d times", got.Errors, got.Entries[0].Count)
	}
	start("echo 'a.c:3:2: warning: two'")
	if got := e.Problems.List(); got.Errors != 0 || got.Warnings != 1 {
		t.Errorf("after a restart: %d errors and %d warnings, want 0 and 1", got.Errors, got.Warnings)
	}
	if err := e.Remove("build"); err != nil {
		t.Fatal(err)
	}
	if got := e.Problems.List(); len(got.Entries) != 0 {
		t.Errorf("after removal: %d problems", len(got.Entries))
	}
}

// TestMatchersReplay: matchers that are loaded later find what is in the lines
// held.
func TestMatchersReplay(t *testing.T) {
	e := testEngine(t, Options{})
	out := feeder{cutter: lines.Cutter{Max: 1 << 16}, write: e.output("web", lines.Stdout), run: 1}
	out.feed([]byte("BAD a.x 3 too long\na.c:1:2: error: one\nend\n"))
	if got := e.Problems.List(); len(got.Entries) != 1 {
		t.Fatalf("%d problems without matchers", len(got.Entries))
	}
	matcher := `{"problemMatchers":[{"name":"bad","severity":"warning","pattern":{"regexp":"^BAD (\\S+) (\\d+) (.*)$","file":1,"line":2,"message":3}}]}`
	e.useMatchers([]project.MatcherFile{{Name: "matchers.json", Data: []byte(matcher)}}, nil)
	got := e.Problems.List()
	if len(got.Entries) != 2 || got.Warnings != 1 || got.Entries[0].File != "a.x" || got.Entries[0].Seq != 1 {
		t.Errorf("after loading: %v", understood(t, e))
	}
	out.feed([]byte("BAD b.x 4 again\n"))
	if got := e.Problems.List(); got.Warnings != 2 {
		t.Errorf("a new line: %d warnings", got.Warnings)
	}
	if e.useMatchers(nil, nil); e.Problems.List().Warnings != 0 {
		t.Errorf("without matchers again: %d warnings", e.Problems.List().Warnings)
	}
}

// TestURLStates: the kernel decides. This process listens, so its address is
// verified; the other port is only claimed, the documentation a link.
func TestURLStates(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	e := testEngine(t, Options{})
	out := feeder{cutter: lines.Cutter{Max: 1 << 16}, write: e.output("web", lines.Stdout), run: 1}
	out.feed(fmt.Appendf(nil, "ready at http://%s/ and http://0.0.0.0:1/, see https://example.com/\n", l.Addr()))
	e.URLs.look("web", os.Getpid())
	var got []string
	for _, u := range e.URLs.List().URLs {
		if u.Named {
			got = append(got, fmt.Sprint(strings.ReplaceAll(u.URL, l.Addr().String(), "HERE"), " ", u.State, " ", u.Network))
		}
	}
	want := []string{"http://HERE/ verified false", "http://localhost:1/ claimed true", "https://example.com/ link false"}
	if runtime.GOOS == "linux" {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	l.Close()
	e.URLs.look("web", os.Getpid())
	if s := e.URLs.List().URLs[0].State; s != Claimed {
		t.Errorf("after it has stopped listening: %s", s)
	}
}

// TestLaterSleeps: with nothing under way nothing is due.
func TestLaterSleeps(t *testing.T) {
	e := testEngine(t, Options{})
	if next, any := e.later.next(); any {
		t.Errorf("an idle engine would wake at %v", next)
	}
	out := feeder{cutter: lines.Cutter{Max: 1 << 16}, write: e.output("web", lines.Stderr), run: 1}
	out.feed([]byte("panic: boom\n"))
	if next, any := e.later.next(); !any || time.Until(next) > idleFlush {
		t.Errorf("with a stack under way: %v, %v", next, any)
	}
	e.later.leave("web", 1)
	if next, any := e.later.next(); any {
		t.Errorf("after the end of the run it would wake at %v", next)
	}
}

// TestContained: a fault in looking at a line costs that line its meaning, and
// nothing else: all lines are stored, what was found before it stays, the next are
// understood, and it is counted.
func TestContained(t *testing.T) {
	e := testEngine(t, Options{})
	o := e.newLookout("web", lines.Stdout)
	f := &feeder{cutter: lines.Cutter{Max: 64 << 10}, write: o.batch, run: 1}
	rules, errs := diagnose.Load([]diagnose.File{{Name: "m.json", Data: []byte(`{"pattern":{"regexp":"^MINE (.*)$","file":1}}`)}})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	o.reader.SetRules(rules)
	o.scanner.Literals = detect.NewLiterals([]string{"MINE ", "THEIRS"}) // that the rules do not know: such a line is a fault
	f.feed([]byte("a.c:1:1: error: expected identifier\nTHEIRS\nb.c:2:2: error: expected expression\n"))
	page, err := e.Logs.Read(t.Context(), logs.Query{Limit: 10, Bytes: 1 << 20})
	if err != nil || len(page.Records) != 3 || page.Records[2].Level != lines.Error {
		t.Errorf("%+v, %v", page.Records, err)
	}
	o.flush(true)
	list := e.Problems.List().Entries
	if len(list) != 2 || list[0].Place.File != "a.c" || list[1].Place.File != "b.c" {
		t.Errorf("%+v", list)
	}
	if n := e.faults.Load(); n != 1 {
		t.Errorf("%d faults are counted", n)
	}
}
