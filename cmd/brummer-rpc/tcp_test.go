//go:build unix

package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTCP: an engine that is asked for it serves HTTP on a port, for who has the
// token; the port and the token go with the engine.
func TestTCP(t *testing.T) {
	w := newShared(t)
	if _, stderr, code := w.run("", "serve", "--detach", "--tcp", "127.0.0.1:0"); code != 0 || !strings.Contains(stderr, "HTTP is served on http://127.0.0.1:") {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	stdout, _, _ := w.run("", "doctor")
	address, file := fieldAfter(stdout, "http://"), fieldAfter(stdout, "token in ")
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("doctor says %s; the token's file: %v, %v", stdout, info, err)
	}
	token, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const call = `{"jsonrpc":"2.0","id":1,"method":"session/info"}`
	if status, body := post(t, address, strings.TrimSpace(string(token)), call); status != 200 || !strings.Contains(body, w.dir) {
		t.Errorf("with the token: %d %s", status, body)
	}
	if status, body := post(t, address, "guess", call); status != 401 || strings.Contains(body, w.dir) {
		t.Errorf("without it: %d %s", status, body)
	}
	for _, line := range strings.Split(strings.TrimSpace(readAll(t, w.runtime)), "\n") {
		if strings.Contains(line, strings.TrimSpace(string(token))) {
			t.Errorf("the token is in %s", line)
		}
	}
	if _, stderr, code := w.run("", "serve", "--tcp", "127.0.0.1:0"); code != exitLost || !strings.Contains(stderr, "runs for") {
		t.Errorf("a second engine: exit code %d, %s", code, stderr)
	}
	w.run("", "shutdown")
	if _, err := http.Get("http://" + address); err == nil {
		t.Error("the port is open after the engine's end")
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the token outlives its engine: %v", err)
	}
}

// TestTCPRefused: what --tcp and --token-file do not take, and what is said.
func TestTCPRefused(t *testing.T) {
	w := newShared(t)
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(w.dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const good = "0123456789abcdef\n"
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--tcp", "0.0.0.0:0"}, "only this machine"},
		{[]string{"--tcp", ":7000"}, "only this machine"},
		{[]string{"--tcp", "localhost:7000"}, "only this machine"},
		{[]string{"--tcp", "192.0.2.1:7000"}, "only this machine"},
		{[]string{"--tcp", "127.0.0.1"}, "missing port"},
		{[]string{"--token-file", "x"}, "--tcp, which is not given"},
		{[]string{"--tcp", "127.0.0.1:0", "--token-file", filepath.Join(w.dir, "none")}, "no such file"},
		{[]string{"--tcp", "127.0.0.1:0", "--token-file", w.dir}, "not a regular file"},
		{[]string{"--tcp", "127.0.0.1:0", "--token-file", file("open", good, 0o644)}, "can be read by others"},
		{[]string{"--tcp", "127.0.0.1:0", "--token-file", file("short", "abc\n", 0o600)}, "at least 16 bytes"},
		{[]string{"--tcp", "127.0.0.1:0", "--token-file", file("two", "0123456789abcdef 0123456789abcdef\n", 0o600)}, "one word"},
	} {
		for _, detach := range [][]string{nil, {"--detach"}} {
			args := append(append([]string{"serve"}, tt.args...), detach...)
			if _, stderr, code := w.run("", args...); code != exitUsage || !strings.Contains(stderr, tt.want) {
				t.Errorf("%v: exit code %d, %s; want %q", args, code, stderr, tt.want)
			}
		}
	}
	// A relative name is the caller's, not the engine's, whose folder is the root.
	file("good", good, 0o600)
	below := filepath.Join(w.dir, "below")
	if err := os.Mkdir(below, 0o700); err != nil {
		t.Fatal(err)
	}
	inside := &shared{t, below, w.runtime}
	if _, stderr, code := inside.run("", "serve", "--detach", "--root", w.dir, "--tcp", "127.0.0.1:0", "--token-file", "../good"); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	stdout, _, _ := w.run("", "doctor")
	if status, body := post(t, fieldAfter(stdout, "http://"), strings.TrimSpace(good), `{"jsonrpc":"2.0","id":1,"method":"process/list"}`); status != 200 {
		t.Errorf("with a token of the user's own: %d %s", status, body)
	}
	w.run("", "shutdown")
	if _, err := os.Stat(filepath.Join(w.dir, "good")); err != nil {
		t.Errorf("the user's own file: %v", err)
	}
}

func post(t *testing.T, address, token, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequest("POST", "http://"+address+"/rpc", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + token}}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got.StatusCode, string(text)
}

// fieldAfter is the word behind a mark.
func fieldAfter(text, mark string) string {
	_, rest, _ := strings.Cut(text, mark)
	word, _, _ := strings.Cut(rest, "\n")
	word, _, _ = strings.Cut(word, ",")
	return word
}

// readAll is what stands in the log and the info file of an engine.
func readAll(t *testing.T, runtime string) string {
	t.Helper()
	var out strings.Builder
	for _, pattern := range []string{"*.log", "*.json"} {
		found, _ := filepath.Glob(filepath.Join(runtime, "brummer-rpc", pattern))
		for _, name := range found {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out.WriteString(name + ": " + string(text) + "\n")
		}
	}
	return out.String()
}
