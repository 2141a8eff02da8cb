package rpc_test

import (
	"bytes"
	"context"
	"flag"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/generate"
)

var update = flag.Bool("update", false, "rewrite the answers of testdata/transcripts/*.txtar")

// TestTranscripts plays each conversation of testdata/transcripts with a real
// server and a real engine, on both framings. generate.Transcript has the form,
// testdata/transcripts/README.md says how to add one.
//
// An answer belongs to the call with its id; a notification is the next of its
// method; so the lines need not be in the order in which the messages come.
// With -update, lines that are empty or do not match become what has come.
func TestTranscripts(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the transcripts start POSIX programs")
	}
	files, err := filepath.Glob("testdata/transcripts/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	d, err := generate.NewDocument("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			if *update { // what one framing writes, the other one checks
				play(t, file, d, front.NDJSON, true)
			}
			for _, f := range []front.Framing{front.Header, front.NDJSON} {
				play(t, file, d, f, false)
			}
		})
	}
}

func play(t *testing.T, file string, d *generate.Document, f front.Framing, update bool) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	script, err := generate.ParseTranscript(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	checker, err := generate.NewChecker(d)
	if err != nil {
		t.Fatal(err)
	}
	p := &player{t: t, framing: f, update: update, checker: checker, inbox: make(chan string, 1<<10)}
	defer p.begin(script)()
	p.play(script)
	if written := script.Format(); update && !bytes.Equal(written, data) {
		if err := os.WriteFile(file, written, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// player is the client's side of a conversation.
type player struct {
	t       *testing.T
	framing front.Framing
	update  bool
	checker *generate.Checker
	in      io.WriteCloser
	inbox   chan string // closed at the end of output

	root, epoch string
	port        int               // that nobody listens on at the beginning
	calls       []call            // without an answer line yet
	answers     map[string]string // by id, without a line yet
	told        []string          // notifications without a line yet
	untold      bool              // the rest of them does not matter
}

// call is a call that was sent.
type call struct{ id, method, params string }

// begin starts an engine for a workspace with the transcript's files, and
// connects to a server of it.
func (p *player) begin(script *generate.Transcript) (end func()) {
	p.root = workspace(p.t, script)
	p.answers = map[string]string{}
	e, err := engine.New(engine.Options{Root: p.root})
	if err != nil {
		p.t.Fatal(err)
	}
	p.epoch, p.port = e.Epoch, freePort(p.t)
	ctx, stop := context.WithCancel(context.Background())
	server := rpc.New(rpc.Options{Version: "test", Stop: stop, Open: func(string) (*engine.Engine, error) { return e, nil }})
	serverIn, in := io.Pipe()
	out, serverOut := io.Pipe()
	p.in = in
	engineDone, connDone := make(chan struct{}), make(chan struct{})
	go func() { defer close(engineDone); e.Run(ctx) }()
	go func() {
		defer close(connDone)
		server.ServeConn(context.Background(), serverIn, serverOut, front.Unknown)
		serverIn.Close()
		serverOut.Close()
	}()
	go receive(p.framing, out, p.inbox)
	return func() {
		in.Close()
		out.Close()
		p.wait(connDone, "session")
		stop()
		p.wait(engineDone, "engine")
	}
}

// freePort is a port that nobody listens on, and another one each time. It is below
// those that systems give to whoever wants any, so that nobody gets it meanwhile.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 20_000 + int(ports.Add(1)%10_000)
		if l, err := net.Listen("tcp4", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// ports counts freePort's, from somewhere: others may run these tests as well.
var ports atomic.Uint32

func init() { ports.Store(rand.Uint32N(10_000)) }

// expand puts values into the places of $ROOT, $EPOCH and $PORT.
func (p *player) expand(text string) string {
	port := strconv.Itoa(p.port)
	return strings.NewReplacer("$ROOT", p.root, "$EPOCH", p.epoch, `"$PORT"`, port, "$PORT", port).Replace(text)
}

func (p *player) wait(done <-chan struct{}, what string) {
	p.t.Helper()
	select {
	case <-done:
	case <-time.After(patience):
		p.t.Errorf("%s: the %s does not end", p.framing, what)
	}
}

func workspace(t *testing.T, script *generate.Transcript) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range script.Files {
		path := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func (p *player) play(script *generate.Transcript) {
	p.t.Helper()
	p.prelude(script)
	for i := range script.Lines {
		l := &script.Lines[i]
		m, _ := l.Message()
		switch l.Arrow {
		case generate.Sends:
			p.send(l.Text)
		case generate.Answers:
			p.answer(l, string(m.ID))
		case generate.Notifies:
			p.notification(l, m.Method)
		case generate.Untold:
			p.untold = true
		}
	}
	for _, c := range p.calls {
		p.t.Errorf("%s: the call %s of %s has no answer: write a line <-- and run with -update", p.framing, c.id, c.method)
	}
	p.in.Close()
	for p.next() {
	}
	if len(p.told) > 0 && !p.untold {
		p.t.Errorf("%s: the server sends more than there is (a line ... at the end allows that):\n<~~ %s", p.framing, strings.Join(p.told, "\n<~~ "))
	}
}

// prelude makes an editor's session as quiet as a script's, unless the
// transcript begins one itself.
func (p *player) prelude(script *generate.Transcript) {
	p.t.Helper()
	first := slices.IndexFunc(script.Lines, func(l generate.Line) bool { return l.Arrow == generate.Sends })
	if p.framing != front.Header || first >= 0 && strings.Contains(script.Lines[first].Text, `"method":"initialize"`) {
		return
	}
	for _, m := range []string{`"method":"initialize","params":{}`, `"method":"session/watch","params":{"topics":[]}`} {
		p.write(`{"jsonrpc":"2.0","id":"prelude",` + m + `}`)
		p.await(`"prelude"`)
	}
}

// compare compares a line with what has come, or takes that over.
func (p *player) compare(l *generate.Line, got string) {
	p.t.Helper()
	diff := "the line is still to be written: run with -update"
	if l.Text != "" {
		diff = p.match(l.Text, got)
	}
	if diff == "" {
		return
	}
	if p.update {
		l.Text = p.normal(got)
		return
	}
	p.t.Errorf("%s: %s\nwant %s %s\ngot  %s %s", p.framing, diff, l.Arrow, l.Text, l.Arrow, p.normal(got))
}

// volatile is what differs from run to run or between the framings, and the
// placeholder for it.
var volatile = []struct {
	pattern     *regexp.Regexp
	placeholder string
}{
	{regexp.MustCompile(`"pid":\d+`), `"pid":"$$PID"`},
	{regexp.MustCompile(`"(t|t0|startedAt|readyAt|exitedAt|firstAt|sinceMs)":\d+`), `"$1":"$$TIME"`},
	{regexp.MustCompile(`"(uptimeMs|elapsedUs)":\d+`), `"$1":"..."`},
	{regexp.MustCompile(`"framing":"\w+"`), `"framing":"..."`},
	{regexp.MustCompile(`"dt":\[[^]]*\]`), `"dt":["..."]`},
	{regexp.MustCompile(`"timings":\{[^}]*\}`), `"timings":{"...":"..."}`},
}

// normal is a message with placeholders.
func (p *player) normal(message string) string {
	for _, v := range volatile {
		message = v.pattern.ReplaceAllString(message, v.placeholder)
	}
	port := strconv.Itoa(p.port)
	return strings.NewReplacer(p.root, "$ROOT", p.epoch, "$EPOCH", `"port":`+port, `"port":"$PORT"`, ":"+port, ":$PORT", "/"+port, "/$PORT").Replace(message)
}
