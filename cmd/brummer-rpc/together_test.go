//go:build unix

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

var update = flag.Bool("update", false, "rewrite testdata/clients/together.txt")

// together is a conversation of several clients with one engine, written down.
type together struct {
	t    *testing.T
	w    *shared
	text strings.Builder
}

// TestTogether: VS Code's client library, Neovim and a shell talk to one engine at
// the same time, and see each other's doings. testdata/clients/together.txt is the
// conversation; -update rewrites it.
func TestTogether(t *testing.T) {
	clients := drivers(t)
	c := &together{t: t, w: newShared(t)}
	code := drive(c.w, "VS Code", clients["vscode-jsonrpc-8.2.1"])
	nvim := drive(c.w, "Neovim", clients["nvim-newest"])
	code.initialize(c.w)
	nvim.initialize(c.w)

	c.note("An editor starts something; the other one is told, and follows what it prints.")
	c.call(code, "process/start", `{"name":"web","command":"echo listening; exec cat"}`, "id", "state", "run")
	c.changed(nvim, "web", "running")
	c.call(nvim, "logs/subscribe", `{"since":{"tail":10},"window":0}`, "subscription", "fresh")
	c.line(nvim, "listening")

	c.note("A shell writes to its input; the answer comes to the editor that follows.")
	c.shell("call", "process/input", `{"id":"web","data":"hello from a shell\n"}`)
	c.line(nvim, "hello from a shell")
	c.shell("logs", "web")
	c.shell("wait", "web", "--for=ready")

	c.note("The other editor stops it: the first one is told, and so is a shell that asks.")
	c.call(nvim, "process/stop", `{"id":"web"}`, "id", "state", "signal")
	c.changed(code, "web", "stopped")
	c.shell("start", "--name", "web", "--", "sleep", "1000")
	c.changed(code, "web", "running")
	c.changed(nvim, "web", "running")

	c.note("One engine serves all three.")
	var pids []int
	for _, d := range []*driver{code, nvim} {
		var info wire.SessionInfo
		if err := json.Unmarshal(d.call("session/info", map[string]any{}), &info); err != nil {
			t.Fatal(err)
		}
		pids = append(pids, info.PID)
	}
	stdout, _, _ := c.w.run("", "call", "session/info")
	var info wire.SessionInfo
	if err := json.Unmarshal([]byte(stdout), &info); err != nil {
		t.Fatal(err)
	}
	if pids = append(pids, info.PID); len(slices.Compact(pids)) != 1 || len(info.Sessions) != 3 {
		t.Errorf("engines %v, sessions %+v", pids, info.Sessions)
	}
	c.say("all", "==", fmt.Sprintf("the same engine, with %d sessions", len(info.Sessions)))

	c.note("An editor leaves, and the process stays; the last one leaves, and all is gone.")
	code.leave()
	c.call(nvim, "process/status", `{"id":"web"}`, "id", "state", "run")
	nvim.leave() // it kills its server, which is the relay: nobody waits for the engine's end
	gone(t, info.PID)
	c.shell("ps")
	c.compare("testdata/clients/together.txt")
}

func (c *together) note(text string) { fmt.Fprintf(&c.text, "\n# %s\n", text) }

func (c *together) say(who, arrow, text string) {
	fmt.Fprintf(&c.text, "%-8s %s %s\n", who, arrow, text)
}

// call has a client call, and writes down some members of the result.
func (c *together) call(d *driver, method, params string, members ...string) {
	c.t.Helper()
	c.say(d.name, "-->", method+" "+params)
	var result map[string]json.RawMessage
	if err := json.Unmarshal(d.call(method, json.RawMessage(params)), &result); err != nil {
		c.t.Fatal(err)
	}
	var shown []string
	for _, m := range members {
		shown = append(shown, fmt.Sprintf("%q:%s", m, result[m]))
	}
	c.say(d.name, "<--", "{"+strings.Join(shown, ",")+"}")
}

// changed waits until a client is told that a process is so now.
func (c *together) changed(d *driver, id, state string) {
	c.t.Helper()
	d.hears("process/changed", func(params json.RawMessage) bool {
		m := decodeNote[wire.ProcessChanged](c.t, params)
		return slices.ContainsFunc(m.Processes, func(p wire.Process) bool { return p.ID == id && p.State == state })
	})
	c.say(d.name, "<~~", fmt.Sprintf("process/changed %s is %s", id, state))
}

// line waits until a follower gets a line.
func (c *together) line(d *driver, text string) {
	c.t.Helper()
	d.hears("logs/lines", func(params json.RawMessage) bool {
		m := decodeNote[wire.LinesObjects](c.t, params)
		return slices.ContainsFunc(m.Lines, func(l wire.Line) bool { return l.Text == text })
	})
	c.say(d.name, "<~~", "logs/lines "+text)
}

// shell runs a verb and writes down what it prints.
func (c *together) shell(args ...string) {
	c.t.Helper()
	stdout, stderr, code := c.w.run("", args...)
	quoted := slices.Clone(args)
	for i, a := range quoted {
		if strings.ContainsAny(a, " {") {
			quoted[i] = "'" + strings.ReplaceAll(a, "\n", `\n`) + "'"
		}
	}
	c.say("shell", "$", "brummer-rpc "+strings.Join(quoted, " "))
	for line := range strings.Lines(stdout + stderr) {
		c.say("", " ", strings.TrimSuffix(line, "\n"))
	}
	if code != 0 {
		c.say("", " ", fmt.Sprintf("(exit code %d)", code))
	}
}

var pidShown = regexp.MustCompile(`\(pid \d+\)`)

func (c *together) compare(file string) {
	c.t.Helper()
	got := strings.ReplaceAll(strings.TrimPrefix(c.text.String(), "\n"), c.w.dir, "$ROOT")
	got = pidShown.ReplaceAllString(got, "(pid N)")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			c.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		c.t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		c.t.Errorf("-want +got:\n%s", diff)
	}
}
