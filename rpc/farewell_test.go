package rpc

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// prompt is how soon contexts end when a client hangs up: well before the second that
// a session gives to what ends by itself. The machine may be busy, so a test that
// measures it may try again a few times.
const (
	prompt = 500 * time.Millisecond
	tries  = 5
)

func slow(id int, method string, ms int) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"test/%s","params":{"ms":%d}}`, id, method, ms)
}

func null(id string) string { return `{"jsonrpc":"2.0","id":` + id + `,"result":null}` }

// TestScriptEndsItsInput: a script's calls are all answered, however slow they
// are and however its last line ends.
func TestScriptEndsItsInput(t *testing.T) {
	addTestMethods(t)
	for _, end := range []string{"\n", "", "\r\n", "\n\n  "} {
		c := dial(t, newServer(t, newEngine(t, engine.Options{})), front.NDJSON)
		c.write(strings.Join([]string{
			slow(1, "slow", 120), slow(2, "inline", 40), slow(3, "deaf", 80),
			`[` + slow(4, "slow", 60) + `,` + slow(5, "inline", 1) + `]`, slow(6, "slow", 20),
		}, "\n") + end)
		c.eof()
		want := map[string]string{}
		for id := range 6 {
			want[fmt.Sprint(id+1)] = null(fmt.Sprint(id + 1))
		}
		if diff := cmp.Diff(want, c.answers(6)); diff != "" {
			t.Errorf("ended by %q: %s", end, diff)
		}
		if code := c.exitCode(); code != ExitOK {
			t.Errorf("exit code %d", code)
		}
	}
}

// TestEditorEndsItsInput: for an editor the end of input is a hang-up. What
// waits for something ends; what is ready within a second is still told.
func TestEditorEndsItsInput(t *testing.T) {
	addTestMethods(t)
	c := connect(t, newServer(t, newEngine(t, engine.Options{})), front.Header)
	c.send(`{"jsonrpc":"2.0","id":1,"method":"test/block"}`, `{"jsonrpc":"2.0","id":2,"method":"test/last"}`, slow(3, "deaf", 2*int(patience.Milliseconds())), `{"jsonrpc":"2.0","id":4,"method":"process/list"}`)
	c.eof()
	want := map[string]string{
		"1": `{"jsonrpc":"2.0","id":1,"error":{"code":-32802,"message":"the session has ended"}}`,
		"2": null("2"),
		"4": `{"jsonrpc":"2.0","id":4,"result":{"processes":[],"revision":0}}`,
	}
	if diff := cmp.Diff(want, c.answers(3)); diff != "" {
		t.Error(diff)
	}
	if code := c.exitCode(); code != ExitOK { // which is not waited for as long as the third call takes
		t.Errorf("exit code %d", code)
	}
	if m, ok := <-c.inbox; ok {
		t.Errorf("one more answer: %s", m)
	}
}

// TestExitAnswersFirst: what was asked before an exit is answered, however close
// they are. What waits ends.
func TestExitAnswersFirst(t *testing.T) {
	addTestMethods(t)
	s := newServer(t, newEngine(t, engine.Options{}))
	for _, f := range framings {
		for range 100 {
			c := connect(t, s, f)
			c.send(listCall, slow(2, "inline", 0), `{"jsonrpc":"2.0","id":3,"method":"test/block"}`, `{"jsonrpc":"2.0","id":4,"method":"shutdown"}`, `{"jsonrpc":"2.0","method":"exit"}`)
			want := map[string]string{
				"1": listAnswer, "2": null("2"), "4": null("4"),
				"3": `{"jsonrpc":"2.0","id":3,"error":{"code":-32802,"message":"the session has ended"}}`,
			}
			if diff := cmp.Diff(want, c.answers(len(want))); diff != "" {
				t.Fatalf("%v: %s", f, diff)
			}
			if code := c.exitCode(); code != ExitOK {
				t.Fatalf("exit code %d", code)
			}
		}
	}
}

// TestHandlersEnd: when the client goes, the contexts of its waiting calls end
// at once, whichever way it goes.
func TestHandlersEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		framings []front.Framing
		leave    func(c *client)
	}{
		"end of input": {[]front.Framing{front.Header}, func(c *client) { c.eof() }},
		"nobody reads": {framings, func(c *client) { c.out.Close(); c.send(listCall) }},
		"cancelled":    {framings, func(c *client) { c.cancel() }},
		"exit":         {framings, func(c *client) { c.send(`{"jsonrpc":"2.0","method":"exit"}`) }},
		"lost":         {[]front.Framing{front.HTTP}, func(c *client) { c.out.Close() }},
	} {
		for _, f := range tt.framings {
			t.Run(f.String()+" "+name, func(t *testing.T) {
				best := time.Hour
				for n := 0; n < tries && best > prompt; n++ {
					best = min(best, timeToEnd(t, f, tt.leave))
				}
				if best > prompt {
					t.Errorf("a waiting handler goes on for %v, want at most %v", best, prompt)
				}
			})
		}
	}
}

// timeToEnd is how long waiting calls outlive a client that leaves.
func timeToEnd(t *testing.T, f front.Framing, leave func(*client)) time.Duration {
	t.Helper()
	addTestMethods(t)
	calls := 3
	if f == front.HTTP {
		calls = 1 // of a connection
	}
	waiting, ended := make(chan bool, calls), make(chan time.Time, calls)
	addMethod("test/wait", func(c *call, _ wire.None) error {
		ctx := c.overlap()
		waiting <- true
		<-ctx.Done()
		ended <- time.Now()
		return ctx.Err()
	})
	c := connectOverPipe(t, newServer(t, newEngine(t, engine.Options{})), f)
	for id := range calls {
		c.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"test/wait"}`, id))
	}
	for range calls {
		<-waiting
	}
	begun := time.Now()
	leave(c)
	var last time.Time
	for range calls {
		select {
		case last = <-ended:
		case <-time.After(patience):
			t.Fatal("a handler waits for ever")
		}
	}
	c.exitCode()
	return last.Sub(begun)
}

// connectOverPipe connects through pipes of the operating system, whose writers
// are told EPIPE when nobody reads.
func connectOverPipe(t *testing.T, s *Server, f front.Framing) *client {
	t.Helper()
	if f == front.HTTP {
		return dial(t, s, f) // which goes over a socket
	}
	serverIn, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, serverOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := dialOver(t, s, f, serverIn, in, out, serverOut)
	c.initialize()
	return c
}
