package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestFull: a verb that can't write what it prints says so, and its exit code does.
func TestFull(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	w := newShared(t)
	w.run("", "serve", "--detach")
	w.run("", "run", "--name", "job", "--shell", "echo 'a.py:1:2: error: word'")
	w.run("", "start", "--name", "stays", "--shell", "echo word; exec sleep 1000")
	for verb, want := range map[string]int{
		"run -- echo word": exitWrite, "run -- yes": exitWrite,
		"logs": exitWrite, "logs --tail 1": exitWrite, "logs -f --tail 1": exitWrite,
		"search word": exitWrite, "problems": exitWrite, "ps": exitWrite, "version": exitWrite,
		"ps --nonsense": exitUsage, "run --shell true": exitOK,
	} {
		cmd := w.verb(strings.Fields(verb)...)
		var errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = full, &errs
		cmd.Run()
		code := cmd.ProcessState.ExitCode()
		if code != want || strings.Contains(errs.String(), "no space left") != (want == exitWrite) {
			t.Errorf("%s: exit code %d, want %d; %q", verb, code, want, &errs)
		}
	}
}
