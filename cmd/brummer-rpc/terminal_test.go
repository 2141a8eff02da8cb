//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// TestTerminal: somebody who types the name of the program gets its usage, not
// a program that waits for JSON.
func TestTerminal(t *testing.T) {
	terminal, child, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	var stdout, stderr bytes.Buffer
	cmd := self()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = child, &stdout, &stderr
	err = cmd.Run()
	child.Close()
	if code := cmd.ProcessState.ExitCode(); code != 2 {
		t.Errorf("exit code %d, want 2 (%v)", code, err)
	}
	if stdout.Len() > 0 || !strings.Contains(stderr.String(), "terminal") || !strings.Contains(stderr.String(), "brummer-rpc call") {
		t.Errorf("stdout %q, stderr %q", stdout.String(), stderr.String())
	}
}

// TestDeletedPluginsAreTold: somebody at a terminal learns that a version of the
// Neovim plugin that nobody uses has gone.
func TestDeletedPluginsAreTold(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", "")
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(cache, "brummer-rpc", "nvim", "brummer-0123456789ab")
	if err := os.MkdirAll(old, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(old, time.Unix(0, 0), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	terminal, child, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	cmd := self("nvim-plugin", "--path")
	cmd.Stderr = child
	err = cmd.Run()
	child.Close()
	told, _ := io.ReadAll(terminal) // a terminal tells its end by an error
	if err != nil || !strings.Contains(string(told), "nobody has used it for a month: "+old) {
		t.Errorf("%q, %v", told, err)
	}
}

// TestProgressBar: on a terminal the state of a bar stands in the place of the one
// before, however many rows that took, unless something else was printed between,
// and the end alone of a line that is there is nothing. In a file every record has
// its line.
func TestProgressBar(t *testing.T) {
	line := func(process, text string, partial, redraw bool) wire.Line {
		return wire.Line{Process: process, Stream: "stdout", Level: "info", Text: text, Partial: partial, Redraw: redraw}
	}
	wide := strings.Repeat("#", 30)
	lines := []wire.Line{
		line("web", "10%", true, false), line("web", "20%", true, true),
		line("web", "30%", true, true), line("web", " soon", true, false), line("web", "done", false, true),
		line("web", wide, true, false), line("web", "after "+wide, false, true),
		line("web", "1%", true, false), line("api", "between", false, false), line("web", "2%", false, true),
		line("web", "3%", true, false), line("web", "", false, false), line("web", "whole", false, false),
	}
	const up, up2 = "\x1b[1A\r\x1b[J", "\x1b[2A\r\x1b[J"
	pieces := []string{
		"10%", up, "20%", up, "30%", " soon", up2, "done",
		wide, up2, "after " + wide, "1%", "api | between", "2%", "3%", "", "whole",
	}
	terminal, child, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	if err := pty.Setsize(child, &pty.Winsize{Rows: 24, Cols: 30}); err != nil {
		t.Fatal(err)
	}
	t.Setenv("NO_COLOR", "1")
	printed := printedTo(child, lines)
	child.Close()
	shown, _ := io.ReadAll(terminal) // a terminal tells its end by an error
	want := expected(pieces, func(s string) bool { return s == "" })
	if want = strings.ReplaceAll(want, "\n", "\r\n"); printed != nil || string(shown) != want {
		t.Errorf("the terminal gets %q, want %q (%v)", shown, want, printed)
	}

	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	printed = printedTo(file, lines)
	text, _ := os.ReadFile(file.Name())
	want = expected(pieces, func(s string) bool { return s == up || s == up2 })
	if printed != nil || string(text) != want {
		t.Errorf("the file gets %q, want %q (%v)", text, want, printed)
	}
}

// printedTo prints lines to a file or terminal, a batch each.
func printedTo(to *os.File, lines []wire.Line) error {
	l := &linePrinter{p: &program{stdout: to}, width: 3}
	for _, line := range lines {
		if err := l.batch(nil, []wire.Line{line}); err != nil {
			return err
		}
	}
	return nil
}

// expected puts the name and a newline to all but control sequences, and leaves some
// pieces out.
func expected(pieces []string, without func(string) bool) (all string) {
	for _, p := range pieces {
		switch {
		case without(p):
		case strings.HasPrefix(p, "\x1b"):
			all += p
		case strings.Contains(p, " | "):
			all += p + "\n"
		default:
			all += "web | " + p + "\n"
		}
	}
	return all
}
