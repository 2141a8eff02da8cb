//go:build unix

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// edit writes a file of the workspace in one step.
func edit(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path+"~", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

// TestReloadOverAPipe: an editor that has the program on a pipe is told what is
// wrong in brummer.toml and what a change has done; nothing is restarted, and with
// a mistake nothing changes.
func TestReloadOverAPipe(t *testing.T) {
	hosts(t, func(t *testing.T, args ...string) {
		s := startServer(t, args...)
		edit(t, s.cmd.Dir, "brummer.toml", "[processes.web]\ncommand = 'sleep 1000'\n[processes.api]\ncommand = 'sleep 1000'\n")
		sets := make(chan wire.PublishDiagnosticsParams, 16)
		s.on("textDocument/publishDiagnostics", func(params []byte) {
			var p wire.PublishDiagnosticsParams
			if json.Unmarshal(params, &p) == nil && strings.HasSuffix(p.URI, "/brummer.toml") {
				sets <- p
			}
		})
		reloads := make(chan *wire.ConfigChanged, 16)
		s.on("project/changed", func(params []byte) {
			var p wire.ProjectChanged
			if json.Unmarshal(params, &p) == nil && p.Config != nil {
				reloads <- p.Config
			}
		})
		s.initialize(nil)
		call[wire.Scripts](s, "project/scripts", nil)
		web := call[wire.Process](s, "process/start", map[string]string{"script": "web"})
		api := call[wire.Process](s, "process/start", map[string]string{"script": "api"})

		edit(t, s.cmd.Dir, "brummer.toml", "[processes.web]\ncommand = 'sleep 2000'\nreplicas = 'two'\n")
		if got := next(t, sets); len(got.Diagnostics) != 1 || got.Diagnostics[0].Range != (wire.Range{Start: wire.Position{Line: 2, Character: 11}, End: wire.Position{Line: 2, Character: 16}}) {
			t.Errorf("a mistake: %+v", got)
		}
		if got := next(t, reloads); got.Applied {
			t.Errorf("a mistake was applied: %+v", got)
		}
		edit(t, s.cmd.Dir, "brummer.toml", "[processes.web]\ncommand = 'sleep 2000'\n[processes.api]\ncommand = 'sleep 1000'\n")
		if got := next(t, sets); len(got.Diagnostics) != 0 {
			t.Errorf("mended: %+v", got)
		}
		if got := next(t, reloads); !got.Applied || strings.Join(got.Changed, " ") != "web" || strings.Join(got.Stale, " ") != "web" {
			t.Errorf("mended: %+v", got)
		}
		for _, was := range []wire.Process{web, api} {
			now := call[wire.Process](s, "process/status", map[string]string{"id": was.ID})
			if now.PID != was.PID || now.Stale != (was.ID == "web") {
				t.Errorf("%s: %+v, was %+v", was.ID, now, was)
			}
		}
		if code := s.hangUp(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}

// next waits for what a notification brings.
func next[T any](t *testing.T, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(deadline):
		t.Fatal("no notification comes")
	}
	return v
}
