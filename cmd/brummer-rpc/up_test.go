//go:build unix

package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// upped is an `up` that runs, with what it prints.
type upped struct {
	t   *testing.T
	cmd *exec.Cmd
	in  *bufio.Reader
	all strings.Builder
}

func (w *shared) up(config string, args ...string) *upped {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, "brummer.toml"), []byte(config), 0o644); err != nil {
		w.t.Fatal(err)
	}
	u := &upped{t: w.t, cmd: w.verb(append([]string{"up"}, args...)...)}
	out, err := u.cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	u.cmd.Stderr = u.cmd.Stdout // in one order, as on a terminal
	u.in = bufio.NewReader(out)
	if err := u.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { u.cmd.Process.Kill() })
	return u
}

// until reads up to a line that matches.
func (u *upped) until(want string) {
	u.t.Helper()
	re := regexp.MustCompile(want)
	for {
		line, err := u.in.ReadString('\n')
		u.all.WriteString(line)
		if re.MatchString(line) {
			return
		}
		if err != nil {
			u.t.Fatalf("no line matches %s:\n%s", want, &u.all)
		}
	}
}

// end reads the rest and gives the exit code.
func (u *upped) end() int {
	io.Copy(&u.all, u.in)
	u.cmd.Wait()
	return u.cmd.ProcessState.ExitCode()
}

func (u *upped) signal(s syscall.Signal) {
	u.t.Helper()
	if err := u.cmd.Process.Signal(s); err != nil {
		u.t.Fatal(err)
	}
}

// TestUpInOrder: what is depended on comes first and goes last; a first Ctrl-C
// stops, and the end is 130.
func TestUpInOrder(t *testing.T) {
	w := newShared(t)
	u := w.up(`
[processes.web]
command = 'trap "echo web-goes; exit 0" TERM; echo web-comes $NAME; while :; do sleep 0.05; done'
env = { NAME = 'one' }
dependsOn = ['db']
[processes.db]
command = 'trap "echo db-goes; exit 0" TERM; echo db-comes; while :; do sleep 0.05; done'
ready = { log = 'db-comes' }
`)
	u.until(`web \| web-comes one`)
	u.signal(syscall.SIGINT)
	if code := u.end(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	text := u.all.String()
	at := -1
	for _, line := range []string{"db  | db-comes", "web | web-comes one", "stopping; Ctrl-C once more kills", "web | web-goes", "db  | db-goes"} {
		i := strings.Index(text, line)
		if i <= at {
			t.Fatalf("%q is not where it should be:\n%s", line, text)
		}
		at = i
	}
}

// TestUpNobody: a name that is none is refused before anything is started.
func TestUpNobody(t *testing.T) {
	w := newShared(t)
	u := w.up("[processes.web]\ncommand = 'cat'\n", "web", "wbe")
	if code := u.end(); code != exitAnswered || u.all.String() != "brummer-rpc: no script \"wbe\"; did you mean \"web\"?\n" {
		t.Errorf("exit code %d:\n%s", code, &u.all)
	}
}

// TestUpTwice: a second Ctrl-C kills what does not end, and until then it is named.
func TestUpTwice(t *testing.T) {
	w := newShared(t)
	u := w.up(`
[processes.stubborn]
command = 'trap "" TERM; echo here; while :; do sleep 0.05; done'
stop = { grace = '2m' }
`)
	u.until(`stubborn \| here`)
	u.signal(syscall.SIGINT)
	u.until(`waiting for stubborn \(pid \d+\)`)
	u.signal(syscall.SIGINT)
	if code := u.end(); code != 130 || !strings.Contains(u.all.String(), "killing what is left") {
		t.Errorf("exit code %d:\n%s", code, &u.all)
	}
}

// TestUpEnds: when all have ended it ends, with the worst of their ends; --json
// is lines and states for programs.
func TestUpEnds(t *testing.T) {
	w := newShared(t)
	for _, tc := range []struct {
		config string
		args   []string
		code   int
		want   string
	}{
		{"[processes.a]\ncommand = 'echo spoken'\n", nil, 0, `a \| spoken`},
		{"[processes.a]\ncommand = 'echo spoken; exit 3'\n", nil, 1, `a \* failed \(exit code 3\)`},
		{"[processes.a]\ncommand = 'echo a'\n[processes.b]\ncommand = 'echo b'\n", []string{"b"}, 0, `b \* exited`},
		{"[processes.a]\ncommand = 'echo spoken'\n", []string{"--json"}, 0, `"text":"spoken"`},
		{"[processes.a]\ncommand = 'echo spoken'\n", []string{"nobody"}, 1, `no script "nobody"`},
		{"[processes.a]\ncomand = 'x'\n", nil, 1, `brummer.toml:2:1: \[processes.a\] has no key "comand"; did you mean "command"\?`},
		{"", nil, 2, "nothing is configured here"},
	} {
		u := w.up(tc.config, tc.args...)
		code := u.end()
		if code != tc.code || !regexp.MustCompile(tc.want).MatchString(u.all.String()) {
			t.Errorf("%s %v: exit code %d, want %d and %s:\n%s", tc.config, tc.args, code, tc.code, tc.want, &u.all)
		}
	}
}

// TestUpFailFast: with the flag, one that fails for good ends all of it.
func TestUpFailFast(t *testing.T) {
	w := newShared(t)
	u := w.up(`
[processes.web]
command = 'trap "echo web-goes; exit 0" TERM; echo web-comes; while :; do sleep 0.05; done'
ready = { log = 'web-comes' }
[processes.flaky]
command = 'exit 7'
dependsOn = ['web']
restart = { when = 'onFailure', limit = 1, delay = '100ms' }
`, "--fail-fast")
	code := u.end()
	text := u.all.String()
	for _, want := range []string{`flaky \* starts again in \d+m?s \(exit code 7\)`, `flaky \* failed \(.*\)`, "flaky has failed", `web   \| web-goes`} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("nothing says %s", want)
		}
	}
	if code != 1 || t.Failed() {
		t.Errorf("exit code %d, want 1:\n%s", code, text)
	}
}

// TestUpTells: besides lines it tells what becomes of processes, in line with them,
// and what a changed brummer.toml means.
func TestUpTells(t *testing.T) {
	w := newShared(t)
	const config = "[processes.web]\ncommand = 'sleep 1000'\n[processes.longer]\ncommand = 'sleep 1000'\n"
	u := w.up(config, "-t")
	u.until(`^\d\d:\d\d:\d\d\.\d{3} web    \* running \(pid \d+\)`)
	u.until(`longer \* running`)
	edit(t, w.dir, "brummer.toml", strings.Replace(config, "sleep 1000", "sleep 2000", 1))
	u.until(`brummer.toml: web runs with another definition`)
	edit(t, w.dir, "brummer.toml", "x = 1\n")
	u.until(`brummer.toml:1:1: a configuration has no key "x"`)
	u.signal(syscall.SIGINT)
	if code := u.end(); code != 130 {
		t.Errorf("exit code %d:\n%s", code, &u.all)
	}
}

// TestUpTellsServers: an address is told once something listens there.
func TestUpTellsServers(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	p := &program{stdout: out}
	m := &foreman{p: p, print: &linePrinter{p: p, width: 5}}
	m.notified("urls/changed", []byte(`{"added":[{"url":"http://localhost:1","process":"web","state":"claimed"},{"url":"http://localhost:2","process":"web","state":"verified"}]}`))
	text, err := os.ReadFile(out.Name())
	if want := "web   * serves http://localhost:2\n"; err != nil || string(text) != want {
		t.Errorf("%q, %v, want %q", text, err, want)
	}
}

// TestAutostart: what wants to be started with the engine is, but only with the
// flag; and not again for the next client.
func TestAutostart(t *testing.T) {
	w := newShared(t)
	config := "[processes.web]\ncommand = 'sleep 1000'\nautostart = true\ndependsOn = ['db']\n[processes.db]\ncommand = 'sleep 1000'\n[processes.other]\ncommand = 'sleep 1000'\n"
	if err := os.WriteFile(filepath.Join(w.dir, "brummer.toml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, _, code := w.run("", "config"); code != 0 || !strings.Contains(out, "processes.web.autostart") {
		t.Fatalf("%d: %s", code, out)
	}
	if out, _, _ := w.run("", "ps", "--json"); !strings.Contains(out, `"processes":[]`) {
		t.Errorf("without the flag: %s", out)
	}
	w.run("", "shutdown")
	if out, errs, code := w.run("", "serve", "--detach", "--autostart"); code != 0 {
		t.Fatalf("%d: %s%s", code, out, errs)
	}
	w.run("", "ps") // the first client
	if out, errs, code := w.run("", "wait", "web", "--for=running", "--timeout="+deadline.String()); code != 0 {
		t.Errorf("web: %s%s", out, errs)
	}
	if out, _, _ := w.run("", "ps", "--json"); strings.Contains(out, `"id":"other"`) || !strings.Contains(out, `"id":"db"`) {
		t.Errorf("with the flag: %s", out)
	}
	w.run("", "stop", "web")
	if out, _, _ := w.run("", "ps", "--json"); strings.Count(out, `"state":"running"`) != 1 {
		t.Errorf("after a stop, for the next client: %s", out)
	}
}

// TestOverWaitsForLastLines: a process whose end is known before its last line has
// been printed is not over; without a terminal to print to, it is.
func TestOverWaitsForLastLines(t *testing.T) {
	m := &foreman{
		print: &linePrinter{last: 6}, started: []string{"web"},
		processes: map[string]wire.Process{"web": {ID: "web", State: "exited", FinalSeq: 7}},
	}
	if done, _ := m.over(); done {
		t.Error("over before line 7")
	}
	m.deaf = true
	if done, _ := m.over(); !done {
		t.Error("not over, though nothing more can be printed")
	}
	m.deaf, m.print.last = false, 7
	if done, failed := m.over(); !done || failed != "" {
		t.Errorf("with line 7: done %t, failed %q", done, failed)
	}
}
