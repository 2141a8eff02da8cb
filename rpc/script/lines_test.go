package script

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/front/fronttest"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// played is what a channel made of some input.
type played struct {
	Requests []string
	Replies  string // the lines that were written
}

// play reads everything that in has, answers each call at once, and returns
// what happened.
func play(t *testing.T, in io.Reader) played {
	t.Helper()
	var out fronttest.Sink
	c := newLines(in, &out)
	c.handler = &idle{ended: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.readLines()
	}()
	var p played
	for {
		message, err := c.Recv()
		if err != nil {
			c.Close()
			<-done
			p.Replies = out.String()
			if !errors.Is(err, io.EOF) {
				t.Errorf("reading ends with %v", err)
			}
			return p
		}
		<-c.starting // as a request does when it may be followed
		p.Requests = append(p.Requests, string(message))
		var m struct{ ID json.RawMessage }
		if json.Unmarshal(message, &m); m.ID != nil {
			c.Send(front.Response(m.ID, nil, nil))
		}
	}
}

// idle is a handler that is only there.
type idle struct{ ended chan struct{} }

func (*idle) Handle(context.Context, *front.Request) ([]byte, *wire.Error) { return nil, nil }
func (*idle) Prompt([]byte, []byte) string                                 { return "" }
func (*idle) Flush(context.Context)                                        {}
func (h *idle) Ended() <-chan struct{}                                     { return h.ended }

func call(id int) string { return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"m"}`, id) }

func result(id int) string {
	return fmt.Sprintf("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":null}\n", id)
}

func refused(code wire.Code, message string) string {
	return fmt.Sprintf("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":%d,\"message\":%q}}\n", code, message)
}

// TestLines: what stands between two good calls, and what is answered to it.
func TestLines(t *testing.T) {
	notJSON := refused(wire.ParseError, "the message is not valid JSON")
	for _, tt := range []struct{ name, between, answer string }{
		{name: "a newline", between: "\n"},
		{name: "a carriage return too", between: "\r\n"},
		{name: "blank lines", between: "\n \t\r\n\n\r\r\n"},
		{"garbage", "\nhello\n", notJSON},
		{"an object over two lines", "\n{\"jsonrpc\":\n\"2.0\"}\n", notJSON + notJSON},
		{"two objects in a line", "\n{}{}\n", notJSON},
		{"a header", "\nContent-Length: 2\r\n\r\n", notJSON},
		{"NUL", "\n\x00\n", notJSON},
		{"invalid UTF-8", "\n\xff\n", refused(wire.ParseError, "the message is not valid UTF-8")},
		{"a form feed", "\n\f\n", notJSON},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := played{[]string{call(1), call(2)}, result(1) + tt.answer + result(2)}
			for _, end := range []string{"\n", "", "\r\n", " "} {
				got := play(t, strings.NewReader(call(1)+tt.between+call(2)+end))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("ended by %q, -want +got:\n%s", end, diff)
				}
			}
		})
	}
}

// TestLineTooLong: a line over the limit is answered once and passed over, be it
// the last or not; one of exactly the limit is read.
func TestLineTooLong(t *testing.T) {
	const open, end = `{"jsonrpc":"2.0","id":1,"method":"m","x":"`, `"}`
	padded := func(size int) string {
		return open + strings.Repeat("x", size-len(open)-len(end)) + end
	}
	data := `,"data":{"kind":"limit.tooLarge"}}}` + "\n"
	tooLong := strings.TrimSuffix(refused(wire.InvalidRequest, "the line is longer than 16777216 bytes"), "}}\n") + data
	for _, tt := range []struct {
		name, in, replies string
	}{
		{"exactly the limit", padded(front.MaxMessage-1) + "\n" + call(2), result(1) + result(2)},
		{"one byte over", padded(front.MaxMessage) + "\n" + call(2), tooLong + result(2)},
		{"far over", padded(2*front.MaxMessage+7) + "\n" + call(2), tooLong + result(2)},
		{"the last line", call(2) + "\n" + padded(front.MaxMessage+1), result(2) + tooLong},
		{"blanks", strings.Repeat(" ", front.MaxMessage+1) + "\n" + call(2), tooLong + result(2)},
	} {
		if got := play(t, strings.NewReader(tt.in)); got.Replies != tt.replies {
			t.Errorf("%s: the replies are %s, want %s", tt.name, got.Replies, tt.replies)
		}
	}
}

// TestLineMemory: a line over the limit holds no memory while it is passed over,
// and blank lines never do.
func TestLineMemory(t *testing.T) {
	for _, tt := range []struct {
		name, pattern string
		size          int
	}{
		{"a line without an end", "x", 3 * front.MaxMessage},
		{"blank lines", " \n", 8 << 20},
	} {
		e := &fronttest.Endless{Pattern: tt.pattern, Left: tt.size}
		before := fronttest.Heap()
		play(t, e)
		if e.Held > before+512<<10 {
			t.Errorf("%s of %d bytes takes %d bytes of memory", tt.name, tt.size, e.Held-before)
		}
	}
}

// TestReadAhead: a client that sends and sends is read only so many requests
// ahead of the one that starts.
func TestReadAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newLines(strings.NewReader(strings.Repeat(`{"jsonrpc":"2.0","method":"m"}`+"\n", 2*maxStarting)), &fronttest.Sink{})
		c.handler = &idle{ended: make(chan struct{})}
		go c.readLines()
		defer c.Close()
		read := 0
		go func() {
			for {
				if _, err := c.Recv(); err != nil {
					return
				}
				read++
			}
		}()
		synctest.Wait()
		if read != maxStarting {
			t.Errorf("%d requests are read although none has started, want %d", read, maxStarting)
		}
		<-c.starting
		synctest.Wait()
		if read != maxStarting+1 {
			t.Errorf("one has started, and %d are read", read)
		}
	})
}

// FuzzLines: whatever follows a good call, the call is answered, reading ends,
// and the outcome does not depend on how the bytes arrive.
func FuzzLines(f *testing.F) {
	f.Add([]byte(call(2)+"\r\n\nnonsense\n["+call(3)+",1]"), uint8(1))
	f.Add([]byte("[]\n[{}]\n\xff\n{\"a\":1}"), uint8(6))
	f.Fuzz(func(t *testing.T, data []byte, step uint8) {
		in := append([]byte(call(1)+"\n"), data...)
		whole := play(t, bytes.NewReader(in))
		if len(whole.Requests) == 0 || whole.Requests[0] != call(1) || !strings.HasPrefix(whole.Replies, result(1)) {
			t.Fatalf("the good call is lost: %q, %q", whole.Requests, whole.Replies)
		}
		split := play(t, &fronttest.Chunks{Rest: in, Size: int(step) + 1})
		if diff := cmp.Diff(whole, split); diff != "" {
			t.Errorf("in chunks of %d it is something else: -whole +split\n%s", int(step)+1, diff)
		}
	})
}
