//go:build unix

package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// pluginDriver is the Neovim plugin as a client; see testdata/clients/plugin.lua.
func pluginDriver(t *testing.T, w *shared) *driver {
	t.Helper()
	folder, err := filepath.Abs("../../editors/nvim")
	if err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs("testdata/clients/plugin.lua")
	if err != nil {
		t.Fatal(err)
	}
	nvim := filepath.Join(realClients(t), "nvim-newest", "nvim")
	cmd := exec.Command(nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-l", script)
	cmd.Env = []string{"BRUMMER_PLUGIN=" + folder}
	return drive(w, "plugin", cmd)
}

// ex has the plugin run a command.
func (c *together) ex(d *driver, line string) {
	c.t.Helper()
	c.say(d.name, ":", line)
	d.send(map[string]any{"ex": line})
}

// sees waits until a Lua chunk in the plugin's Neovim gives something.
func (c *together) sees(d *driver, what, chunk string) {
	c.t.Helper()
	if s := d.send(map[string]any{"until": chunk}); len(s.Error) > 0 {
		c.t.Fatalf("%s: %s: %s", d.name, what, s.Error)
	}
	c.say(d.name, "==", what)
}

// alone asks until no other editor is connected, and returns the engine's pid.
func (c *together) alone(d *driver) int {
	c.t.Helper()
	for end := time.Now().Add(deadline); ; {
		var info wire.SessionInfo
		if err := json.Unmarshal(d.call("session/info", map[string]any{}), &info); err != nil {
			c.t.Fatal(err)
		}
		if len(info.Sessions) == 1 {
			return info.PID
		}
		if time.Now().After(end) {
			c.t.Fatalf("the plugin has left, and there are %+v", info.Sessions)
		}
	}
}

// TestTogetherPlugin: the Neovim plugin, VS Code's client library and a shell work
// on one engine at the same time. testdata/clients/plugin.txt is the conversation;
// -update rewrites it.
func TestTogetherPlugin(t *testing.T) {
	clients := drivers(t)
	c := &together{t: t, w: newShared(t)}
	code := drive(c.w, "VS Code", clients["vscode-jsonrpc-8.2.1"])
	plugin := pluginDriver(t, c.w)
	code.initialize(c.w)
	if _, err := code.in.Write([]byte(`{"method":"initialized","params":{}}` + "\n")); err != nil {
		t.Fatal(err)
	}

	c.note("The plugin starts something and shows its log; the other editor is told.")
	c.ex(plugin, "Brummer start ++name=web echo listening; exec cat")
	c.changed(code, "web", "running")
	c.ex(plugin, "Brummer logs web")
	c.sees(plugin, "its log buffer follows", `return require('brummer.log').get().feed.live`)

	c.note("A shell writes to its input: that is in the log buffer.")
	c.shell("call", "process/input", `{"id":"web","data":"hello from a shell\n"}`)
	c.sees(plugin, "listening, hello from a shell", `
		return vim.deep_equal(vim.api.nvim_buf_get_lines(0, 0, -1, false), { 'listening', 'hello from a shell' })`)

	c.note("What a compiler that the other editor runs says is a diagnostic in both.")
	c.call(code, "process/start", `{"name":"cc","command":"echo ./x.go:2:9: undefined: b; exec cat"}`, "id", "state")
	code.hears("textDocument/publishDiagnostics", func(params json.RawMessage) bool {
		return len(decodeNote[wire.PublishDiagnosticsParams](t, params).Diagnostics) == 1
	})
	c.say(code.name, "<~~", "textDocument/publishDiagnostics of one")
	c.sees(plugin, "a diagnostic in line 2: undefined: b", `
		local d = vim.diagnostic.get(nil, { namespace = require('brummer.diagnostics').namespace })
		return #d == 1 and d[1].lnum == 1 and d[1].message == 'undefined: b'`)
	c.sees(plugin, "the statusline says ▶2 E1", `return require('brummer').statusline() == '▶2 E1'`)

	c.note("The other editor stops it; a shell forgets the problem.")
	c.call(code, "process/stop", `{"id":"web"}`, "id", "state")
	c.sees(plugin, "web is stopped", `return require('brummer').process('web').state == 'stopped'`)
	c.shell("call", "problems/clear")
	c.sees(plugin, "no diagnostic", `return #vim.diagnostic.get() == 0`)

	c.note("The plugin restarts it, and leaves; the process stays, since somebody else is there.")
	c.ex(plugin, "Brummer restart web")
	c.changed(code, "web", "running")
	plugin.leave()
	c.call(code, "process/status", `{"id":"web"}`, "id", "state", "run")
	pid := c.alone(code)
	code.leave()
	gone(t, pid)
	c.compare("testdata/clients/plugin.txt")
}
