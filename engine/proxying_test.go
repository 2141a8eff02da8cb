package engine

import (
	"os"
	"regexp"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/process"
)

// TestDescribe: the page for a server that does not answer knows what its process
// is waiting for.
func TestDescribe(t *testing.T) {
	e := testEngine(t, Options{})
	start := func(spec process.Spec) {
		t.Helper()
		spec.Dir, spec.Env = e.Root, []string{"PATH=" + os.Getenv("PATH")}
		if _, err := e.Process.Start(spec); err != nil {
			t.Fatal(err)
		}
	}
	port := 5173
	start(process.Spec{Name: "web", Shell: "sleep 600", Ready: &process.Ready{Checks: process.Checks{Port: &port}, Log: regexp.MustCompile("up")}})
	start(process.Spec{Name: "api", Shell: "sleep 600", DependsOn: map[string]process.Condition{"web": process.OnReady}})
	start(process.Spec{Name: "worker", Shell: "sleep 600"})
	for id, want := range map[string]string{
		"web":    `is starting: waits for a line that matches "up" and port 5173`,
		"api":    "waits for web",
		"worker": "is running",
		"nobody": "",
	} {
		if got := e.describe(id); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}
