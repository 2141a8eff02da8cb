package rpc

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// configView is what an editor is told of the configuration.
type configView struct {
	*client
	root    string
	files   map[string]string   // the last set of each file, as text
	changed *wire.ConfigChanged // of the last project/changed
}

func newConfigView(t *testing.T, files ...string) *configView {
	t.Helper()
	e := newEngine(t, engine.Options{})
	v := &configView{root: e.Root, files: map[string]string{}}
	for i := 0; i < len(files); i += 2 {
		v.write(t, files[i], files[i+1])
	}
	v.client = connect(t, newServer(t, e), front.Header)
	v.call("session/watch", `{"topics":["project"]}`)
	return v
}

// write replaces a file at once, as editors do that know how to.
func (v *configView) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(v.root, name)
	if err := os.WriteFile(path+"~", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

// until takes notifications until ok holds.
func (v *configView) until(ok func() bool) {
	v.t.Helper()
	for !ok() {
		switch note := v.notice(); note.Method {
		case "project/changed":
			var p wire.ProjectChanged
			v.decode(note.Params, &p)
			v.changed = p.Config
		case "textDocument/publishDiagnostics":
			var p wire.PublishDiagnosticsParams
			v.decode(note.Params, &p)
			v.files[filepath.Base(p.URI)] = shownSet(p.Diagnostics)
		}
	}
}

// result makes a call and decodes what it is answered.
func (v *configView) result(method, params string, into any) {
	v.t.Helper()
	var reply struct{ Result json.RawMessage }
	v.decode([]byte(v.call(method, params)), &reply)
	v.decode(reply.Result, into)
}

func (v *configView) decode(data []byte, into any) {
	v.t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		v.t.Fatal(err)
	}
}

func shownSet(set []wire.Diagnostic) string {
	var out []string
	for _, d := range set {
		out = append(out, fmt.Sprintf("%d:%d-%d:%d %d %s %s", d.Range.Start.Line, d.Range.Start.Character, d.Range.End.Line, d.Range.End.Character, d.Severity, d.Source, d.Message))
	}
	return strings.Join(out, "\n")
}

// TestMistakesInTheEditor: what is wrong in brummer.toml is underlined there from
// the beginning, in UTF-16 units, until it is mended; what is only of no use is a
// warning.
func TestMistakesInTheEditor(t *testing.T) {
	v := newConfigView(t, "brummer.toml", "processes.'𝒶' = { command = 'x', replicas = 'two' }\n")
	const wrong = "0:45-0:50 1 brummer-rpc processes.𝒶.replicas is a string, but must be an integer"
	v.until(func() bool { return v.files["brummer.toml"] == wrong })

	v.write(t, "brummer.toml", "[processes.a]\nscript = 'npm:dve'\n")
	const useless = `1:9-1:18 2 brummer-rpc processes.a.script: no script "npm:dve"; project/scripts lists those there are`
	v.until(func() bool { return v.files["brummer.toml"] == useless })

	v.write(t, "brummer.toml", "[processes.a]\ncommand = 'x'\n")
	v.until(func() bool { set, told := v.files["brummer.toml"]; return told && set == "" })
}

// TestMistakesAndProblems: a process's output may be about the same file. Neither
// set takes the place of the other.
func TestMistakesAndProblems(t *testing.T) {
	v := newConfigView(t, "brummer.toml", "x = 1\n")
	v.call("session/watch", `{"topics":["project","problems"]}`)
	v.call("process/start", `{"name":"lint","command":"echo brummer.toml:2:1: error: bad"}`)
	const mistake = `0:0-0:1 1 brummer-rpc a configuration has no key "x"`
	both := func() bool {
		set := v.files["brummer.toml"]
		return strings.Contains(set, mistake) && strings.Contains(set, "1:0-1:0 1") && strings.Contains(set, " bad")
	}
	v.until(both)
	v.write(t, "brummer.toml", "")
	v.until(func() bool {
		set := v.files["brummer.toml"]
		return strings.HasSuffix(set, " bad") && !strings.Contains(set, "\n")
	})
	v.call("problems/clear", `{}`)
	v.until(func() bool { return v.files["brummer.toml"] == "" })
}

// TestReload: a change tells what it has done; a mistake changes nothing; nothing
// is restarted.
func TestReload(t *testing.T) {
	v := newConfigView(t, "brummer.toml", `
[processes.web]
command = 'sleep 1000'
[processes.api]
command = 'sleep 1000'
[processes.old]
command = 'true'
`)
	started := func(name string) (p wire.Process) {
		v.result("process/start", fmt.Sprintf(`{"script":%q}`, name), &p)
		return p
	}
	before := []wire.Process{started("web"), started("api")}
	reload := func(text string) wire.ConfigChanged {
		t.Helper()
		v.changed = nil
		v.write(t, "brummer.toml", text)
		v.until(func() bool { return v.changed != nil })
		return *v.changed
	}
	none := []string{}
	got := reload("[processes.web]\ncommand = 'sleep 2000'\n[processes.api]\ncommand = 'sleep 1000'\n[processes.new]\ncommand = 'true'\n[logs]\nbudget = '8MiB'\n[metrics]\ninterval = '2s'\n")
	want := wire.ConfigChanged{
		Applied: true, Issues: []wire.ConfigIssue{}, Warnings: []wire.ConfigIssue{},
		Added: []string{"new"}, Changed: []string{"web"}, Removed: []string{"old"}, Stale: []string{"web"}, Later: []string{"logs.budget"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = reload("[processes.web]\ncommand = 3\n")
	if got.Applied || len(got.Issues) != 1 || got.Issues[0].Line != 2 || got.Issues[0].EndColumn != 12 || !cmp.Equal(got.Changed, none) {
		t.Errorf("with a mistake: %+v", got)
	}
	if scripts := v.call("project/scripts", `{}`); !strings.Contains(scripts, `"sleep 2000"`) || !strings.Contains(scripts, `"brummer:api"`) {
		t.Errorf("with a mistake the configuration before it counts: %s", scripts)
	}
	got = reload("[processes.web]\ncommand = 'sleep 1000'\n[processes.api]\ncommand = 'sleep 1000'\n")
	if !got.Applied || !cmp.Equal(got.Stale, none) || !cmp.Equal(got.Changed, []string{"web"}) {
		t.Errorf("as it was: %+v", got)
	}
	for _, was := range before {
		var now wire.Process
		v.result("process/status", fmt.Sprintf(`{"id":%q}`, was.ID), &now)
		if now.PID != was.PID || now.Run != was.Run {
			t.Errorf("%s was touched: %+v, before %+v", was.ID, now, was)
		}
	}
}
