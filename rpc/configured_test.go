//go:build unix

package rpc

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// workspace is an engine on a folder with these files: names and texts in turn.
func workspace(t *testing.T, o engine.Options, files ...string) *engine.Engine {
	t.Helper()
	o.Root = t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(o.Root, files[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return newEngine(t, o)
}

// TestStopOfTheFile: a process is asked to end by the signal that its file says, and
// killed after the file's grace time: the engine's own would be an hour.
func TestStopOfTheFile(t *testing.T) {
	e := workspace(t, engine.Options{Grace: time.Hour}, "brummer.toml", `
[processes.polite]
command = 'trap "exit 3" INT; echo here; while :; do sleep 0.05; done'
stop = { signal = 'SIGINT' }
ready = { log = 'here' }
[processes.stubborn]
command = 'trap "" TERM; echo here; while :; do sleep 0.05; done'
stop.grace = '100ms'
ready = { log = 'here' }
`)
	c := connect(t, newServer(t, e), front.NDJSON)
	for name, want := range map[string]string{"polite": `"exitCode":3`, "stubborn": `"signal":"SIGKILL"`} {
		c.call("process/start", fmt.Sprintf(`{"script":%q}`, name))
		c.call("process/wait", fmt.Sprintf(`{"id":%q,"for":"ready"}`, name))
		if got := c.call("process/stop", fmt.Sprintf(`{"id":%q}`, name)); !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestVariablesOfTheFile: the client's environment, then the env files, a later one
// winning, then env. Files that the folder has are none of it once some are named.
func TestVariablesOfTheFile(t *testing.T) {
	e := workspace(t, engine.Options{},
		"brummer.toml", "[processes.web]\ncommand = 'echo $A,$B,$C,$D,$E.'\nenv_file = ['first.env', 'conf/second.env']\nenv = { D = 'env' }\n",
		".env", "E=folder\n",
		"first.env", "B=first\nC=first\nD=first\n",
		"conf/second.env", "C=second of $B\nD=second\n",
	)
	c := connect(t, newServer(t, e), front.NDJSON)
	c.call("session/hello", `{"env":{"PATH":"/usr/bin:/bin","A":"client","B":"client","C":"client","D":"client"}}`)
	c.call("process/start", `{"script":"web"}`)
	c.call("process/wait", `{"id":"web","for":"exited"}`)
	const want = `client,first,second of first,env,.`
	if got := c.call("logs/query", `{}`); !strings.Contains(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
	if got := c.call("process/start", `{"script":"web","env":{"D":"call"}}`); !strings.Contains(got, `"run":2`) {
		t.Fatal(got)
	}
	c.call("process/wait", `{"id":"web","for":"exited"}`)
	if got := c.call("logs/query", `{}`); !strings.Contains(got, `second of first,call,.`) {
		t.Errorf("what the call says wins: %s", got)
	}
}

// TestAutostartOfAnEditor: only an editor that says so, which it does in a trusted
// workspace, has it started.
func TestAutostartOfAnEditor(t *testing.T) {
	for options, want := range map[string]bool{``: false, `{"autostart":false}`: false, `{"autostart":true}`: true} {
		e := workspace(t, engine.Options{}, "brummer.toml", "[processes.web]\ncommand = 'sleep 1000'\nautostart = true\n[processes.other]\ncommand = 'sleep 1000'\n")
		c := dial(t, newServer(t, e), front.Header)
		params := `{}`
		if options != "" {
			params = `{"initializationOptions":` + options + `}`
		}
		c.call("initialize", params)
		c.call("session/watch", `{"topics":[]}`)
		if !want {
			// Whatever was begun has an entry by the time that a later start has one.
			c.call("process/start", `{"name":"last","command":"true"}`)
			if got := c.call("process/list", `{}`); strings.Contains(got, `"web"`) {
				t.Errorf("with %q it was started: %s", options, got)
			}
			continue
		}
		bell := engine.NewBell()
		stop := e.Process.Watch(bell)
		until(c, bell, func() bool { return len(e.Process.List().Processes) > 0 })
		stop()
		if list := e.Process.List().Processes; len(list) != 1 || list[0].ID != "web" {
			t.Errorf("with %q: %+v", options, list)
		}
	}
}

const shouts = `{"problemMatchers":[{"name":"shouts","severity":"warning","pattern":{"regexp":"^SHOUT (\\S+) (\\d+) (.*)$","file":1,"line":2,"message":3}},
	{"name":"whispers","severity":"info","pattern":{"regexp":"^WHISPER (\\S+) (\\d+) (.*)$","file":1,"line":2,"message":3}}]}`

// problemsOf is what is found in a process's output, sorted by line.
func problemsOf(c *client, process string) string {
	c.t.Helper()
	var reply struct{ Result wire.ProblemList }
	if err := json.Unmarshal([]byte(c.call("problems/list", fmt.Sprintf(`{"process":%q}`, process))), &reply); err != nil {
		c.t.Fatal(err)
	}
	var out []string
	for _, p := range reply.Result.Problems {
		out = append(out, p.Message)
	}
	return strings.Join(out, ",")
}

// TestMatchersOfAProcess: each process is read by the matchers that it names or
// brings, by all of the files' if it says nothing, by none if it wants none.
func TestMatchersOfAProcess(t *testing.T) {
	const lines = "command = 'echo SHOUT a 1 loud; echo WHISPER a 2 soft; echo MINE a 3 own'\n"
	e := workspace(t, engine.Options{}, "matchers.json", shouts, "brummer.toml", "[detection]\nmatchers = 'matchers.json'\n"+
		"[processes.all]\n"+lines+
		"[processes.some]\n"+lines+"matchers = ['whispers']\n"+
		"[processes.none]\n"+lines+"matchers = []\n"+
		"[processes.own]\n"+lines+"matchers = ['shouts', { owner = 'mine', pattern = { regexp = '^MINE (\\S+) (\\d+) (.*)$', file = 1, line = 2, message = 3 } }]\n"+
		"[processes.many]\n"+lines+"replicas = 2\nmatchers = ['shouts']\n")
	c := connect(t, newServer(t, e), front.NDJSON)
	for process, want := range map[string]string{"all": "loud,soft", "some": "soft", "none": "", "own": "loud,own", "many": "loud"} {
		c.call("process/start", fmt.Sprintf(`{"script":%q}`, process))
		c.call("process/wait", fmt.Sprintf(`{"id":%q,"for":"exited"}`, process))
		if process == "many" {
			process = "many#2"
		}
		if got := problemsOf(c, process); got != want {
			t.Errorf("%s: %q, want %q", process, got, want)
		}
	}
}

// TestMatchersReload: a file with matchers is followed, in the workspace and
// elsewhere, and what is held is read once more by what it has now.
func TestMatchersReload(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "elsewhere.json")
	e := workspace(t, engine.Options{Matchers: []string{elsewhere}},
		"tools/matchers.json", `{"problemMatchers":[]}`,
		"brummer.toml", "[detection]\nmatchers = 'tools/matchers.json'\n[processes.web]\ncommand = 'echo SHOUT a 1 loud; echo MINE a 3 own; echo; exec sleep 1000'\nready = { log = '^$' }\n")
	c := connect(t, newServer(t, e), front.NDJSON)
	c.call("session/watch", `{"topics":["project"]}`)
	c.call("process/start", `{"script":"web"}`)
	c.call("process/wait", `{"id":"web","for":"ready"}`)
	if got := problemsOf(c, "web"); got != "" {
		t.Fatalf("without a matcher: %s", got)
	}
	bell := engine.NewBell()
	defer e.Problems.Watch(bell)()
	replace(t, filepath.Join(e.Root, "tools/matchers.json"), shouts)
	until(c, bell, func() bool { return problemsOf(c, "web") == "loud" })
	replace(t, elsewhere, strings.NewReplacer("SHOUT", "MINE", "shouts", "mine").Replace(shouts))
	until(c, bell, func() bool { return problemsOf(c, "web") == "loud,own" })
	replace(t, filepath.Join(e.Root, "tools/matchers.json"), `{"problemMatchers":[]}`)
	until(c, bell, func() bool { return problemsOf(c, "web") == "own" })
}

// until waits until ok holds, which it may whenever the bell rings.
func until(c *client, bell *engine.Bell, ok func() bool) {
	c.t.Helper()
	for bell.Arm(); !ok(); bell.Arm() {
		c.wait(bell.C, "what the test waits for")
	}
}

// replace replaces a file at once.
func replace(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+"~", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}
