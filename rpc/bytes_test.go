package rpc

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// TestFolderThatIsNoUTF8: a workspace whose path is no UTF-8 can be worked in.
// Once such a path could not be encoded, the pump ended, and a stop waited for
// it for ever.
func TestFolderThatIsNoUTF8(t *testing.T) {
	root := filepath.Join(t.TempDir(), "caf\xe9")
	if err := os.Mkdir(root, 0o777); err != nil || runtime.GOOS == "darwin" {
		t.Skip("the file system has no such names: ", err)
	}
	for _, f := range framings {
		c := connect(t, newServer(t, newEngine(t, engine.Options{Root: root})), f)
		c.call("session/watch", `{"topics":["process"]}`)
		for _, step := range []struct{ method, params, want string }{
			{"session/info", `{}`, "caf\ufffd"},
			{"process/start", `{"command":["sleep","600"]}`, "caf\ufffd"},
			{"process/list", `{}`, "caf\ufffd"},
			{"process/stop", `{"id":"sleep"}`, `"stopped"`},
			{"process/start", `{"command":["./no"]}`, "caf\ufffd"},
		} {
			answer := normal(c.call(step.method, step.params))
			if !strings.Contains(answer, step.want) || strings.Contains(answer, "not JSON") {
				t.Errorf("%v %s: %s, want something with %s", f, step.method, answer, step.want)
			}
		}
	}
}

// TestRanges: where a hit stands is counted in UTF-16 units, or in bytes for a
// client that has offered UTF-8, however many characters are before it.
func TestRanges(t *testing.T) {
	s := newServer(t, newEngine(t, engine.Options{}))
	for capabilities, want := range map[string]string{
		`{}`: `[[2,3],[3,5],[6,7],[8,10],[11,12]]`,
		`{"general":{"positionEncodings":["utf-16","utf-8"]}}`: `[[3,4],[4,8],[9,10],[11,15],[16,17]]`,
	} {
		c := dial(t, s, front.Header)
		c.call("initialize", `{"capabilities":`+capabilities+`}`)
		c.call("process/start", `{"name":"p","command":"echo 'é o😀 o 😀 o'"}`)
		c.call("process/wait", `{"id":"p"}`)
		answer := c.call("logs/search", `{"query":"😀|o","regexp":true}`)
		if !strings.Contains(answer, `"ranges":`+want) {
			t.Errorf("%s: %s, want the ranges %s", capabilities, answer, want)
		}
	}
}

// TestRangesOnColours: with ansi the ranges are in the text with its colours, in
// the same units, and cover the same characters.
func TestRangesOnColours(t *testing.T) {
	s := newServer(t, newEngine(t, engine.Options{}))
	c := connect(t, s, front.Header)
	c.call("process/start", `{"name":"p","command":["printf","😀 \\033[31mer\\033[1mror\\033[0m: error\\n"]}`)
	c.call("process/wait", `{"id":"p"}`)
	for params, want := range map[string]string{
		`{"query":"error"}`:             `[[3,8],[10,15]]`,
		`{"query":"error","ansi":true}`: `[[8,17],[23,28]]`,
	} {
		if answer := c.call("logs/search", params); !strings.Contains(answer, `"ranges":`+want) {
			t.Errorf("%s: %s, want the ranges %s", params, answer, want)
		}
	}
}
