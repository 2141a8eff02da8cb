//go:build unix

package main

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestLogsPretty: lines of JSON and logfmt as what they say, whether they are read
// or followed; other lines as they are.
func TestLogsPretty(t *testing.T) {
	w := newShared(t)
	file := filepath.Join(t.TempDir(), "log")
	log := `{"level":50,"time":1,"pid":7,"err":{"type":"E","stack":"E: x\n    at f (/p/a.js:1:2)"},"msg":"it \u001b[31mfailed"}` + "\n" +
		`level=warn msg="is slow" ms=12` + "\nplain\n"
	if err := os.WriteFile(file, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	w.run("", "start", "--name", "api", "--", "cat", file)
	w.run("", "wait", "api")
	want := "api | ERROR it [31mfailed  pid=7  err.type=E\n" +
		"            err.stack: E: x\n                at f (/p/a.js:1:2)\n" +
		"api | WARN  is slow  ms=12\napi | plain\n"
	if stdout, stderr, _ := w.run("", "logs", "--pretty"); stdout != want {
		t.Errorf("%s%s\nwant\n%s", stdout, stderr, want)
	}
	cmd := w.verb("logs", "--pretty", "-f", "api")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	followed := make([]byte, len(want))
	if _, err := io.ReadFull(bufio.NewReader(out), followed); err != nil || string(followed) != want {
		t.Errorf("followed: %q, %v", followed, err)
	}
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
}
