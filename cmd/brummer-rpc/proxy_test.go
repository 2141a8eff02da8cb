//go:build unix

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestFollowRequests: requests are told as they end, those before first, and only
// those that are asked for; a signal ends it.
func TestFollowRequests(t *testing.T) {
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/broken") {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	defer backend.Close()
	defer http.DefaultClient.CloseIdleConnections()
	w := newShared(t)
	w.run("", "start", "--name", "web", "--", "sleep", "1000")
	stdout, _, _ := w.run("", "proxy", backend.URL, "--process", "web")
	get := func(path string) {
		t.Helper()
		answer, err := http.Get(strings.TrimSpace(stdout) + path)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	get("broken/1")
	follow := w.verb("requests", "--follow", "--failed", "--json")
	out, err := follow.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := follow.Start(); err != nil {
		t.Fatal(err)
	}
	told := json.NewDecoder(out)
	for i := range 4 {
		var r struct {
			URL     string
			Status  int
			Pending bool
		}
		if err := told.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("/broken/%d", i+1); r.URL != want || r.Status != http.StatusTeapot || r.Pending {
			t.Errorf("%+v, want %s", r, want)
		}
		get("fine")
		get(fmt.Sprintf("broken/%d", i+2))
	}
	follow.Process.Signal(syscall.SIGTERM)
	io.Copy(io.Discard, out)
	var exit *exec.ExitError
	if err := follow.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 128+int(syscall.SIGTERM) {
		t.Errorf("a signal ends it with %v", err)
	}
}

// TestProxyVerbs: a user puts a proxy in front of a server, uses it and looks at
// what went through.
func TestProxyVerbs(t *testing.T) {
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken" {
			w.WriteHeader(http.StatusTeapot)
		}
		io.WriteString(w, "hello")
	}))
	defer backend.Close()
	w := newShared(t)
	w.run("", "start", "--name", "web", "--", "sleep", "1000")
	run := func(want string, args ...string) string {
		t.Helper()
		stdout, stderr, code := w.run("", args...)
		if code != 0 || !strings.Contains(stdout, want) {
			t.Errorf("%v: exit code %d, %q; want %q (%s)", args, code, stdout, want, stderr)
		}
		return stdout
	}
	address := strings.TrimSpace(run("http://127.0.0.1:", "proxy", backend.URL, "--process", "web"))
	for _, path := range []string{"?token=s3cret", "broken"} {
		answer, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
	http.DefaultClient.CloseIdleConnections()
	run("-> "+backend.URL, "proxy")
	run(`"proxies":[{"id":"web"`, "proxy", "--json")
	if out := run("/broken", "requests"); strings.Count(out, "\n") != 2 || strings.Contains(out, "s3cret") {
		t.Errorf("requests: %q", out)
	}
	if out := run("418", "requests", "--status", "4xx"); strings.Count(out, "\n") != 1 {
		t.Errorf("requests --status 4xx: %q", out)
	}
	if out := run("  plain  5 B  ", "requests", "--type", "text", "--since", "1h"); strings.Count(out, "\n") != 2 {
		t.Errorf("requests --type text: %q", out)
	}
	if stdout, _, _ := w.run("", "requests", "--type", "html"); stdout != "" {
		t.Errorf("requests --type html: %q", stdout)
	}
	if stdout, _, _ := w.run("", "requests", "--slow", "1h"); stdout != "" {
		t.Errorf("requests --slow 1h: %q", stdout)
	}
	run("\nhello\n", "requests", "r1", "--bodies")
	run(" first byte after ", "requests", "r1")
	run("curl '"+backend.URL+"/?token=***'", "requests", "r1", "--curl")
	run("token=s3cret", "requests", "r1", "--curl", "--reveal")
	run("2 requests in "+w.dir+"/web.har", "requests", "--har", "web.har")
	var list struct{ Requests []struct{ Status int } }
	if err := json.Unmarshal([]byte(run("", "requests", "--json")), &list); err != nil || len(list.Requests) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	run("2 requests in "+w.dir+"/web.har", "requests", "--har", "web.har", "--overwrite")
	run("418", "requests", "r2", "--replay")
	run(`"replayOf":"r2"`, "requests", "r2", "--replay", "--json")
	run("", "requests", "--clear")
	if stdout, _, _ := w.run("", "requests"); stdout != "" {
		t.Errorf("cleared, there are %q", stdout)
	}
	run("", "proxy", "--remove", "web")
	for _, c := range []struct {
		args, want string
		code       int
	}{
		{"proxy --remove web", `there is no proxy "web"`, 1},
		{"proxy localhost:80", "only http:// and https://", 1},
		{"proxy http://localhost --remove x", "not both", 2},
		{"requests r9", `there is no request "r9"`, 1},
		{"requests r1 --har x.har", "leave out the r1", 2},
		{"requests --replay", "name it", 2},
		{"requests r1 --replay --curl", "none of the others can be", 2},
		{"requests --har web.har", "it exists; --overwrite replaces it", 1},
	} {
		if _, stderr, code := w.run("", strings.Fields(c.args)...); code != c.code || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit code %d, %q", c.args, code, stderr)
		}
	}
}
