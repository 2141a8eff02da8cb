//go:build unix

package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/creack/pty"
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
