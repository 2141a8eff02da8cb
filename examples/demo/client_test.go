package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

func TestReadFrame(t *testing.T) {
	for _, test := range []struct {
		name, input string
		frames      []string // that come before
		end         string   // this error
	}{
		{"nothing", "", nil, "EOF"},
		{"one", "Content-Length: 2\r\n\r\n{}", []string{"{}"}, "EOF"},
		{"two", "Content-Length: 2\r\n\r\n{}Content-Length: 1\r\n\r\n1", []string{"{}", "1"}, "EOF"},
		{"length in bytes", "Content-Length: 4\r\n\r\n\"ü\"", []string{`"ü"`}, "EOF"},
		{"case and other fields", "content-TYPE: x\r\ncontent-length:2\r\n\r\n{}", []string{"{}"}, "EOF"},
		{"newlines alone", "Content-Length: 2\n\n{}", []string{"{}"}, "EOF"},
		{"cut off in the header", "Content-Le", nil, "unexpected EOF"},
		{"cut off behind the header's first line", "Content-Length: 2\r\n", nil, "unexpected EOF"},
		{"cut off before the body", "Content-Length: 2\r\n\r\n", nil, "unexpected EOF"},
		{"cut off in the body", "Content-Length: 2\r\n\r\n{", nil, "unexpected EOF"},
		{"no length", "X: 1\r\n\r\n{}", nil, "a message of -1 bytes"},
		{"no number", "Content-Length: x\r\n\r\n{}", nil, `a header that makes no sense: "Content-Length: x\r\n"`},
		{"too long", "Content-Length: 99999999\r\n\r\n{}", nil, "a message of 99999999 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := bufio.NewReader(strings.NewReader(test.input))
			var frames []string
			for {
				body, err := readFrame(r)
				if err != nil {
					if err.Error() != test.end {
						t.Errorf("ends with %q, want %q", err, test.end)
					}
					break
				}
				frames = append(frames, string(body))
			}
			if !slices.Equal(frames, test.frames) {
				t.Errorf("got %q, want %q", frames, test.frames)
			}
		})
	}
}

func TestWriteFrame(t *testing.T) {
	var b bytes.Buffer
	for _, body := range []string{`{}`, `"ü"`} {
		if err := writeFrame(&b, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if want := "Content-Length: 2\r\n\r\n{}Content-Length: 4\r\n\r\n\"ü\""; b.String() != want {
		t.Errorf("wrote %q, want %q", b.String(), want)
	}
}

// fake is a server that has said everything before it is asked.
func fake(t *testing.T, messages ...string) (c *client, sent *bytes.Buffer, notified *[]string) {
	t.Helper()
	var said bytes.Buffer
	for _, m := range messages {
		if err := writeFrame(&said, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	sent, notified = new(bytes.Buffer), new([]string)
	return newClient(&said, sent, func(method string, params jsontext.Value) error {
		*notified = append(*notified, method+" "+string(params))
		return nil
	}), sent, notified
}

func TestCall(t *testing.T) {
	c, sent, notified := fake(t,
		`{"jsonrpc":"2.0","method":"logs/lines","params":{"batch":1}}`,
		`{"jsonrpc":"2.0","method":"logs/lines","params":{"batch":2}}`,
		`{"jsonrpc":"2.0","id":1,"result":{"pid":7}}`,
		`{"jsonrpc":"2.0","method":"logs/lines","params":{"batch":3}}`,
		`{"jsonrpc":"2.0","id":2,"result":null}`,
	)
	result, err := c.call("session/info", nil)
	if err != nil || string(result) != `{"pid":7}` {
		t.Fatalf("got %s, %v", result, err)
	}
	if want := []string{`logs/lines {"batch":1}`, `logs/lines {"batch":2}`}; !slices.Equal(*notified, want) {
		t.Errorf("before the answer came %q, want %q", *notified, want)
	}
	if result, err = c.call("process/stop", map[string]string{"id": "web"}); err != nil || string(result) != "null" {
		t.Fatalf("got %s, %v", result, err)
	}
	if err := c.send("exit", "", nil); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"jsonrpc":"2.0","method":"session/info","id":1}`,
		`{"jsonrpc":"2.0","method":"process/stop","id":2,"params":{"id":"web"}}`,
		`{"jsonrpc":"2.0","method":"exit"}`,
	}
	for r := bufio.NewReader(sent); len(want) > 0; want = want[1:] {
		if body, err := readFrame(r); err != nil || string(body) != want[0] {
			t.Errorf("sent %s, %v; want %s", body, err, want[0])
		}
	}
}

func TestCallFails(t *testing.T) {
	c, _, _ := fake(t, `{"jsonrpc":"2.0","id":1,"error":{"code":-32803,"message":"no web","data":{"kind":"process.notFound"}}}`)
	_, err := c.call("process/stop", nil)
	var answered *answeredError
	if want := (answeredError{"process/stop", -32803, "no web", "process.notFound"}); !errors.As(err, &answered) || *answered != want {
		t.Errorf("got %v, want %v", err, &want)
	}
	if _, err := c.call("process/stop", nil); !errors.Is(err, io.EOF) {
		t.Errorf("after the end of input: %v, want EOF", err)
	}
	for name, message := range map[string]string{
		"an answer to no call": `{"jsonrpc":"2.0","id":9,"result":1}`,
		"no object":            `[]`,
		"no JSON":              `{`,
	} {
		c, _, _ := fake(t, message, `{"jsonrpc":"2.0","id":1,"result":1}`)
		if result, err := c.call("session/info", nil); err == nil {
			t.Errorf("%s: got %s, want an error", name, result)
		}
	}
}
