package wire

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

func fullProcess() Process {
	code, cpu, rss, healthy := -1, 1.25, int64(1<<40), false
	return Process{
		ID: "web#1", Name: "a \"b\"\b\f", Command: "printf '\\n' <&> é😀", Cwd: "/caf\xe9\xff/\xe2\x82", State: "exited", Ready: true, Healthy: &healthy,
		Run: 1<<32 - 1, PID: 4242, ExitCode: &code, Signal: "SIGTERM", Core: true, Reason: "x\ty", StartedAt: 1_700_000_000_123, ReadyAt: 2, ExitedAt: 3,
		RestartAt: 4, Restarts: 5, FinalSeq: 1<<53 - 1, BlockedBy: []string{"db", "\xff"}, Watched: true, Stale: true, Replicas: []string{"web#1", "web#2"},
		URLs: []string{"http://localhost:3000/"}, Problems: Problems{Errors: 1, Warnings: 2}, CPU: &cpu, RSS: &rss, Source: "package.json", Stdio: "pty",
		Env: map[string]string{"B": "2", "A": "1", "A\n": "\x00", "": "caf\xe9"},
	}
}

// TestAppendProcess: processes that write themselves write what the JSON package
// makes of their tags, with bytes that are no UTF-8 in them too.
func TestAppendProcess(t *testing.T) {
	zero, none := 0.0, map[string]string{}
	full, plain, odd := fullProcess(), Process{ID: "web", State: "running", Run: 1}, Process{CPU: &zero, Env: none, Replicas: []string{}}
	for name, v := range map[string]Appender{
		"a process with all":     &full,
		"one without":            &plain,
		"one with empty members": &odd,
		"a list":                 &ProcessList{Processes: []Process{full, plain}, Revision: 1<<53 - 1},
		"an empty list":          &ProcessList{},
		"all":                    &Processes{Processes: []Process{plain}},
		"changes":                &ProcessChanged{Previous: 1, Revision: 2, Processes: []Process{plain, full}, Removed: []string{"a", "\"\xff"}},
		"no changes":             &ProcessChanged{},
	} {
		want, err := json.Marshal(v, jsontext.AllowInvalidUTF8(true), json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(v.AppendJSON([]byte("before")))[len("before"):]); diff != "" {
			t.Errorf("%s: -json +AppendJSON:\n%s", name, diff)
		}
	}
}

func TestAppendFloat(t *testing.T) {
	for _, f := range []float64{0, 1, -1.5, 0.1, 1.0 / 3, 1e-6, 9.99e-7, -1e-7, 1e-10, 1.5e-100, 1e20, 1e21, -1.7976931348623157e308, 5e-324} {
		want, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendFloat(nil, f); string(got) != string(want) {
			t.Errorf("%v is %s, want %s", f, got, want)
		}
	}
}
