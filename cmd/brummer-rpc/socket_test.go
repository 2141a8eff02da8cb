//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/editor"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// shared is a workspace with a runtime folder of its own, for several clients.
type shared struct {
	t       *testing.T
	dir     string
	runtime string
}

func newShared(t *testing.T) *shared {
	w := &shared{t, workspace(t), runtimeFolder(t)}
	t.Cleanup(func() { w.run("", "shutdown") })
	return w
}

// open spawns another client of the workspace.
func (w *shared) open(env ...string) *server {
	w.t.Helper()
	s := spawn(w.t, w.dir, w.runtime, env)
	s.initialize(nil)
	return s
}

// run runs a verb, with input for its stdin.
func (w *shared) run(input string, args ...string) (stdout, stderr string, code int) {
	cmd := self(args...)
	cmd.Dir = w.dir
	cmd.Env = append(cmd.Env, "XDG_RUNTIME_DIR="+w.runtime)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	cmd.Run()
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func (w *shared) socket() string {
	w.t.Helper()
	found, _ := filepath.Glob(filepath.Join(w.runtime, "brummer-rpc", "*.sock"))
	if len(found) != 1 {
		w.t.Fatalf("sockets: %v", found)
	}
	return found[0]
}

// gone waits until a process has ended. A zombie that init does not collect has,
// once all of its threads have: until then its files are open.
func gone(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(deadline); ; time.Sleep(5 * time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
		if err != nil && syscall.Kill(pid, 0) == syscall.ESRCH || strings.Contains(string(stat), ") Z ") && len(threads) == 1 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("process %d is still there", pid)
		}
	}
}

// TestOneEngine: clients that come at once get one engine, and see the same
// processes; it ends with the last of them.
func TestOneEngine(t *testing.T) {
	w := newShared(t)
	const clients = 6
	servers := make([]*server, clients)
	var wg sync.WaitGroup
	for i := range servers {
		servers[i] = spawn(t, w.dir, w.runtime, nil)
		wg.Go(func() { servers[i].initialize(nil) })
	}
	wg.Wait()
	engine := call[wire.SessionInfo](servers[0], "session/info", nil)
	if len(engine.Sessions) != clients || engine.Root != w.dir || engine.Socket == nil || *engine.Socket != w.socket() {
		t.Errorf("%+v", engine)
	}
	p := call[wire.Process](servers[1], "process/start", map[string]any{"name": "p", "command": "sleep 1000"})
	for i, s := range servers {
		if got := call[wire.SessionInfo](s, "session/info", nil).PID; got != engine.PID {
			t.Errorf("client %d has engine %d, not %d", i, got, engine.PID)
		}
		if got := call[wire.Process](s, "process/status", ids{"id": "p"}); got.PID != p.PID {
			t.Errorf("client %d sees %+v", i, got)
		}
		if i < clients-1 {
			s.hangUp()
			if syscall.Kill(p.PID, 0) != nil {
				t.Fatal("a client's end has stopped the process of others")
			}
		}
	}
	servers[clients-1].hangUp() // returns only when everything is gone
	if err := syscall.Kill(-p.PID, 0); err != syscall.ESRCH {
		t.Errorf("the process outlives the last client: %v", err)
	}
	gone(t, engine.PID)
}

// TestComeAndGo: clients that come just when the last one leaves are served, by
// the old engine or by a new one.
func TestComeAndGo(t *testing.T) {
	w := newShared(t)
	for range 15 {
		s := w.open()
		call[wire.ProcessList](s, "process/list", nil)
		s.in.Close() // and on at once
	}
}

// TestEnvironmentOfTheSession: what a client starts has the client's
// environment, not that of whoever started the engine.
func TestEnvironmentOfTheSession(t *testing.T) {
	w := newShared(t)
	first, second := w.open("COLOUR=red"), w.open("COLOUR=blue")
	for s, want := range map[*server]string{first: "red", second: "blue"} {
		call[wire.Process](s, "process/start", map[string]any{"name": want, "command": `echo "colour $COLOUR $BRUMMER_RPC_SOCKET"`})
		awaitLine(t, s, want, "colour "+want+" "+w.socket())
	}
	if stdout, _, code := w.run(`{"jsonrpc":"2.0","id":1,"method":"process/list"}`); code != 0 || !strings.Contains(stdout, `"red"`) {
		t.Errorf("a script's pipe: %d %s", code, stdout)
	}
	first.hangUp()
	second.hangUp()
}

// TestLinger: an engine outlives a client that asks for it, but not another one that
// comes in that time and leaves last.
func TestLinger(t *testing.T) {
	w := newShared(t)
	s := spawn(t, w.dir, w.runtime, nil)
	s.initialize(map[string]any{"lingerMs": deadline.Milliseconds()})
	p := call[wire.Process](s, "process/start", map[string]any{"name": "p", "command": "sleep 1000"})
	engine := call[wire.SessionInfo](s, "session/info", nil).PID
	s.hangUp()
	if syscall.Kill(p.PID, 0) != nil {
		t.Fatal("the process has ended with the client")
	}
	again := w.open()
	if got := call[wire.Process](again, "process/status", ids{"id": "p"}); got.PID != p.PID {
		t.Errorf("after a reload: %+v", got)
	}
	again.hangUp()
	gone(t, engine)
}

// TestKilledEngine: after SIGKILL a new client gets a new engine.
func TestKilledEngine(t *testing.T) {
	w := newShared(t)
	s := w.open()
	old := call[wire.SessionInfo](s, "session/info", nil).PID
	syscall.Kill(old, syscall.SIGKILL)
	gone(t, old)
	if code := s.exitCode(); code != 0 {
		t.Errorf("the relay of a killed engine ends with %d", code)
	}
	if got := call[wire.SessionInfo](w.open(), "session/info", nil).PID; got == old {
		t.Error("the same engine")
	}
}

// TestOtherProtocol: an engine of another protocol is refused with both binaries
// and the way out.
func TestOtherProtocol(t *testing.T) {
	w := newShared(t)
	s := w.open()
	info := strings.TrimSuffix(w.socket(), ".sock") + ".json"
	text, err := os.ReadFile(info)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(info, bytes.Replace(text, []byte(`"protocol":1`), []byte(`"protocol":99`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	other := spawn(t, w.dir, w.runtime, nil)
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	err = other.Call(ctx, "initialize", map[string]any{"rootUri": "file://" + w.dir}, nil)
	var answered *editor.Error
	if !errors.As(err, &answered) || !strings.Contains(string(answered.Data), `"version"`) || !strings.Contains(answered.Message, "shutdown --root") {
		t.Errorf("initialize: %v", err)
	}
	if code := other.exitCode(); code != exitLost {
		t.Errorf("exit code %d", code)
	}
	if err := os.WriteFile(info, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s.hangUp()
}

// TestVerbs: a shell's day with the engine in the background.
func TestVerbs(t *testing.T) {
	w := newShared(t)
	for _, step := range []struct {
		args string
		code int
		want string // in stdout or stderr
	}{
		{"ps", exitLost, "no engine runs for"},
		{"serve --detach", 0, "serves"},
		{"ps", 0, "nothing has been started"},
		{"start --name web --env COLOUR=red --shell", 2, "flag needs an argument"},
		{"start --name web --env COLOUR=red -- sh -c", 0, "web is running"},
		{"wait web --for=exited --timeout 30s", 0, "web is failed (exit code 2)"}, // sh -c without a command
		{"start --name up -- sleep 1000", 0, "up is running"},
		{"start --name up -- sleep 1000", 1, "up is running already"},
		{"wait up --timeout 50ms", exitTimeout, "up is running, not exited"},
		{"start --name talk -- printf one\\ntwo\\n", 0, "talk is"},
		{"wait talk", 0, "talk is exited"},
		{"logs talk", 0, "talk | one\ntalk | two\n"},
		{"logs talk --tail 1", 0, "talk | two\n"},
		{"wait talk web --exit-code", 2, "talk is exited\nweb is failed (exit code 2)\n"},
		{"wait talk --exit-code", 0, "talk is exited\n"},
		{"wait up talk --for running --timeout 30s", 1, "up is running\n"}, // and says that talk has ended
		{"logs talk --grep ^o --json", 0, `"text":"one"`},
		{"search TWO", 1, ""},
		{"search two", 0, "talk:two\n"},
		{"search two --process talk --since 1h --level info", 0, "talk:two\n"},
		{"search two --level error", 1, ""},
		{"export talk.log talk", 0, "2 lines, 8 bytes in "},
		{"export talk.log talk", 1, "it exists; --overwrite replaces it"},
		{"export talk.log talk --overwrite --grep two --json", 0, `"lines":1`},
		{"ps --json", 0, `"id":"up"`},
		{"__complete stop u", 0, "up\trunning\n"},
		{"__complete start go:", 0, ":"},
		{"completion bash", 0, "__complete"},
		{"restart up", 0, "up is running"},
		{"stop up", 0, "up is stopped (SIGTERM)"},
		{"stop nobody", 1, `there is no process "nobody"`},
		{"call process/status {\"id\":\"nobody\"}", 1, `"kind":"process.notFound"`},
		{"scripts", 0, "nothing was found that can be run here"},
		{"doctor", 0, "engine   pid"},
		{"start --name web --depends-on db --ready-when log:^up --restart onFailure -- sh -c echo${IFS}up;exec${IFS}cat", 0, "web is pending (waits for db)\n"},
		{"wait web --for=ready --timeout 20ms", exitTimeout, "web is pending, not ready, after 20 ms; it waits for db"},
		{"start --name db --depends-on web=started -- cat", 1, "in a circle: db -> web -> db"},
		{"ps", 0, "web   pending (waits for db)"},
		{"start --name db --ready-when exec:true --ready --timeout 30s -- cat", 0, "db is running (pid "},
		{"wait web --for=ready --timeout 30s", 0, "web is running"},
		{"start one two", 1, `no script "one"; ` + "`brummer-rpc scripts`" + ` lists those there are` + "\nbrummer-rpc: " + `no script "two"`},
		{"stop nobody neither", 1, `there is no process "nobody"; ` + "`brummer-rpc ps`" + ` names those there are` + "\nbrummer-rpc: " + `there is no process "neither"`},
		{"urls", 0, "no process serves an address"},
		{"problems", 0, "no problems are known"},
		{"proxy", 0, "there is no proxy; `brummer-rpc proxy URL`"},
		{"start --name late --ready-when log:x --ready --timeout 20ms -- cat", exitTimeout, "late is running, not ready, after 20 ms"},
		{"ps", 0, "late  running            no "},
		{"start --name pair --replicas 2 -- cat", 0, "2 of pair: pair#1 is running (pid "},
		{"stop pair", 0, "2 of pair: pair#1 is stopped"},
		{"restart pair", 0, "2 of pair: pair#1 is running"},
		{"call process/input {\"id\":\"pair\"}", 1, "its replicas pair#1, pair#2: name one of them"},
		{"start --ready-when tcp: -- cat", 2, "want log:, port:, tcp:, exec: or a URL"},
		{"start --ready-when port:x -- cat", 2, "x is no port"},
		{"start --env-file absent -- cat", 1, "env file absent: there is no such file"},
		{"start --restart sometimes -- cat", exitUsage, "restart can't be \"sometimes\": never, onFailure, always"},
		{"start --name plain --ready -- cat", 0, "plain has no rule that says when it is ready"},
		{"shutdown", 0, "has ended"},
		{"shutdown", exitLost, "no engine runs for"},
		{"__complete stop u", 0, ":4\n"}, // no engine, no names, no complaint
	} {
		stdout, stderr, code := w.run("", strings.Fields(step.args)...)
		if code != step.code || !strings.Contains(stdout+stderr, step.want) {
			t.Errorf("%s: exit code %d, want %d; %q and %q, want %q", step.args, code, step.code, stdout, stderr, step.want)
		}
	}
}

// TestNearestEngine: from a folder below, a living engine is found before marks of
// a root are looked for, and a child finds its engine wherever it is.
func TestNearestEngine(t *testing.T) {
	w := newShared(t)
	w.run("", "serve", "--detach", "--root", w.dir)
	below := filepath.Join(w.dir, "a", "b")
	if err := os.MkdirAll(filepath.Join(below, ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	inside := &shared{t, below, w.runtime}
	if stdout, stderr, code := inside.run("", "doctor"); code != 0 || !strings.Contains(stdout, "root     "+w.dir+"\n") {
		t.Errorf("from below: %d %s%s", code, stdout, stderr)
	}
	if stdout, _, _ := inside.run("", "doctor", "--root", "."); !strings.Contains(stdout, "root     "+below+"\n") {
		t.Errorf("--root is not obeyed: %s", stdout)
	}
	path, _ := os.Executable()
	link := filepath.Join(t.TempDir(), "brummer-rpc") // by its name it is the program
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	w.run("", "start", "--name", "child", "--cwd", "/", "--", link, "ps")
	w.run("", "wait", "child")
	if stdout, _, _ := w.run("", "logs", "child"); !strings.Contains(stdout, "child") || !strings.Contains(stdout, "running") {
		t.Errorf("a child asks its engine and gets %q", stdout)
	}
}

func TestBatch(t *testing.T) {
	w := newShared(t)
	w.run("", "serve", "--detach")
	stdout, _, code := w.run(`{"method":"process/start","params":{"name":"a","command":"sleep 1000"}}
{"method":"process/status","params":{"id":"a"}}

{"method":"nonsense"}
`, "batch")
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if code != 1 || len(lines) != 3 || !strings.Contains(lines[1], `"state":"running"`) || !strings.Contains(lines[2], "-32601") {
		t.Errorf("exit code %d:\n%s", code, stdout)
	}
}
