package rpc_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// match compares a line of a transcript with a message and says where they
// differ, "" if they don't. In the line
//
//	"$PID"       is a process id
//	"$PORT"      is the port that nobody listened on, and $PORT within a string
//	"$TIME"      is a time in milliseconds since the epoch
//	$ROOT        within a string is the workspace's folder
//	$EPOCH       within a string is the engine's epoch
//	"..."        is any value; as the last element of a list any more elements,
//	             as a member's name any other members
func (p *player) match(line, message string) string {
	var want, got any
	if err := decodeNumbers(line, &want); err != nil {
		return err.Error()
	}
	if err := decodeNumbers(message, &got); err != nil {
		return err.Error()
	}
	return p.differ("", want, got)
}

func decodeNumbers(text string, to any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return d.Decode(to)
}

func (p *player) differ(path string, want, got any) string {
	switch w := want.(type) {
	case string:
		return p.differText(path, w, got)
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			return p.differMembers(path, w, g)
		}
	case []any:
		if g, ok := got.([]any); ok {
			return p.differElements(path, w, g)
		}
	default:
		if want == got {
			return ""
		}
	}
	return fmt.Sprintf("%s differs", at(path))
}

func at(path string) string {
	if path == "" {
		return "the message"
	}
	return path
}

func (p *player) differText(path, want string, got any) string {
	n, _ := got.(json.Number)
	number, _ := n.Int64()
	ok := false
	switch want {
	case "...":
		ok = true
	case "$PID":
		ok = number > 1
	case "$PORT":
		ok = number == int64(p.port)
	case "$TIME":
		ok = number > 1_700_000_000_000 && number < 5_000_000_000_000
	default:
		ok = got == any(p.expand(want))
	}
	if ok {
		return ""
	}
	return fmt.Sprintf("%s is %v, not %s", at(path), got, want)
}

func (p *player) differMembers(path string, want, got map[string]any) string {
	_, open := want["..."]
	for name := range got {
		if _, ok := want[name]; !ok && !open {
			return path + "/" + name + " is not expected"
		}
	}
	for name, w := range want {
		if name == "..." {
			continue
		}
		g, ok := got[name]
		if !ok {
			return path + "/" + name + " is missing"
		}
		if diff := p.differ(path+"/"+name, w, g); diff != "" {
			return diff
		}
	}
	return ""
}

func (p *player) differElements(path string, want, got []any) string {
	if n := len(want); n > 0 && want[n-1] == any("...") && len(got) >= n-1 {
		want, got = want[:n-1], got[:n-1]
	}
	if len(want) != len(got) {
		return fmt.Sprintf("%s has %d elements, not %d", at(path), len(got), len(want))
	}
	for i := range want {
		if diff := p.differ(fmt.Sprintf("%s/%d", path, i), want[i], got[i]); diff != "" {
			return diff
		}
	}
	return ""
}

// TestMatch: what a line of a transcript accepts, and what it doesn't.
func TestMatch(t *testing.T) {
	p := &player{root: "/w", epoch: "e1"}
	for _, tt := range []struct {
		line, message string
		same          bool
	}{
		{`{"a":1,"b":[true,null]}`, `{"b":[true,null],"a":1}`, true},
		{`{"a":1}`, `{"a":2}`, false},
		{`{"a":1}`, `{"a":1,"b":2}`, false},
		{`{"a":1,"b":2}`, `{"a":1}`, false},
		{`{"a":null}`, `{}`, false},
		{`{"a":"..."}`, `{"a":{"x":[1]}}`, true},
		{`{"a":"..."}`, `{}`, false},
		{`{"a":1,"...":"..."}`, `{"a":1,"b":2}`, true},
		{`{"a":1,"...":"..."}`, `{"b":2}`, false},
		{`{"a":1,"...":"..."}`, `{"a":2,"b":2}`, false},
		{`[1,"..."]`, `[1,2,3]`, true},
		{`[1,"..."]`, `[1]`, true},
		{`[1,"..."]`, `[2]`, false},
		{`[1,"..."]`, `[]`, false},
		{`[1]`, `[1,2]`, false},
		{`[]`, `{}`, false},
		{`{}`, `[]`, false},
		{`9007199254740993`, `9007199254740992`, false},
		{`1`, `"1"`, false},
		{`"$PID"`, `4242`, true},
		{`"$PID"`, `0`, false},
		{`"$PID"`, `"$PID"`, false},
		{`"$TIME"`, `1790000000000`, true},
		{`"$TIME"`, `1790000000`, false},
		{`"$EPOCH:7"`, `"e1:7"`, true},
		{`"$EPOCH:7"`, `"e2:7"`, false},
		{`"$ROOT/cmd"`, `"/w/cmd"`, true},
		{`"$ROOT"`, `"/x"`, false},
	} {
		if diff := p.match(tt.line, tt.message); (diff == "") != tt.same {
			t.Errorf("%s and %s: %q", tt.line, tt.message, diff)
		}
	}
}

// receive passes messages on until the output ends. What is not framed as it
// must be becomes a message that is no JSON.
func receive(f front.Framing, out io.Reader, inbox chan<- string) {
	defer close(inbox)
	r := bufio.NewReader(out)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			if line != "" {
				inbox <- "unfinished: " + line
			}
			return
		}
		if f == front.NDJSON {
			inbox <- strings.TrimSuffix(line, "\n")
			continue
		}
		var n int
		if _, err := fmt.Sscanf(line, "Content-Length: %d\r\n", &n); err != nil {
			inbox <- "no header: " + line
			return
		}
		body := make([]byte, n+2)
		if _, err := io.ReadFull(r, body); err != nil {
			inbox <- "unfinished: " + string(body)
			return
		}
		inbox <- string(body[2:])
	}
}
