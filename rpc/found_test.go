package rpc

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// editorsView is what an editor shows: the last set of each file, and the
// problems by id.
type editorsView struct {
	*client
	revision uint64
	byID     map[string]wire.Problem
	files    map[string][]wire.Diagnostic
}

func newView(c *client) *editorsView {
	c.call("session/watch", `{"topics":["problems"]}`)
	return &editorsView{client: c, byID: map[string]wire.Problem{}, files: map[string][]wire.Diagnostic{}}
}

// until applies notifications until ok holds.
func (v *editorsView) until(ok func() bool) {
	v.t.Helper()
	for !ok() {
		switch note := v.notice(); note.Method {
		case "problems/changed":
			v.changed(note.Params)
		case "textDocument/publishDiagnostics":
			var p wire.PublishDiagnosticsParams
			if err := json.Unmarshal(note.Params, &p); err != nil {
				v.t.Fatal(err)
			}
			v.files[filepath.Base(p.URI)] = p.Diagnostics
		}
	}
}

func (v *editorsView) changed(params []byte) {
	var p wire.ProblemsChanged
	if err := json.Unmarshal(params, &p); err != nil {
		v.t.Fatal(err)
	}
	if p.Previous != v.revision {
		v.t.Errorf("the editor has revision %d, and is told what changed from %d", v.revision, p.Previous)
	}
	v.revision = p.Revision
	for _, w := range p.Added {
		v.byID[w.ID] = w
	}
	for _, id := range p.Removed {
		delete(v.byID, id)
	}
}

// shown is the editor's view as text.
func (v *editorsView) shown() string {
	var out []string
	for _, file := range []string{"cart.ts", "prices.ts"} {
		for _, d := range v.files[file] {
			out = append(out, fmt.Sprintf("%s:%d:%d %d %s", file, d.Range.Start.Line, d.Range.Start.Character, d.Severity, d.Message))
		}
	}
	return strings.Join(out, "\n")
}

// TestPublishDiagnostics: an editor sees each cycle of a watching tool as the
// whole set of each file, and a file without errors is emptied.
func TestPublishDiagnostics(t *testing.T) {
	e := newEngine(t, engine.Options{})
	if err := os.WriteFile(filepath.Join(e.Root, "cart.ts"), []byte("one\n/*€😀*/ two\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c := connect(t, newServer(t, e), front.Header)
	v := newView(c)
	c.call("process/start", `{"name":"tsc","command":"while read -r line; do echo \"$line\"; done"}`)
	say := func(lines ...string) {
		data, err := json.Marshal(strings.Join(lines, "\n") + "\n")
		if err != nil {
			t.Fatal(err)
		}
		c.call("process/input", `{"id":"tsc","data":`+string(data)+`}`)
	}
	say("Starting compilation in watch mode...", "cart.ts(1,2): error TS1001: one", "cart.ts(2,9): error TS1002: two", "prices.ts(3,4): error TS1003: three", "Found 3 errors. Watching for file changes.")
	v.until(func() bool { return strings.Count(v.shown(), "\n") == 2 })
	want := "cart.ts:0:1 1 one\ncart.ts:1:8 1 two\nprices.ts:2:3 1 three"
	if diff := cmp.Diff(want, v.shown()); diff != "" {
		t.Error(diff)
	}
	say("File change detected. Starting incremental compilation...", "cart.ts(2,9): error TS1002: two", "Found 1 error. Watching for file changes.")
	v.until(func() bool { return v.shown() == "cart.ts:1:8 1 two" && len(v.byID) == 1 })
	say("File change detected. Starting incremental compilation...", "Found 0 errors. Watching for file changes.")
	v.until(func() bool { return v.shown() == "" && len(v.byID) == 0 })
	if _, told := v.files["prices.ts"]; !told {
		t.Error("the file that has no errors any more was not emptied")
	}
	c.call("process/stop", `{"id":"tsc"}`)
}

// TestPublishedToWhoComesLater: a second editor gets the diagnostics that hold when
// it connects, and is told when they are gone.
func TestPublishedToWhoComesLater(t *testing.T) {
	s := newServer(t, newEngine(t, engine.Options{}))
	first := connect(t, s, front.Header)
	v := newView(first)
	first.call("process/start", `{"name":"cc","command":"echo 'cart.ts:1:2: error: x'"}`)
	v.until(func() bool { return len(v.files["cart.ts"]) == 1 })

	later := newView(connect(t, s, front.Header))
	later.send(`{"jsonrpc":"2.0","method":"initialized"}`)
	later.until(func() bool { return len(later.files["cart.ts"]) == 1 && len(later.byID) == 1 })
	first.call("problems/clear", `{}`)
	later.until(func() bool { return len(later.files["cart.ts"]) == 0 && len(later.byID) == 0 })
}

// TestCrashIsPublished: a crash is a diagnostic at its top frame, with the other
// frames of the workspace, and an NDJSON client is sent none.
func TestCrashIsPublished(t *testing.T) {
	s := newServer(t, newEngine(t, engine.Options{}))
	c := connect(t, s, front.Header)
	v := newView(c)
	crash := `TypeError: x is no function\n    at add (cart.ts:3:9)\n    at main (prices.ts:5:1)\n`
	c.call("process/start", `{"name":"web","command":"printf '`+strings.ReplaceAll(crash, `\`, `\\`)+`'"}`)
	v.until(func() bool { return len(v.files["cart.ts"]) == 1 })
	d := v.files["cart.ts"][0]
	if d.Message != "TypeError: x is no function" || d.Data.Seq != 1 || d.Data.Process != "web" || len(d.RelatedInformation) != 2 {
		t.Errorf("%+v", d)
	}
	for _, w := range v.byID {
		if w.Group == "" || len(w.Related) != 2 {
			t.Errorf("%+v", w)
		}
	}

	script := connect(t, s, front.NDJSON)
	script.call("session/watch", `{"topics":["problems"]}`)
	script.call("process/start", `{"name":"again","command":"echo 'a.c:1:2: error: x'"}`)
	message, _ := script.receive()
	if !strings.Contains(message, `"method":"problems/changed"`) {
		t.Errorf("a script that watches problems gets %s", message)
	}
	if diff := cmp.Diff([]string{"a.c"}, sortedFiles(t, script)); diff != "" {
		t.Error(diff)
	}
}

// sortedFiles are the files of problems/list for the process "again".
func sortedFiles(t *testing.T, c *client) (files []string) {
	var answer struct{ Result wire.ProblemList }
	if err := json.Unmarshal([]byte(c.call("problems/list", `{"process":"again"}`)), &answer); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range answer.Result.Problems {
		seen[filepath.Base(p.Location.File)] = true
	}
	for f := range maps.Keys(seen) {
		files = append(files, f)
	}
	return files
}
