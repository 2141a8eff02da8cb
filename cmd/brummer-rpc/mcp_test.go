//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// assistantClient is an MCP client with our program as its server.
type assistantClient struct {
	*mcp.ClientSession
	t *testing.T
}

func (w *shared) assistant() assistantClient {
	w.t.Helper()
	c := mcp.NewClient(&mcp.Implementation{Name: "helper", Version: "1.2"}, nil)
	s, err := c.Connect(w.t.Context(), &mcp.CommandTransport{Command: w.verb("mcp")}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { s.Close() })
	return assistantClient{s, w.t}
}

// use uses a tool and returns what it says, and whether that is a complaint.
func (c assistantClient) use(tool, arguments string) (text string, complaint bool) {
	c.t.Helper()
	r, err := c.CallTool(c.t.Context(), &mcp.CallToolParams{Name: tool, Arguments: json.RawMessage(arguments)})
	if err != nil {
		c.t.Fatalf("%s %s: %v", tool, arguments, err)
	}
	return r.Content[0].(*mcp.TextContent).Text, r.IsError
}

// TestAssistant: an assistant starts something, reads what it prints and what that
// means, together with an editor, who is told what the assistant does.
func TestAssistant(t *testing.T) {
	w := newShared(t)
	e := w.open()
	told := make(chan wire.Event, 100)
	e.on("events/batch", func(params []byte) {
		for _, event := range decodeNote[wire.EventsBatch](t, params).Events {
			told <- event
		}
	})
	call[wire.Subscribed](e, "events/subscribe", map[string]any{"types": []string{"mcp.*"}})
	a := w.assistant()
	for _, step := range []struct{ tool, arguments, want string }{
		{"process_list", `{}`, `"processes":[]`},
		{"process_start", `{"name":"build","command":"seq 60; echo a.go:3:1: undefined: x"}`, `"id":"build"`},
		{"process_wait", `{"id":"build"}`, `"state":"exited"`},
		{"logs_query", `{"filter":{"processes":["build"]}}`, `undefined: x`},
		{"logs_search", `{"query":"undefined"}`, `"seq":61`},
		{"problems_list", `{}`, `"line":2,`},
		{"process_list", `{}`, `"id":"build"`},
	} {
		if text, complaint := a.use(step.tool, step.arguments); complaint || !strings.Contains(text, step.want) {
			t.Errorf("%s %s: %s, want %s", step.tool, step.arguments, text, step.want)
		}
	}
	if text, _ := a.use("logs_query", `{}`); strings.Count(text, `"seq":`) != 50 {
		t.Errorf("without a number it is not 50 lines: %s", text)
	}
	if text, _ := a.use("logs_query", `{"limit":3}`); strings.Count(text, `"seq":`) != 3 {
		t.Errorf("not 3 lines: %s", text)
	}
	if text, complaint := a.use("process_status", `{"id":"biuld"}`); !complaint || !strings.Contains(text, "biuld") {
		t.Errorf("an id that is not there: %s", text)
	}
	a.Close()
	want := []string{"mcp.connected helper ", "mcp.activity helper process/list", "mcp.activity helper process/start"}
	for _, w := range want {
		event := <-told
		data := event.Data.(map[string]any)
		if got := fmt.Sprintf("%s %s %v", event.Type, data["client"], orNone(data["tool"])); got != w {
			t.Errorf("told %q, want %q", got, w)
		}
	}
	for event := range told {
		if event.Type == "mcp.disconnected" {
			break
		}
	}
}

func orNone(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// TestAssistantOutlivesAnEngine: after an engine's death the next tool has another.
func TestAssistantOutlivesAnEngine(t *testing.T) {
	w := newShared(t)
	a := w.assistant()
	a.use("process_start", `{"name":"old","command":"sleep 1000"}`)
	engine := call[wire.SessionInfo](w.open(), "session/info", nil).PID
	syscall.Kill(engine, syscall.SIGKILL)
	gone(t, engine)
	a.use("process_list", `{}`) // it may be the one that finds out
	if text, complaint := a.use("process_list", `{}`); complaint || !strings.Contains(text, `"processes":[]`) {
		t.Errorf("with another engine: %s", text)
	}
}

// TestTools: each tool's schema is complete in itself.
func TestTools(t *testing.T) {
	a := newShared(t).assistant()
	list, err := a.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
		schema, _ := json.Marshal(tool.InputSchema)
		var s struct {
			Properties map[string]any
			Defs       map[string]any `json:"$defs"`
		}
		if err := json.Unmarshal(schema, &s); err != nil {
			t.Fatal(err)
		}
		for _, ref := range strings.Split(string(schema), `"$ref":"`)[1:] {
			name, found := strings.CutPrefix(ref[:strings.Index(ref, `"`)], "#/$defs/")
			if s.Defs[name] == nil || !found {
				t.Errorf("%s: %s points nowhere", tool.Name, ref[:40])
			}
		}
		if tool.Description == "" || strings.Contains(string(schema), "Token") {
			t.Errorf("%s: %q %s", tool.Name, tool.Description, schema)
		}
	}
	for _, want := range []string{"process_start", "logs_search", "problems_list", "timeline_query"} {
		if !slices.Contains(names, want) {
			t.Errorf("no tool %s among %v", want, names)
		}
	}
}

// TestAssistantPiped: a shell that pipes its questions in gets all answers, though
// the input has ended before the first of them.
func TestAssistantPiped(t *testing.T) {
	w := newShared(t)
	w.run("", "start", "--name", "slow", "--", "sh", "-c", "read line; echo $line; sleep 0.3")
	const hello = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{"name":"pipe","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
`
	stdout, stderr, code := w.run(hello+`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"process_input","arguments":{"id":"slow","data":"over\n"}}}
{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"process_wait","arguments":{"id":"slow"}}}
`, "mcp")
	if code != 0 || !strings.Contains(stdout, `\"state\":\"exited\"`) {
		t.Errorf("exit code %d, %s%s", code, stdout, stderr)
	}
	if _, stderr, code := w.run(hello+"garbage\n", "mcp"); code == 0 || stderr == "" {
		t.Errorf("garbage: exit code %d, %q", code, stderr)
	}
}
