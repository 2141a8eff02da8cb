package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/editor"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/script"
)

// differential is what each method is called with, one after the other, by both
// clients of equal engines; see [newPair] for what is in them. A method that is
// not here fails the test. "" stands for no params.
var differential = map[string][]string{
	"initialize":      {``, `{}`, `[]`, `{"rootUri":null,"capabilities":{"general":{"positionEncodings":["utf-8"]}}}`, `{"rootUri":7}`, `{"workspaceFolders":[7]}`, `[1]`}, // scripts have a root already
	"initialized":     {`{}`, ``, `[1]`},
	"shutdown":        {`{}`, `{}`},
	"exit":            {`{}`},
	"$/cancelRequest": {`{"id":1}`, `{"id":"x"}`, `{}`, `[1]`},
	"$/setTrace":      {`{"value":"off"}`, `{"value":"loud"}`, `{"value":7}`, ``},
	"rpc.discover":    {``, `[1]`},

	"session/info":       {``, `{}`, `[]`, `{"workDoneToken":[1]}`, `[1]`},
	"session/hello":      {`{"client":{"name":"c","version":"1"},"env":{"A":"b"},"cwd":"/"}`, ``, `{"env":{"A":1}}`, `{"client":7}`},
	"project/config":     {``, `{}`, `["x"]`},
	"session/watch":      {`{"topics":["process","urls"]}`, `{"topics":[]}`, ``, `{"topics":["weather"]}`, `{"topics":"process"}`},
	"session/stopEngine": {``, `[1]`},

	"project/scripts": {``, `{"partialResultToken":"x"}`, `["x"]`},

	"process/list":   {``, `{}`, `[]`, `["x"]`, `{"usage":"yes"}`},
	"process/status": {`{"id":"done"}`, `{"id":"live"}`, `{"id":"nobody"}`, `{"id":""}`, ``, `{"id":7}`, `["done"]`, `{"id":"done","reveal":false}`, `{"id":"done","reveal":"yes"}`},
	"process/start": {
		`{"command":["sleep","600"]}`, `{"command":["sleep","600"]}`, `{"command":"exec sleep 600","name":"named","env":{"A":"b"}}`, `{"command":"exec sleep 600","name":"named"}`,
		`{"script":"make:hold"}`, `{"script":"nothing"}`, `{"script":"x","command":"y"}`, ``, `{"command":""}`, `{"command":[]}`, `{"command":[""]}`, `{"command":7}`, `{"command":["a",7]}`,
		`{"command":["/no/such/program"],"name":"ghost"}`, `{"command":["sleep"],"cwd":"/no/such/folder","name":"lost"}`, `{"command":["a\u0000b"],"name":"nul"}`,
		`{"command":"x","name":"a#1"}`, `{"command":"x","name":" "}`, `{"command":"x","env":{"A":1}}`, `{"command":"x","env":[]}`,
		`{"command":"x","stdio":"tty"}`, `{"command":"x","cols":80}`, `{"command":"x","stdio":"pty","cols":80}`, `{"command":"x","name":"kept","restart":"always"}`, `{"command":"x","name":"late","dependsOn":{"a":"started"}}`, `{"command":"x","name":"told","ready":{"log":"x"}}`,
	},
	"process/stop":    {`{"id":"live","graceMs":60000}`, `{"id":"live"}`, `{"id":"done","signal":"KILL"}`, `{"id":"done","signal":"NOPE"}`, `{"id":"done","graceMs":-1}`, `{"id":"done","graceMs":"1"}`, `{"id":"nobody"}`, ``},
	"process/restart": {`{"id":"live"}`, `{"id":"ghost"}`, `{"id":"nobody"}`, ``, `[]`},
	"process/stopAll": {``, ``, `[1]`},
	"process/wait": {
		`{"id":"done"}`, `{"id":"done","for":"stopped","timeoutMs":5}`, `{"id":"done","for":"running"}`, `{"id":"done","for":"ready"}`, `{"id":"live","for":"running"}`, `{"id":"live","for":"exited","timeoutMs":1}`,
		`{"id":"live","for":"happy"}`, `{"id":"live","timeoutMs":-1}`, `{"id":"live","timeoutMs":1.5}`, `{"id":"nobody"}`, ``,
	},
	"process/input":  {`{"id":"live","data":"hello\n"}`, `{"id":"live","eof":true}`, `{"id":"done","data":"x"}`, `{"id":"nobody"}`, `{"id":"live","data":7}`, ``},
	"process/signal": {`{"id":"live","signal":"winch"}`, `{"id":"live","signal":"SIGNOPE"}`, `{"id":"live"}`, `{"id":"done","signal":"TERM"}`, `{"id":"nobody","signal":"TERM"}`, `{"id":"live","signal":15}`, ``},
	"process/resize": {`{"id":"live","cols":80,"rows":24}`, `{"id":"done","cols":80,"rows":24}`, `{"id":"nobody","cols":80,"rows":24}`, `{"id":"live","cols":0,"rows":24}`, `{"id":"live","cols":80,"rows":-1}`, `{"id":"live","cols":"80","rows":24}`, ``},
	"process/remove": {`{"id":"live"}`, `{"id":"done"}`, `{"id":"done"}`, ``, `{"id":[]}`},

	"logs/query": {
		``, `{"limit":2}`, `{"limit":500}`, `{"limit":501}`, `{"limit":0}`, `{"limit":"1"}`, `{"tail":2}`, `{"tail":0}`, `{"tail":501}`, `{"tail":1,"limit":1}`, `{"ansi":true}`,
		`{"after":"EPOCH:2"}`, `{"before":"EPOCH:3"}`, `{"after":"EPOCH:99"}`, `{"before":"EPOCH:99","limit":1}`, `{"after":"other:2"}`, `{"before":"other:2"}`, `{"after":"x"}`, `{"before":"EPOCH:-1"}`, `{"after":"EPOCH:1","tail":1}`,
		`{"filter":[]}`, `{"filter":[1]}`, `{"filter":{"processes":["done"]}}`, `{"filter":{"processes":["nobody"]}}`, `{"filter":{"streams":["stderr"]}}`, `{"filter":{"streams":["system"]}}`, `{"filter":{"streams":["x"]}}`,
		`{"filter":{"minLevel":"warn"}}`, `{"filter":{"minLevel":"loud"}}`, `{"filter":{"levels":["info","error"]}}`, `{"filter":{"levels":["x"]}}`, `{"filter":{"text":"one"}}`, `{"filter":{"text":"ONE"}}`,
		`{"filter":{"regexp":"^t.o"}}`, `{"filter":{"regexp":"("}}`, `{"filter":{"text":"a","regexp":"b"}}`, `{"filter":{"sinceMs":1,"untilMs":2}}`, `{"filter":{"run":1}}`, `{"filter":{"run":-1}}`, `{"filter":{"run":2}}`,
	},
	"logs/search": {
		`{"query":"o"}`, `{"query":"O"}`, `{"query":"O","caseSensitive":false}`, `{"query":"😀"}`, `{"query":"é"}`, `{"query":"t[wh].*","regexp":true}`, `{"query":"(","regexp":true}`, `{"query":"red","wholeWord":true}`, `{"query":"red","ansi":true}`,
		`{"query":"o","order":"oldest","limit":1}`, `{"query":"o","limit":1}`, `{"query":"o","cursor":"EPOCH:2"}`, `{"query":"o","cursor":"x"}`, `{"query":"o","order":"random"}`, `{"query":"two","context":1}`, `{"query":"o","context":51}`, `{"query":"o","count":true}`,
		`{"query":""}`, ``, `{"query":7}`, `{"query":"o","limit":1001}`, `{"query":"o","filter":{"processes":["nobody"]}}`, `{"query":"o","filter":{"levels":["x"]}}`,
	},
	"logs/subscribe": {
		``, `{"since":"now"}`, `{"since":{"tail":2}}`, `{"since":{"tail":-1}}`, `{"since":{}}`, `{"since":"EPOCH:1"}`, `{"since":"other:1"}`, `{"since":"x"}`, `{"since":7}`, `{"format":"columns","window":0}`, `{"format":"xml"}`,
		`{"format":"raw"}`, `{"format":"raw","filter":{"processes":["done"]}}`, `{"window":-1}`, `{"window":9999}`, `{"maxBatch":0}`, `{"maxBatch":9999}`, `{"filter":{"regexp":"["}}`,
	},
	"logs/ack":         {`{"subscription":"1","batch":1}`, `{"subscription":"x","batch":1}`, ``, `{"subscription":1}`, `{"batch":-1}`},
	"logs/unsubscribe": {`{"subscription":"1"}`, `{"subscription":"1"}`, ``, `{"subscription":1}`},
	"logs/clear":       {`{"filter":{"text":"a"}}`, `{"filter":{"run":1}}`, `{"filter":{"streams":["x"]}}`, `{"filter":{"processes":["done"]}}`, ``, ``, `{"filter":7}`},
	"logs/export": {
		`{"path":"a/b/c"}`, `{"path":"../../../../../../etc/x"}`, `{"path":"."}`, ``, `{"path":"x","format":"xml"}`, `{"path":"x","format":"raw"}`, `{"path":"x","filter":{"regexp":"("}}`, `{"path":7}`,
		`{"path":"done.log","filter":{"processes":["done"]},"overwrite":true}`, `{"path":"done.log","filter":{"processes":["done"]}}`, `{"path":"done.raw","format":"raw","filter":{"processes":["done"],"streams":["stderr"]},"overwrite":true}`,
		`{"path":"done.json","format":"ndjson","filter":{"processes":["done"],"text":"two"},"overwrite":true}`,
	},

	"proxy/register":   {`{"url":"ftp://x"}`, `{"url":""}`, ``, `{"url":7}`, `{"url":"http://localhost:9","port":-1}`, `{"url":"http://localhost:9","host":"x"}`, `{"url":"http://localhost:9","inject":"yes"}`},
	"proxy/unregister": {`{"id":"nobody"}`, ``, `{"id":7}`},
	"proxy/list":       {``, `{}`},
	"proxy/requests":   {``, `{"limit":1}`, `{"limit":501}`, `{"after":"EPOCH:0"}`, `{"after":"other:7"}`, `{"after":"x"}`, `{"filter":{"status":"5xx","method":"GET","path":"/*","type":"json","minMs":1,"failed":true,"sinceMs":1,"untilMs":2}}`, `{"filter":{"status":"x"}}`},
	"proxy/request":    {`{"id":"r1"}`, `{"id":"x","bodies":true}`, ``},
	"proxy/replay":     {`{"id":"r1"}`, `{"id":"r1","edit":{"method":"PUT"}}`, ``, `{"id":"r1","edit":7}`},
	"proxy/curl":       {`{"id":"r1"}`, ``},
	"proxy/har":        {``, `{"filter":{"failed":true}}`, `{"path":"a/b/c.har"}`, `{"path":"../../../../etc/x.har"}`},
	"proxy/clear":      {``, `{}`},

	"timeline/query":     {``, `{"request":"r1"}`, `{"session":"s"}`, `{"sinceMs":1}`, `{"sinceMs":1,"request":"r1"}`, `{"sinceMs":1,"limit":0}`, `{"sinceMs":"x"}`},
	"telemetry/sessions": {``, `{"proxy":"web"}`, `{"proxy":7}`},
	"telemetry/events":   {``, `{"session":"s","proxy":"p","request":"r1","kinds":["error","vital"],"limit":1}`, `{"after":"EPOCH:0"}`, `{"after":"x"}`, `{"kinds":["x"]}`, `{"limit":0}`},

	"problems/list":  {``, `{"process":"done","severity":"warning","file":"x.go","limit":1}`, `{"severity":"loud"}`, `{"limit":1001}`, `{"limit":-1}`, `{"process":7}`},
	"problems/clear": {`{"process":"done"}`, `{"process":"nobody"}`, ``, `[1]`},
	"tests/list":     {``, `{"after":"done"}`, `{"process":"done","status":"failed","limit":0}`, `{"status":"lost"}`, `{"limit":1001}`},
	"urls/list":      {``, `[1]`},

	"events/subscribe":    {``, `{"types":["process.*"]}`, `{"types":["process.exited","test.failed"]}`, `{"types":["weather"]}`, `{"types":[]}`, `{"types":"process.*"}`, `{"since":"EPOCH:1"}`, `{"since":"other:1"}`, `{"since":"x"}`, `{"since":7}`},
	"metrics/get":         {`{"names":["brummer_process_*","brummer_logs_lines_total"]}`, `{"names":["brummer_nothing"]}`, `{"names":["nothing*"]}`, `{"names":7}`, `{"format":"xml"}`, `{"format":"prometheus","names":["x"]}`},
	"metrics/subscribe":   {`{"intervalMs":499}`, `{"intervalMs":"1"}`, `{"names":["brummer_nothing"]}`, `{"intervalMs":60000,"names":["brummer_process_*"]}`, ``},
	"metrics/unsubscribe": {`{"subscription":"1"}`, `{"subscription":"x"}`, ``, `{"subscription":1}`},
	"metrics/trend":       {`{"name":"brummer_process_running"}`, `{"name":"brummer_logs_lines_total","window":5}`, `{"name":"nothing"}`, `{"name":"brummer_process_running","window":4}`, `{"name":"brummer_process_running","window":501}`, ``, `{"name":7}`},
	"metrics/gates":       {`[1]`, ``},

	"events/unsubscribe": {`{"subscription":"2"}`, `{"subscription":"2"}`, `{"subscription":"1"}`, ``},
}

// TestDifferential: both fronts, each with its own library on either side, give
// the same bytes for the same call.
func TestDifferential(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(methods)) {
		t.Run(name, func(t *testing.T) {
			cases := differential[name]
			if len(cases) == 0 {
				t.Fatal("the method has no line in differential (rpc/differential_test.go)")
			}
			var p *pair
			for i, params := range cases {
				if name == "initialize" || i == 0 {
					p = newPair(t, name != "initialize")
				}
				header, ndjson := p.call(name, params)
				if header != ndjson {
					t.Errorf("%s\nheader: %s\nndjson: %s", params, header, ndjson)
				}
				if code, failed := strings.CutPrefix(header, "error "); failed && !known[code[:6]] {
					t.Errorf("%s: no client expects %s", params, header)
				}
			}
		})
	}
	for name := range differential {
		if _, ok := methods[name]; !ok {
			t.Errorf("differential has cases for %s, which is no method", name)
		}
	}
}

// known are the codes that may reach a client; an internal error is none that a
// caller can provoke.
var known = map[string]bool{"-32600": true, "-32601": true, "-32602": true, "-32800": true, "-32802": true, "-32803": true}

// pair is a client on each front, of engines that have seen the same.
type pair struct {
	t       *testing.T
	engines [2]*engine.Engine
	editor  *editor.Client
	script  *script.Client
}

// newPair makes two equal engines. In each, done has printed four lines and
// ended, ghost could not be started, live waits for input, and there are the
// subscriptions 1, of logs, and 2, of events.
func newPair(t *testing.T, initialized bool) *pair {
	t.Helper()
	root := t.TempDir()
	makefile := "hold:\n\t@exec sleep 600\n"
	if err := os.WriteFile(filepath.Join(root, "Makefile"), []byte(makefile), 0o666); err != nil {
		t.Fatal(err)
	}
	p := &pair{t: t}
	var s [2]*Server
	for i := range s {
		p.engines[i] = newEngine(t, engine.Options{Root: root})
		s[i] = newServer(t, p.engines[i])
	}
	r, w := pipes(t, s[0])
	p.editor = editor.NewClient(r, w, func(string, []byte) {})
	r, w = pipes(t, s[1])
	p.script = script.NewClient(r, w, nil)
	if !initialized {
		return p
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := p.editor.Call(ctx, "initialize", jsontext.Value(`{}`), nil); err != nil {
		t.Fatal(err)
	}
	for _, step := range [][2]string{
		{"process/start", `{"name":"done","command":["printf","one\\ntwo: error\\n\\033[31mred\\033[0m\\né😀 three\\n"]}`},
		{"process/wait", `{"id":"done"}`},
		{"process/start", `{"name":"ghost","command":["/no/such/program"]}`},
		{"process/start", `{"name":"live","command":["cat"]}`},
		{"logs/subscribe", `{}`},
		{"events/subscribe", `{}`},
	} {
		if a, b := p.call(step[0], step[1]); a != b {
			t.Fatalf("%s: the engines begin differently:\n%s\n%s", step, a, b)
		}
	}
	return p
}

// pipes connects to s.
func pipes(t *testing.T, s *Server) (io.Reader, io.WriteCloser) {
	t.Helper()
	serverIn, in := io.Pipe()
	out, serverOut := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.ServeConn(context.Background(), serverIn, serverOut, front.Unknown)
		serverIn.Close()
		serverOut.Close()
	}()
	t.Cleanup(func() {
		in.Close()
		out.Close()
		<-done
	})
	return out, in
}

// call calls the same on both fronts. EPOCH in params is each engine's own.
func (p *pair) call(method, params string) (header, ndjson string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var raw [2]json.RawMessage
	if params != "" {
		for i, e := range p.engines {
			raw[i] = json.RawMessage(strings.ReplaceAll(params, "EPOCH", e.Epoch))
		}
	}
	var result json.RawMessage
	var given any
	if raw[0] != nil {
		given = jsontext.Value(raw[0])
	}
	err := p.editor.Call(ctx, method, given, &result)
	var ee *editor.Error
	if errors.As(err, &ee) {
		header = failure(ee.Code, ee.Message, ee.Data)
	} else {
		header = outcome(result, err)
	}
	result, err = p.script.Call(ctx, method, raw[1])
	if method == "exit" && errors.Is(err, script.ErrLost) {
		// The library's client passes an answer on by a goroutine of its own, and ends
		// all calls at the end of the connection, which is right behind this one: the
		// two race. That there is an answer is held by conformance/lifecycle.txtar.
		return header, header
	}
	var se *script.Error
	if errors.As(err, &se) {
		var object struct {
			Code    int
			Message string
			Data    json.RawMessage
		}
		json.Unmarshal(se.JSON, &object)
		ndjson = failure(object.Code, object.Message, object.Data)
	} else {
		ndjson = outcome(result, err)
	}
	return header, ndjson
}

func failure(code int, message string, data json.RawMessage) string {
	b, _ := json.Marshal(message)
	return fmt.Sprintf("error %d ", code) + normal(string(b)) + " " + string(data)
}

func outcome(result json.RawMessage, err error) string {
	if err != nil {
		return "lost: " + err.Error()
	}
	return framing.ReplaceAllString(normal(string(result)), `"framing":""`)
}

// framing is where the two may differ.
var framing = regexp.MustCompile(`"framing":"[a-z]+"`)
