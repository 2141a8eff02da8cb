package rpc

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// TestOrder: calls take effect in the order read, in a batch or not, while what
// only waits holds up nobody.
func TestOrder(t *testing.T) {
	addTestMethods(t)
	for _, f := range framings {
		for _, batch := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v batch=%v", f, batch), func(t *testing.T) {
				c := connect(t, newServer(t, newEngine(t, engine.Options{})), f)
				c.send(`{"jsonrpc":"2.0","id":"blocked","method":"test/block"}`)
				for n := range 200 {
					startStatusStop(t, c, n, batch)
				}
				c.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"blocked"}}`)
				c.answers(1)
			})
		}
	}
}

// startStatusStop sends a life of a process in one piece and looks at what each
// call saw.
func startStatusStop(t *testing.T, c *client, n int, batch bool) {
	t.Helper()
	calls := []struct{ method, params, states string }{
		{"start", `{"name":"web","command":["sleep","600"],"cwd":"/"}`, "running"},
		{"status", `{"id":"web"}`, "running"},
		{"stop", `{"id":"web"}`, "stopped"},
		{"status", `{"id":"web"}`, "stopping stopped"},
		{"wait", `{"id":"web"}`, "stopped"},
	}
	var messages []string
	for i, call := range calls {
		messages = append(messages, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"process/%s","params":%s}`, i, call.method, call.params))
	}
	if batch {
		messages = []string{"[" + strings.Join(messages, ",") + "]"}
	}
	c.send(messages...)
	got := c.answers(len(calls))
	for i, call := range calls {
		var answer struct{ Result wire.Process }
		if err := json.Unmarshal([]byte(got[fmt.Sprint(i)]), &answer); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(strings.Fields(call.states), answer.Result.State) || int(answer.Result.Run) != n+1 {
			t.Fatalf("round %d: call %d, %s, sees %s; want %s in run %d", n, i, call.method, got[fmt.Sprint(i)], call.states, n+1)
		}
	}
}

// TestHalfClose: whoever writes some calls and closes at once gets every answer,
// though the last line has no end. `printf '...' | brummer-rpc` does this.
func TestHalfClose(t *testing.T) {
	addTestMethods(t)
	s := newServer(t, newEngine(t, engine.Options{}))
	in := strings.Join([]string{
		listCall, slow(2, "slow", 1), `[` + slow(3, "inline", 1) + `,{"jsonrpc":"2.0","method":"process/list"},` + slow(4, "slow", 0) + `]`,
		"nonsense", `{"jsonrpc":"2.0","id":5,"method":"no/such"}`, slow(6, "deaf", 2),
	}, "\n")
	for n := range 1000 {
		c := connectOverPipe(t, s, front.NDJSON)
		c.write(in)
		c.eof()
		got := c.answers(7) // one of them, to the nonsense, has no id
		if got["1"] != listAnswer || got["6"] != null("6") {
			t.Fatalf("round %d: %v", n, got)
		}
		if code := c.exitCode(); code != ExitOK {
			t.Fatalf("round %d: exit code %d", n, code)
		}
	}
}

// TestNoGoroutineIsLeft: a session that has ended, whichever way, leaves no
// goroutine behind.
func TestNoGoroutineIsLeft(t *testing.T) {
	addTestMethods(t)
	s := newServer(t, newEngine(t, engine.Options{}))
	for name, leave := range map[string]func(c *client){
		"end of input": (*client).eof,
		"hang-up":      (*client).hangUp,
		"nobody reads": func(c *client) { c.out.Close(); c.send(listCall) },
		"exit":         func(c *client) { c.send(`{"jsonrpc":"2.0","method":"exit"}`) },
		"shutdown":     func(c *client) { c.call("shutdown", "{}"); c.send(`{"jsonrpc":"2.0","method":"exit"}`) },
		"cancelled":    func(c *client) { c.cancel() },
	} {
		for _, f := range framings {
			t.Run(f.String()+" "+name, func(t *testing.T) {
				before := runtime.NumGoroutine()
				for range 5 {
					c := connect(t, s, f)
					c.send(slow(1, "slow", 20), slow(2, "inline", 1), `{"jsonrpc":"2.0","id":"s","method":"logs/subscribe"}`)
					if name != "end of input" || f == front.Header {
						c.send(`{"jsonrpc":"2.0","id":3,"method":"test/block"}`)
					}
					leave(c)
					c.exitCode()
					c.hangUp() // the test's own ends
				}
				wantGoroutines(t, before)
			})
		}
	}
}

// TestNoGoroutineIsLeftOverHTTP: nor does a connection that is lost while a call
// waits, or one that is closed in order.
func TestNoGoroutineIsLeftOverHTTP(t *testing.T) {
	addTestMethods(t)
	s := newServer(t, newEngine(t, engine.Options{}))
	for name, leave := range map[string]func(c *client){
		"lost":         func(c *client) { c.send(`{"jsonrpc":"2.0","id":1,"method":"test/block"}`); c.hangUp() },
		"end of input": func(c *client) { c.send(listCall); c.answers(1); c.eof() },
		"cancelled":    func(c *client) { c.send(`{"jsonrpc":"2.0","id":1,"method":"test/block"}`); c.cancel() },
		"idle":         func(c *client) { c.send(listCall); c.answers(1); c.cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			for range 5 {
				c := dial(t, s, front.HTTP)
				leave(c)
				c.exitCode()
				c.hangUp() // the test's own end
			}
			wantGoroutines(t, before)
		})
	}
}

// wantGoroutines waits until no more than want are left.
func wantGoroutines(t *testing.T, want int) {
	t.Helper()
	for deadline := time.Now().Add(patience); runtime.NumGoroutine() > want; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, want %d:\n%s", runtime.NumGoroutine(), want, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// TestStdinThatNeverEnds: a session can end although nothing interrupts the
// reading of its input.
func TestStdinThatNeverEnds(t *testing.T) {
	s := newServer(t, newEngine(t, engine.Options{}))
	for _, f := range framings {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		defer r.Close()
		out, serverOut := io.Pipe()
		c := dialOver(t, s, f, io.NopCloser(r), w, out, serverOut)
		c.initialize()
		c.send(`{"jsonrpc":"2.0","id":1,"method":"shutdown"}`, `{"jsonrpc":"2.0","method":"exit"}`)
		c.answers(1)
		if code := c.exitCode(); code != ExitOK {
			t.Errorf("exit code %d", code)
		}
	}
}
