package editor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/front/fronttest"
)

// played is what a stream made of some input.
type played struct {
	Requests []string
	Replies  string // the frames that were written
	Err      error
}

// play reads everything that in has, answers each call at once, and returns
// what happened.
func play(t *testing.T, in io.Reader) played {
	t.Helper()
	var out fronttest.Sink
	s := newStream(in, &out)
	s.ended = make(chan struct{})
	var p played
	for {
		frame, n, err := s.ReadFrame(context.Background())
		if err != nil {
			p.Replies, p.Err = out.String(), err
			return p
		}
		if int(n) != len(frame) {
			t.Errorf("a frame of %d bytes is said to have %d", len(frame), n)
		}
		p.Requests = append(p.Requests, string(frame))
		var m struct{ ID json.RawMessage }
		if json.Unmarshal(frame, &m); m.ID != nil {
			s.WriteFrame(context.Background(), front.Response(m.ID, nil, nil))
		}
	}
}

func header(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }

func call(id int) string { return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"m"}`, id) }

func result(id int) string { return header(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":null}`, id)) }

func refused(problem string) string {
	return header(`{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"` + problem + `"}}`)
}

const (
	noLength = "the header has no Content-Length"
	noSense  = "the Content-Length makes no sense"
	noColon  = "a header line must be a name, a colon and a value"
)

// TestHeader: what stands between two good calls, and what is answered to it.
func TestHeader(t *testing.T) {
	badJSON := header(`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"the message is not valid JSON"}}`)
	for _, tt := range []struct{ name, between, answer string }{
		{name: "nothing"},
		{name: "blank lines", between: "\r\n\n\r\n"},
		{"a header without a length", "Content-Type: x\r\n\r\n", refused(noLength)},
		{"a length that is no number", "Content-Length: many\r\n\r\n{}", refused(noSense)},
		{"an absurd length", "Content-Length: 9223372036854775807\r\n\r\n{}", refused(noSense)},
		{"a length beyond 64 bits", "Content-Length: 99999999999999999999\r\n\r\n{}", refused(noSense)},
		{"a negative length", "Content-Length: -1\r\n\r\n{}", refused(noSense)},
		{"an empty length", "Content-Length:\r\n\r\n", refused(noSense)},
		{"no colon", "hello\r\n\r\n", refused(noColon)},
		{"a name that is none", "{\"a\":1}\r\n", refused(noColon)},
		{"no name", ": 5\r\n\r\n", refused(noColon)},
		{"a length of nothing", "Content-Length: 0\r\n\r\n", badJSON},
		{"a body that is no JSON", header("nonsense"), badJSON},
		{"a request line and a body", "POST / HTTP/1.1\r\nHost: x\r\n\r\n{}", refused(noColon)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := play(t, strings.NewReader(header(call(1))+tt.between+header(call(2))))
			want := played{[]string{call(1), call(2)}, result(1) + tt.answer + result(2), io.EOF}
			if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b error) bool { return errors.Is(a, b) })); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestHeaderForms: every way to write a header that clients are known to use.
func TestHeaderForms(t *testing.T) {
	body := call(1)
	for _, h := range []string{
		"Content-Length: %d\r\n\r\n", "Content-Length: %d\n\n", "content-length:%d\r\n\r\n", "CONTENT-LENGTH :\t%d \r\n\r\n",
		"Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: %d\r\n\r\n",
		"Content-Length: %d\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
		"Content-Length: 1\r\nContent-Length: %d\r\n\r\n", "X-Long: " + strings.Repeat("x", 9000) + "\r\nContent-Length: %d\r\n\r\n",
	} {
		in := fmt.Sprintf(h, len(body)) + body
		if got := play(t, strings.NewReader(in)); len(got.Requests) != 1 || got.Requests[0] != body || got.Replies != result(1) {
			t.Errorf("%.80q: %q, %q", h, got.Requests, got.Replies)
		}
	}
}

// TestHeaderEnd: how an input that ends in the middle of a message ends the
// stream. The message is lost, what came before it is not.
func TestHeaderEnd(t *testing.T) {
	whole := header(call(1)) + header(call(2))
	first := len(header(call(1)))
	for cut := range whole {
		got := play(t, strings.NewReader(whole[:cut]))
		answered := cut >= first
		if (len(got.Requests) == 1) != answered || (got.Replies == result(1)) != answered {
			t.Fatalf("cut at %d: %q, %q", cut, got.Requests, got.Replies)
		}
		if got.Err != io.EOF && got.Err != io.ErrUnexpectedEOF {
			t.Errorf("cut at %d, the error is %v", cut, got.Err)
		}
	}
}

// TestHeaderMemory: garbage of any size is passed over in little memory. A body
// is believed up to 16 MiB, which is what the limit is for.
func TestHeaderMemory(t *testing.T) {
	for _, tt := range []struct {
		name, open, pattern string
		size                int
	}{
		{"a line without an end", "", "x", 8 << 20},
		{"lines without a length", "", "X-Header: x\r\n", 8 << 20},
		{"garbage after a bad header", "nonsense\r\n", "content-lengt ", 2 << 20},
		{"a body over the limit", fmt.Sprintf("Content-Length: %d\r\n\r\n", 32<<20), "x", 32 << 20},
	} {
		e := &fronttest.Endless{Pattern: tt.pattern, Left: tt.size}
		before := fronttest.Heap()
		play(t, io.MultiReader(strings.NewReader(tt.open), e))
		if e.Held > before+512<<10 {
			t.Errorf("%s of %d bytes takes %d bytes of memory", tt.name, tt.size, e.Held-before)
		}
	}
}

// FuzzHeader: whatever follows a good call, the call is answered, reading ends,
// and the outcome does not depend on how the bytes arrive.
func FuzzHeader(f *testing.F) {
	f.Add([]byte(header(call(2))+"nonsense\r\n\r\n"+header(call(3))), uint8(1))
	f.Add([]byte("Content-Length: 7\n\n[1,2,3]content-length: 99\r\nX: y\r\n\r\n{}"), uint8(6))
	f.Fuzz(func(t *testing.T, data []byte, step uint8) {
		in := append([]byte(header(call(1))), data...)
		whole := play(t, bytes.NewReader(in))
		if len(whole.Requests) == 0 || whole.Requests[0] != call(1) || !strings.HasPrefix(whole.Replies, result(1)) {
			t.Fatalf("the good call is lost: %q, %q", whole.Requests, whole.Replies)
		}
		split := play(t, &fronttest.Chunks{Rest: in, Size: int(step) + 1})
		if diff := cmp.Diff(whole, split, cmp.Comparer(func(a, b error) bool { return a == b })); diff != "" {
			t.Errorf("in chunks of %d it is something else: -whole +split\n%s", int(step)+1, diff)
		}
	})
}
