//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// driver is a real client that does what these tests say: VS Code's library in
// Node, or Neovim. See testdata/clients/vscode.js.
type driver struct {
	t     *testing.T
	name  string
	in    io.WriteCloser
	out   chan said
	early []said // notifications that were not waited for yet
	calls int
	cmd   *exec.Cmd
}

// said is a line that a driver has written.
type said struct {
	ID     int             `json:"id"`
	Note   string          `json:"note"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// realClients is the folder where .ci/clients has put them. Without it the tests
// that need them are left out; `.ci/test` says so, and with --all does not allow it.
func realClients(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BRUMMER_RPC_CLIENTS")
	if dir == "" {
		t.Skip("needs the clients: `.ci/test clients` runs this with them")
	}
	return dir
}

// drivers are the commands of all clients, by name.
func drivers(t *testing.T) map[string]*exec.Cmd {
	t.Helper()
	dir := realClients(t)
	script := func(name string) string {
		path, err := filepath.Abs(filepath.Join("testdata", "clients", name))
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	found := map[string]*exec.Cmd{}
	all, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, path := range all {
		name := filepath.Base(path)
		switch {
		case strings.HasPrefix(name, "vscode-jsonrpc-"):
			found[name] = exec.Command("node", script("vscode.js"))
			found[name].Env = []string{"NODE_PATH=" + filepath.Join(path, "node_modules")}
		case name == "nvim-old": // is there to be refused: spec old
		case strings.HasPrefix(name, "nvim-"):
			found[name] = exec.Command(filepath.Join(path, "nvim"), "--headless", "-u", "NONE", "-i", "NONE", "-n", "-l", script("neovim.lua"))
		}
	}
	if len(found) < 4 {
		t.Fatalf("only %d clients are in %s: .ci/clients installs them", len(found), dir)
	}
	return found
}

// drive starts a client in a workspace, with more arguments for the program.
func drive(w *shared, name string, cmd *exec.Cmd, args ...string) *driver {
	t := w.t
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(w.runtime, name, "brummer-rpc") // by its name the test binary is the program
	if err := os.MkdirAll(filepath.Dir(link), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	cmd.Args = append(append(cmd.Args, link), args...)
	cmd.Dir = w.dir
	cmd.Env = append(append(os.Environ(), cmd.Env...), "XDG_RUNTIME_DIR="+w.runtime, "GORACE=atexit_sleep_ms=0",
		"XDG_STATE_HOME="+home, "XDG_DATA_HOME="+home, "XDG_CONFIG_HOME="+home, "NVIM_LOG_FILE="+filepath.Join(home, "log"))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	d := &driver{t: t, name: name, in: in, out: make(chan said, 1<<12), cmd: cmd}
	go d.read(out)
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			cmd.Process.Kill()
			cmd.Wait()
		}
	})
	return d
}

func (d *driver) read(out io.Reader) {
	defer close(d.out)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var s said
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			s.Note = "no JSON: " + lines.Text()
		}
		d.out <- s
	}
}

// next is what the client says next.
func (d *driver) next(what string) said {
	d.t.Helper()
	select {
	case s, ok := <-d.out:
		if !ok {
			d.t.Fatalf("%s has ended, and was to tell of %s", d.name, what)
		}
		return s
	case <-time.After(deadline):
		d.t.Fatalf("%s does not tell of %s", d.name, what)
	}
	return said{}
}

// send has the client do something and returns the result, or the error.
func (d *driver) send(command map[string]any) said {
	d.t.Helper()
	d.calls++
	command["id"] = d.calls
	line, err := json.Marshal(command)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.in.Write(append(line, '\n')); err != nil {
		d.t.Fatal(err)
	}
	for {
		s := d.next(fmt.Sprint(command["method"]))
		if s.ID == d.calls {
			return s
		}
		d.early = append(d.early, s)
	}
}

// call is send for a call that must succeed.
func (d *driver) call(method string, params any) json.RawMessage {
	d.t.Helper()
	s := d.send(map[string]any{"method": method, "params": params})
	if len(s.Error) > 0 && string(s.Error) != "null" {
		d.t.Fatalf("%s: %s: %s", d.name, method, s.Error)
	}
	return s.Result
}

// hears waits for a notification that is as wanted.
func (d *driver) hears(method string, wanted func(params json.RawMessage) bool) json.RawMessage {
	d.t.Helper()
	for {
		i := slices.IndexFunc(d.early, func(s said) bool { return s.Note == method && wanted(s.Params) })
		if i >= 0 {
			s := d.early[i]
			d.early = d.early[i+1:]
			return s.Params
		}
		d.early = append(d.early, d.next(method))
	}
}

// initialize opens the workspace as the client would.
func (d *driver) initialize(w *shared) {
	d.t.Helper()
	d.call("initialize", map[string]any{"rootUri": "file://" + w.dir, "capabilities": map[string]any{}, "processId": os.Getpid()})
}

// leave ends the client's input and waits for its end.
func (d *driver) leave() {
	d.t.Helper()
	d.in.Close()
	done := make(chan error, 1)
	go func() { done <- d.cmd.Wait() }()
	select {
	case <-done:
	case <-time.After(deadline):
		d.t.Fatalf("%s does not end", d.name)
	}
}

// orderSeen is what the order test of a client has found.
type orderSeen struct{ Notifications, Delivered, Lost, Inversions int }

// TestClientsSeeTheOrder: a notification for each of 100,000 lines comes in order
// and once, through the clients that editors have. TestOrderOfNotifications does it
// with ours.
func TestClientsSeeTheOrder(t *testing.T) {
	for name, cmd := range drivers(t) {
		t.Run(name, func(t *testing.T) {
			w := newShared(t)
			d := drive(w, name, cmd, "--socket=off")
			d.initialize(w)
			var seen orderSeen
			if err := json.Unmarshal(d.send(map[string]any{"order": orderLines}).Result, &seen); err != nil {
				t.Fatal(err)
			}
			checkOrder(t, seen)
			d.leave()
		})
	}
}

const orderLines = 100_000

// checkOrder allows for a few lines in two parts: seq may be torn on a busy machine.
func checkOrder(t *testing.T, seen orderSeen) {
	t.Helper()
	if want := (orderSeen{Notifications: seen.Delivered, Delivered: seen.Delivered}); seen != want || seen.Delivered < orderLines {
		t.Errorf("%+v; want a notification for each of %d lines, none lost, none out of order", seen, orderLines)
	}
}

// TestOrderOfNotifications is the order test with our own following client.
func TestOrderOfNotifications(t *testing.T) { hosts(t, orderOfNotifications) }

func orderOfNotifications(t *testing.T, args ...string) {
	s := open(t, args...)
	var seen orderSeen
	last := uint64(0)
	done := make(chan orderSeen, 1)
	s.on("logs/lines", func(params []byte) {
		m := decodeNote[struct {
			Batch int
			Gap   *wire.Gap
			Lines []wire.Line
		}](t, params)
		if seen.Notifications++; m.Batch != seen.Notifications {
			seen.Inversions++
		}
		if m.Gap != nil {
			seen.Lost += int(m.Gap.Count)
		}
		for _, l := range m.Lines {
			if seen.Delivered++; l.Seq <= last {
				seen.Inversions++
			}
			last = l.Seq
		}
		if seen.Delivered+seen.Lost >= orderLines { // more than once, if a line comes in parts
			select {
			case done <- seen:
			default:
			}
		}
	})
	call[wire.Subscribed](s, "logs/subscribe", map[string]any{"window": 0, "maxBatch": 1})
	call[wire.Process](s, "process/start", map[string]any{"name": "numbers", "command": fmt.Sprint("seq ", orderLines)})
	select {
	case all := <-done:
		checkOrder(t, all)
	case <-time.After(deadline):
		t.Fatal("not all lines come")
	}
	s.hangUp()
}
