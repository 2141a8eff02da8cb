package rpc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

const (
	listCall   = `{"jsonrpc":"2.0","id":1,"method":"process/list"}`
	listAnswer = `{"jsonrpc":"2.0","id":1,"result":{"processes":[],"revision":0}}`
)

// padded is a call of this many bytes.
func padded(size int) string {
	const open, end = `{"jsonrpc":"2.0","id":1,"method":"process/list","padding":"`, `"}`
	return open + strings.Repeat("x", size-len(open)-len(end)) + end
}

// TestTooLarge: a message over the limit is answered and passed over, and the
// session goes on. One below it is read.
func TestTooLarge(t *testing.T) {
	const refusal = `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":%q,"data":{"kind":"limit.tooLarge"}}}`
	said := map[front.Framing]string{
		front.Header: fmt.Sprintf("the message has %d bytes: the limit is %d", front.MaxMessage+1, front.MaxMessage),
		front.NDJSON: fmt.Sprintf("the line is longer than %d bytes", front.MaxMessage),
	}
	if front.MaxMessage != 16<<20 {
		t.Errorf("the limit is %d bytes, and clients count on 16 MiB", front.MaxMessage)
	}
	for _, f := range framings {
		t.Run(f.String(), func(t *testing.T) {
			c := connect(t, newServer(t, newEngine(t, engine.Options{})), f)
			for size, want := range map[int]string{
				front.MaxMessage - 1: listAnswer,
				front.MaxMessage + 1: fmt.Sprintf(refusal, said[f]),
			} {
				c.send(padded(size))
				if got, _ := c.receive(); got != want {
					t.Errorf("%d bytes: the answer is %.200s, want %s", size, got, want)
				}
				c.send(listCall)
				if got, _ := c.receive(); got != listAnswer {
					t.Errorf("behind %d bytes: %s", size, got)
				}
			}
			c.write(c.frame(padded(front.MaxMessage + 1))[:front.MaxMessage/2]) // and nothing more
			c.eof()
			if code := c.exitCode(); code != ExitOK {
				t.Errorf("exit code %d", code)
			}
		})
	}
}

// TestSplit: two calls arrive in two pieces, wherever they are cut.
func TestSplit(t *testing.T) {
	s := newServer(t, newEngine(t, engine.Options{}))
	for _, f := range framings {
		two := (&client{framing: f}).frame(listCall) + (&client{framing: f}).frame(`{"jsonrpc":"2.0","id":2,"method":"no/such"}`)
		want := map[string]string{
			"1": listAnswer,
			"2": `{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"there is no method no/such; rpc.discover lists those there are"}}`,
		}
		for cut := range len(two) {
			c := connect(t, s, f)
			c.write(two[:cut])
			c.write(two[cut:])
			if diff := cmp.Diff(want, c.answers(2)); diff != "" {
				t.Errorf("%v, cut at %d:\n%s", f, cut, diff)
			}
			c.eof()
			c.exitCode()
		}
	}
}
