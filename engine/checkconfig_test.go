package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine/project"
)

// put writes files into the workspace: names and texts in turn.
func put(t *testing.T, e *Engine, files ...string) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(e.Root, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// known looks at the workspace.
func known(t *testing.T, e *Engine) *project.Known {
	t.Helper()
	k, err := e.Project.List(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestMistakesOfOtherRooms: what a room would refuse later is told as soon as it is
// read, at the key that is the reason.
func TestMistakesOfOtherRooms(t *testing.T) {
	const web = "[processes.web]\ncommand = 'x'\n"
	const files = "[detection]\nmatchers = ['m.json']\n"
	for _, tc := range []struct{ text, mistakes, warnings string }{
		{web + "stop = { signal = 'TREM' }\n", `3:19: processes.web.stop.signal: there is no signal "TREM"; TERM, INT, HUP, QUIT, KILL, USR1 and USR2 are common ones`, ""},
		{web + "ready = { interval = '1s' }\n", "3:9: processes.web.ready says nothing that could hold: give log, tcp, http, exec or port", ""},
		{web + "ready = { port = 1, interval = '1ms' }\n", "3:32: processes.web.ready.interval must be at least 10 ms", ""},
		{web + "restart = { delay = '1s' }\n", "3:11: processes.web.restart.when is missing: never, onFailure, always", ""},
		{"[gates.mine]\nmax = 3\n", "1:8: gates.mine has no metric, and brummer-rpc has no gate of that name: write metric = 'brummer_...'; the gates it has are " + gateNames(), ""},
		{"[gates.mine]\nmax = 3\nmetric = 'brummer_process_runing'\n", `3:10: there is no metric "brummer_process_runing"; did you mean "brummer_process_running"?`, ""},
		{"[gates.goroutines]\nmax = 3\nmetric = 'brummer_process_running'\n", "3:10: gates.goroutines is brummer-rpc's own, about brummer_runtime_goroutines: give a gate about another metric another name", ""},
		{"[gates.logs.memory]\nmax = '1GiB'\n", "", ""},
		{files + web + "matchers = ['$tsc', 'god', 'good']\n", "", `5:12: there is no matcher "god" for processes.web; did you mean "good"?`},
		{files + web + "matchers = { owner = 'x', pattern = { regexp = '(' } }\n", "", "5:12: brummer.toml: the matchers of web: x: "},
		{"[detection]\nmatchers = ['nowhere.json']\n", "", "2:12: nowhere.json: no such file or directory"},
		{"[detection]\nmatchers = ['bad.json']\n", "", `2:12: bad.json: broken: there is no severity "loud": error, warning, info`},
	} {
		e := testEngine(t, Options{})
		put(t, e, "brummer.toml", tc.text,
			"m.json", `{"problemMatchers": [{"name": "good", "pattern": {"regexp": "^GOOD (.+):(\\d+)$", "file": 1, "line": 2}}]}`,
			"bad.json", `{"problemMatchers": [{"name": "broken", "severity": "loud", "pattern": {"regexp": "x"}}]}`)
		k := known(t, e)
		if got := texts(k.Issues); !strings.HasPrefix(got, tc.mistakes) || (got == "") != (tc.mistakes == "") {
			t.Errorf("%s-want +got mistakes:\n%s", tc.text, cmp.Diff(tc.mistakes, got))
		}
		if got := texts(k.Warnings); !strings.HasPrefix(got, tc.warnings) || (got == "") != (tc.warnings == "") {
			t.Errorf("%s-want +got warnings:\n%s", tc.text, cmp.Diff(tc.warnings, got))
		}
	}
}

func gateNames() string {
	var names []string
	for _, b := range Budgets {
		names = append(names, b.Name)
	}
	return strings.Join(names, ", ")
}

func texts[I fmt.Stringer](list []I) string {
	var out []string
	for _, i := range list {
		out = append(out, strings.TrimPrefix(i.String(), "brummer.toml:"))
	}
	return strings.Join(out, "\n")
}

// TestGatesOfTheConfiguration: its own are judged with the engine's, and the
// engine's have the limits that it gives them, from the next question on.
func TestGatesOfTheConfiguration(t *testing.T) {
	e := testEngine(t, Options{})
	verdict := func(name string) (string, bool) {
		for _, v := range e.Monitor.Judge(e.Gates()) {
			if v.Name == name {
				return v.Reason, v.Pass
			}
		}
		return "", false
	}
	if why, pass := verdict("goroutines"); !pass {
		t.Fatalf("before: %s", why)
	}
	put(t, e, "brummer.toml", "[gates.goroutines]\nmax = 0\nwhy = 'this test wants none'\n[gates.mine]\nmetric = 'brummer_logs_budget_bytes'\nmax = '1KiB'\n[gates.fast]\nmetric = 'brummer_runtime_goroutines'\nmax = '10m'\n")
	known(t, e)
	if why, pass := verdict("goroutines"); pass || !strings.HasSuffix(why, "over 0: this test wants none") {
		t.Errorf("with another limit: %v, %s", pass, why)
	}
	if why, pass := verdict("mine"); pass || !strings.Contains(why, "over 1024") {
		t.Errorf("one of its own: %v, %s", pass, why)
	}
	if why, pass := verdict("fast"); !pass {
		t.Errorf("ten minutes are 600 s: %s", why)
	}
	put(t, e, "brummer.toml", "")
	known(t, e)
	if why, pass := verdict("goroutines"); !pass {
		t.Errorf("as it was: %s", why)
	}
}

// TestSamplingOfTheConfiguration: samples are taken from the start on if the
// configuration wants that, and it may change its mind.
func TestSamplingOfTheConfiguration(t *testing.T) {
	root := t.TempDir()
	begun := func() *Engine {
		e, err := New(Options{Root: root, Logf: t.Logf})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Project.Close(); e.Monitor.Close() })
		if e.Monitor.Sampling() {
			t.Error("a goroutine before Run")
		}
		e.sampling.begin(e.Monitor)
		return e
	}
	e := begun()
	if e.Monitor.Sampling() {
		t.Fatal("it samples unasked")
	}
	put(t, e, "brummer.toml", "[metrics]\nalways = true\ninterval = '100ms'\n")
	if known(t, e); !e.Monitor.Sampling() {
		t.Error("it was told to sample")
	}
	if !begun().Monitor.Sampling() {
		t.Error("a new engine does not sample from its start on")
	}
	put(t, e, "brummer.toml", "")
	if known(t, e); e.sampling.release != nil {
		t.Error("it was told not to sample unasked any more")
	}
}
