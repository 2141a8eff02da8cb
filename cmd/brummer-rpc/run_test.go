//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// TestRunHere: a program behaves as if it had been started without us: the exact
// bytes on each stream, what comes in, and the exit code. What it printed is kept.
func TestRunHere(t *testing.T) {
	w := newShared(t)
	for _, step := range []struct {
		stdin, args    string
		stdout, stderr string
		code           int
	}{
		{"", "run --shell", "", "flag needs an argument", 2},
		{"", "run", "", "needs a script", 2},
		{"", "run a b", "", "run is for one thing", 2},
		{"", "run nobody", "", `no script "nobody"`, 1},
		{"", `run --name code --shell printf${IFS}'a\000\377b';exit${IFS}7`, "a\x00\xffb", "", 7},
		{"", "run --shell echo${IFS}wrong>&2;echo${IFS}right", "right\n", "wrong\n", 0},
		{"", "run --shell kill${IFS}-9${IFS}$$", "", "", 137},
		{"grüße", "run -- cat", "grüße", "", 0},
		{strings.Repeat("€", 100_000), "run -- cat", strings.Repeat("€", 100_000), "", 0},
		{"", "run --shell echo${IFS}[$FORCE_COLOR][$WORD] --env WORD=said", "[][said]\n", "", 0},
		{"", "search --process code b", "code:", "", 0},
		{"", "run --name up -- absent-program", "", "there is no program", 1},
	} {
		stdout, stderr, code := w.run(step.stdin, strings.Fields(step.args)...)
		exact := stdout == step.stdout || strings.HasPrefix(step.args, "search") && strings.HasPrefix(stdout, step.stdout)
		if !exact || code != step.code || !strings.Contains(stderr, step.stderr) || step.stderr == "" && stderr != "" {
			t.Errorf("%s: exit code %d, want %d; %.200q and %.200q", step.args, code, step.code, stdout, stderr)
		}
	}
}

// TestRunIsWhole: what a program prints comes out whole, however much more it is than
// the log holds.
func TestRunIsWhole(t *testing.T) {
	const lines = 1_000_000
	w := newShared(t)
	stdout, stderr, code := w.run("", "run", "--log-budget", "1048576", "--", "seq", fmt.Sprint(lines))
	if n := strings.Count(stdout, "\n"); n != lines || stderr != "" || code != 0 {
		t.Errorf("%d lines, %.200q, exit code %d", n, stderr, code)
	}
}

// TestRunIsStopped: Ctrl-C stops what was run, and its last words are printed.
func TestRunIsStopped(t *testing.T) {
	w := newShared(t)
	cmd := w.verb("run", "--name", "long", "--shell", "trap 'echo last words; exit 0' TERM; echo begun; while :; do sleep 0.01; done")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe() // open, as a terminal is
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	begun := make([]byte, len("begun\n"))
	if _, err := io.ReadFull(out, begun); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Signal(syscall.SIGINT)
	rest, _ := io.ReadAll(out)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 || string(rest) != "last words\n" {
		t.Errorf("exit code %d, %q", code, rest)
	}
	if stdout, _, _ := w.run("", "ps"); !strings.Contains(stdout, "long  stopped") {
		t.Errorf("after that:\n%s", stdout)
	}
}

// onTerminal runs a verb on a terminal of its own.
func (w *shared) onTerminal(args ...string) (terminal *os.File, end func() int) {
	w.t.Helper()
	cmd := w.verb(args...)
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 7, Cols: 33})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { terminal.Close() })
	return terminal, func() int {
		cmd.Wait()
		return cmd.ProcessState.ExitCode()
	}
}

// readUntil reads from a terminal until a text has come.
func readUntil(t *testing.T, r io.Reader, want string) {
	t.Helper()
	var all bytes.Buffer
	buf := make([]byte, 1024)
	for !bytes.Contains(all.Bytes(), []byte(want)) {
		n, err := r.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			t.Fatalf("%q does not come: %q, %v", want, all.String(), err)
		}
	}
}

// TestRunOnTerminal: the program has a terminal of the same size, and gets keys as
// they are pressed.
func TestRunOnTerminal(t *testing.T) {
	w := newShared(t)
	terminal, end := w.onTerminal("run", "--shell", "stty size; stty -icanon; head -c 1 | od -c; stty size; exit 3")
	readUntil(t, terminal, "7 33")
	terminal.WriteString("q")
	readUntil(t, terminal, "q\r\n")
	if code := end(); code != 3 {
		t.Errorf("exit code %d, want that of the program", code)
	}
}

// TestAttach: lines go to a process with pipes, keys to one with a terminal; who
// leaves lets it run, and its end is told.
func TestAttach(t *testing.T) {
	w := newShared(t)
	w.run("", "start", "--name", "lines", "--shell", "echo before; while read x; do echo got $x; done")
	w.run("", "start", "--name", "keys", "--stdio", "pty", "--shell", "trap 'echo interrupted' INT; while :; do sh -c 'echo ready; exec head -c 3'; done")
	terminal, end := w.onTerminal("attach", "lines")
	readUntil(t, terminal, "before")
	terminal.WriteString("one\n")
	readUntil(t, terminal, "got one")
	terminal.WriteString("\x03") // Ctrl-C
	if code := end(); code != 130 {
		t.Errorf("Ctrl-C: exit code %d", code)
	}

	terminal, end = w.onTerminal("attach", "keys")
	readUntil(t, terminal, "ready")
	terminal.WriteString("\x03") // at once: from the first word on, keys are the process's
	readUntil(t, terminal, "interrupted")
	terminal.WriteString("\x1d")
	if code := end(); code != 0 {
		t.Errorf("Ctrl-]: exit code %d", code)
	}
	if stdout, _, _ := w.run("", "ps"); strings.Count(stdout, "running") != 2 {
		t.Errorf("after both were left:\n%s", stdout)
	}
	w.run("", "call", "process/input", `{"id":"lines","eof":true}`)
	w.run("", "wait", "lines")
	if _, stderr, code := w.run("", "attach", "lines"); code != 1 || !strings.Contains(stderr, "lines is exited: `brummer-rpc logs lines`") {
		t.Errorf("what has ended: exit code %d, %s", code, stderr)
	}
}

// TestScriptOfThisFolder: of scripts with the same name the one of the folder that
// the user is in is meant, or of the nearest above; where two are as near, nobody
// guesses.
func TestScriptOfThisFolder(t *testing.T) {
	w := newShared(t)
	for folder, text := range map[string]string{
		"":               "root:\n\t@echo root\nword:\n\t@echo root\n",
		"apps/web/":      "word:\n\t@echo web\n",
		"apps/web/below": "",
		"apps/api/":      "word:\n\t@echo api\n",
	} {
		if err := os.MkdirAll(filepath.Join(w.dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
		if text != "" {
			os.WriteFile(filepath.Join(w.dir, folder, "Makefile"), []byte(text), 0o600)
		}
	}
	os.WriteFile(filepath.Join(w.dir, "apps", "web", "Procfile"), []byte("twice: echo a\n"), 0o600)
	os.WriteFile(filepath.Join(w.dir, "apps", "web", "justfile"), []byte("twice:\n  echo b\n"), 0o600)
	w.run("", "serve", "--detach", "--root", w.dir)
	for _, step := range []struct{ folder, script, want string }{
		{"", "word", "root\n"},
		{"apps", "word", "root\n"},
		{"apps/web", "word", "web\n"},
		{"apps/web/below", "word", "web\n"},
		{"apps/api", "word", "api\n"},
		{"apps/api", "root", "root\n"},
		{"apps/web", "twice", "2 scripts are named"},
		{"apps/web", "nobody", "no script"},
	} {
		inside := &shared{t, filepath.Join(w.dir, step.folder), w.runtime}
		stdout, stderr, _ := inside.run("", "run", step.script)
		if !strings.Contains(stdout+stderr, step.want) {
			t.Errorf("in %q: %s is %q, %q; want %q", step.folder, step.script, stdout, stderr, step.want)
		}
	}
}
