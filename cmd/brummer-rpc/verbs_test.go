//go:build unix

package main

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/brummer-rpc/brummer-rpc/rpc/socket"
)

// verb makes a command of the workspace.
func (w *shared) verb(args ...string) *exec.Cmd {
	cmd := self(args...)
	cmd.Dir = w.dir
	cmd.Env = append(cmd.Env, "XDG_RUNTIME_DIR="+w.runtime, "TERM=xterm")
	return cmd
}

// TestJSONEverywhere: what a verb prints for people it also prints for programs.
func TestJSONEverywhere(t *testing.T) {
	w := newShared(t)
	for _, step := range []struct{ args, want string }{
		{"start --name web --json -- sleep 1000", `"id":"web"`},
		{"ps --json", `"processes":[`},
		{"scripts --json", `"scripts":[`},
		{"wait web --for=running --json", `"state":"running"`},
		{"restart web --json", `"run":2`},
		{"stop web --json", `"state":"stopped"`},
		{"stop --all --json", `"processes":[`},
		{"start --name talk --json -- echo spoken", `"id":"talk"`},
		{"wait talk --json", `"state":"exited"`},
		{"logs talk --json", `"text":"spoken"`},
		{"search spoken --json", `"hits":[`},
		{"metrics --json", `"metrics"`},
		{"doctor --json", `"engine":{`},
		{"version --json", `"protocol":1`},
		{"openrpc", `"openrpc":`},
		{"shutdown --json", `"pid":`},
		{"doctor --json", `"engine":null`},
	} {
		stdout, stderr, code := w.run("", strings.Fields(step.args)...)
		value, err := readJSON(stdout)
		if code != 0 || err != nil || !strings.Contains(stdout, step.want) {
			t.Errorf("%s: exit code %d, %q, %v; want JSON with %s (%s)", step.args, code, value, err, step.want, stderr)
		}
	}
}

// TestInterrupted: Ctrl-C ends a wait and a follow with 130, and leaves the process
// alone.
func TestInterrupted(t *testing.T) {
	w := newShared(t)
	w.run("", "start", "--name", "talk", "--shell", "echo begun; exec sleep 1000")
	for _, args := range [][]string{{"wait", "talk"}, {"logs", "-f", "talk"}, {"call", "process/wait", `{"id":"talk"}`}} {
		cmd := w.verb(args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		w.sessions(2) // it, and who looks
		cmd.Process.Signal(syscall.SIGINT)
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != 130 {
			t.Errorf("%v: exit code %d, want 130", args, code)
		}
	}
	if stdout, _, _ := w.run("", "ps"); !strings.Contains(stdout, "running") {
		t.Errorf("after that: %s", stdout)
	}
}

// TestUnwritten: an output that can't be written is told of, with a failure that is
// not one of the arguments.
func TestUnwritten(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	w := newShared(t)
	w.run("", "start", "--name", "talk", "--shell", "echo begun; exec sleep 1000")
	for _, args := range [][]string{{"ps"}, {"logs", "talk"}, {"logs", "-f", "talk"}, {"call", "process/list"}, {"search", "begun"}, {"run", "--", "echo", "word"}, {"run", "--", "yes"}} {
		cmd := w.verb(args...)
		var stderr strings.Builder
		cmd.Stdout, cmd.Stderr = full, &stderr
		cmd.Run()
		if code := cmd.ProcessState.ExitCode(); code != exitAnswered || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%v: exit code %d, %q", args, code, stderr.String())
		}
	}
}

// sessions waits until so many clients are connected.
func (w *shared) sessions(n int) {
	w.t.Helper()
	for end := time.Now().Add(deadline); time.Now().Before(end); {
		stdout, _, _ := w.run("", "call", "session/info")
		if strings.Count(stdout, `"sinceMs"`) >= n {
			return
		}
	}
	w.t.Fatalf("there never are %d sessions", n)
}

// TestPagerIsLeft: a follow ends when its reader does, though nothing more is
// printed; so does a long output.
func TestPagerIsLeft(t *testing.T) {
	w := newShared(t)
	w.run("", "start", "--name", "talk", "--shell", "seq 100000; exec sleep 1000")
	for _, args := range [][]string{{"logs", "-f", "talk"}, {"logs", "talk"}, {"logs", "-f", "--since", "1h"}, {"logs", "--json"}} {
		cmd := w.verb(args...)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.Contains(line, "talk") {
			t.Errorf("%v: %q, %v", args, line, err)
		}
		out.Close()
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-ended:
		case <-time.After(deadline):
			cmd.Process.Kill()
			t.Fatalf("%v goes on without a reader", args)
		}
		if code := cmd.ProcessState.ExitCode(); code != 0 || stderr.Len() > 0 {
			t.Errorf("%v: exit code %d, %s", args, code, stderr.String())
		}
	}
}

// TestLogsForPeople: names are aligned from the first line on, --since counts for a
// follow too, and what is not there is said.
func TestLogsForPeople(t *testing.T) {
	w := newShared(t)
	w.run("", "start", "--name", "a", "--", "echo", "first")
	w.run("", "start", "--name", "longer", "--", "seq", "20")
	w.run("", "wait", "a")
	w.run("", "wait", "longer")
	if stdout, _, _ := w.run("", "logs"); !strings.Contains(stdout, "a      | first\n") || !strings.Contains(stdout, "longer | 20\n") {
		t.Errorf("names are not aligned:\n%s", stdout)
	}
	if stdout, _, _ := w.run("", "logs", "-t", "a"); len(stdout) != len("12:34:56.789 a | first\n") || stdout[2] != ':' {
		t.Errorf("with times: %q", stdout)
	}
	if _, stderr, code := w.run("", "logs", "nobody"); code != 1 || !strings.Contains(stderr, `"nobody"`) {
		t.Errorf("nobody's logs: exit code %d, %s", code, stderr)
	}
	if _, stderr, code := w.run("", "logs", "--level", "loud"); code != 2 || !strings.Contains(stderr, "--level=loud") {
		t.Errorf("an unknown level: exit code %d, %s", code, stderr)
	}
	cmd := w.verb("logs", "-f", "--since", "1h", "longer")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || first != "longer | 1\n" {
		t.Errorf("followed from %q, %v", first, err)
	}
	cmd.Process.Signal(syscall.SIGTERM)
	io.Copy(io.Discard, out)
	cmd.Wait()
}

// TestWaitingIsShown: on a terminal somebody who waits sees for what, and the line
// is gone when it is over; in a pipe there is nothing of it.
func TestWaitingIsShown(t *testing.T) {
	w := newShared(t)
	w.run("", "start", "--name", "slow", "--", "cat")
	terminal, child, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	cmd := w.verb("wait", "slow")
	cmd.Stderr = child
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	child.Close()
	shown := bufio.NewReader(terminal)
	text, err := shown.ReadString('s')
	for err == nil && !strings.Contains(text, "waiting for") {
		var more string
		more, err = shown.ReadString('s')
		text += more
	}
	if !strings.Contains(text, "slow is running") {
		t.Errorf("the terminal shows %q, %v", text, err)
	}
	w.run("", "call", "process/input", `{"id":"slow","data":"","eof":true}`)
	rest, _ := io.ReadAll(shown) // until the program has ended, which a terminal tells by an error
	cmd.Wait()
	if !strings.HasSuffix(string(rest), "\r\x1b[K") {
		t.Errorf("in the end it shows %q", rest)
	}
	if _, stderr, _ := w.run("", "wait", "slow"); stderr != "" {
		t.Errorf("in a pipe: %q", stderr)
	}
}

// TestCompletionDoesNotWait: an engine that does not answer does not hold up the
// shell, and nothing is said about it.
func TestCompletionDoesNotWait(t *testing.T) {
	w := newShared(t)
	t.Setenv("XDG_RUNTIME_DIR", w.runtime)
	place, err := socket.For(w.dir)
	if err != nil {
		t.Fatal(err)
	}
	deaf, err := net.Listen("unix", place.Socket())
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	cmd := w.verb("__complete", "stop", "")
	var stdout strings.Builder
	cmd.Stdout = &stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	conn, err := deaf.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-ended:
	case <-time.After(deadline): // it would wait for ever: its limit is 200 ms
		cmd.Process.Kill()
		t.Fatal("completion waits for an engine that does not answer")
	}
	if code := cmd.ProcessState.ExitCode(); code != 0 || stdout.String() != ":4\n" {
		t.Errorf("exit code %d, %q", code, stdout.String())
	}
}

// TestCompletionScripts: the scripts for three shells are made, and the shells that
// are here can read them.
func TestCompletionScripts(t *testing.T) {
	w := newShared(t)
	for _, shell := range []string{"bash", "zsh", "fish"} {
		stdout, stderr, code := w.run("", "completion", shell)
		if code != 0 || !strings.Contains(stdout, "__complete") {
			t.Errorf("%s: exit code %d, %s", shell, code, stderr)
		}
		path, err := exec.LookPath(shell)
		if err != nil {
			continue // it can't be asked
		}
		file := filepath.Join(t.TempDir(), "completion")
		if err := os.WriteFile(file, []byte(stdout), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(path, "-n", file).CombinedOutput(); err != nil {
			t.Errorf("%s does not read its script: %v %s", shell, err, out)
		}
	}
}

// TestDoctorFindsProblems: a file that can't be read and a key that nobody knows are
// problems, with their places and an exit code.
func TestDoctorFindsProblems(t *testing.T) {
	w := newShared(t)
	if err := os.WriteFile(filepath.Join(w.dir, "package.json"), []byte("{\n  \"scripts\": {,}\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.dir, "brummer.toml"), []byte("[processes.web]\ncomand = \"make\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.run("", "serve", "--detach", "--root", w.dir)
	stdout, stderr, code := w.run("", "doctor")
	if code != 1 || !strings.Contains(stdout, "problem  package.json:2") || !strings.Contains(stdout, "brummer.toml:") || !strings.Contains(stdout, "comand") {
		t.Errorf("exit code %d:\n%s%s", code, stdout, stderr)
	}
	if _, stderr, code := w.run("", "doctor", "--socket", "off"); code != 1 && code != 2 {
		t.Errorf("without a socket: exit code %d, %s", code, stderr)
	}
}

// TestSmallVerbs: signals, what is hidden and forgotten, and lines without names.
func TestSmallVerbs(t *testing.T) {
	w := newShared(t)
	w.run("", "start", "--name", "web", "--shell", "trap 'echo again' HUP; echo begun; while :; do sleep 0.01; done")
	w.run("", "start", "--name", "done", "--", "echo", "{}")
	w.run("", "wait", "done")
	for _, step := range []struct {
		args string
		code int
		want string // in stdout or stderr
	}{
		{"signal HUP", 2, "signal needs a signal and the names of processes"},
		{"signal LOUD web", exitUsage, `there is no signal "LOUD"`},
		{"signal HUP web nobody", 1, `there is no process "nobody"`},
		{"logs --bare done", 0, "{}\n"},
		{"remove web", 1, "web is running"},
		{"remove done", 0, ""},
		{"logs done", 1, `there is no process "done"`},
		{"clear", 2, "clear needs names, or --all"},
		{"clear nobody", 1, `there is no process "nobody"`},
		{"clear web", 0, "are hidden"},
		{"clear --all", 0, "0 lines are hidden"},
		{"__complete signal ", 0, "HUP\n"},
		{"__complete signal HUP ", 0, "web\trunning\n"},
		{"__complete stop web ", 0, ":4\n"}, // not twice
	} {
		stdout, stderr, code := w.run("", strings.Split(step.args, " ")...)
		if code != step.code || !strings.Contains(stdout+stderr, step.want) || step.want == "{}\n" && stdout != step.want {
			t.Errorf("%s: exit code %d, want %d; %q and %q, want %q", step.args, code, step.code, stdout, stderr, step.want)
		}
		if step.args == "signal HUP web nobody" {
			for found := 1; found != 0; {
				_, _, found = w.run("", "search", "--process", "web", "again")
			}
		}
	}
}
