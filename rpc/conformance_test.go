package rpc

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// TestConformance plays the conversations of testdata/conformance/*.txtar with a
// real server, each on every front, and each a second time with the client's
// bytes arriving one by one. A section is a case, and its lines are
//
//	> MESSAGE      sent, framed as the framing wants it
//	>> "BYTES"     sent as they are, in Go's notation
//	< MESSAGE      received; neighbouring lines in any order
//	<h or <n       the same for header only, or for NDJSON and HTTP, if they differ
//	< HTTP STATUS TEXT   an answer of HTTP's own
//	eof            the client's input ends
//	exit N         the server has ended and stands for this code
//	only FRAMING   the case is for header, ndjson or http only
//	stream         the case is for header and ndjson: over HTTP every message is a
//	               session of its own, so it has no later message to speak of
//	fresh          header sessions are not initialized before
//	log            what is for the client's log window counts too
//
// Without an eof and an exit, "eof" and "exit 0" stand at the end, and nothing
// else may be received. What can't be known is in the form of [normal].
func TestConformance(t *testing.T) {
	addTestMethods(t)
	files, err := filepath.Glob("testdata/conformance/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	played := map[front.Framing]int{}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			t.Run(f.Name, func(t *testing.T) {
				for _, framing := range playCase(t, parseTranscript(t, string(f.Data))) {
					played[framing]++
				}
			})
		}
	}
	t.Logf("cases played: %v", played)
}

// transcript is one case.
type transcript struct {
	fronts []front.Framing
	fresh  bool
	log    bool
	steps  []step
}

type step struct{ verb, text string }

func parseTranscript(t *testing.T, text string) transcript {
	t.Helper()
	tr := transcript{fronts: fronts}
	for line := range strings.Lines(text) {
		verb, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch verb {
		case "", "#":
		case "only":
			tr.fronts = slices.DeleteFunc(slices.Clone(fronts), func(f front.Framing) bool { return f.String() != rest })
		case "stream":
			tr.fronts = framings
		case "fresh":
			tr.fresh = true
		case "log":
			tr.log = true
		case ">", ">>", "<", "<h", "<n", "eof", "exit":
			tr.steps = append(tr.steps, step{verb, rest})
		default:
			t.Fatalf("no step begins with %q", verb)
		}
	}
	if !slices.Contains(tr.steps, step{verb: "eof"}) && !slices.ContainsFunc(tr.steps, func(s step) bool { return s.verb == "exit" }) {
		tr.steps = append(tr.steps, step{verb: "eof"})
	}
	if last := tr.steps[len(tr.steps)-1]; last.verb != "exit" {
		tr.steps = append(tr.steps, step{"exit", "0"})
	}
	return tr
}

// fronts are the three of them.
var fronts = append(slices.Clone(framings), front.HTTP)

// mark is how an answer is marked that only this front gives, or its like.
var mark = map[front.Framing]string{front.Header: "<h", front.NDJSON: "<n", front.HTTP: "<n"}

// playCase plays a case on its fronts, and returns which these are.
func playCase(t *testing.T, tr transcript) []front.Framing {
	if len(tr.fronts) == 0 {
		t.Fatal("the case is for no front")
	}
	for _, f := range tr.fronts {
		for _, slowly := range []bool{false, true} {
			t.Run(f.String()+map[bool]string{true: " byte by byte"}[slowly], func(t *testing.T) {
				p := &player{client: dial(t, newServer(t, newEngine(t, engine.Options{})), f), slowly: slowly}
				p.log.Store(tr.log)
				if !tr.fresh {
					p.initialize()
				}
				p.play(tr.steps)
			})
		}
	}
	return tr.fronts
}

// player plays a transcript against a server.
type player struct {
	*client
	slowly bool
}

func (p *player) play(steps []step) {
	p.t.Helper()
	for i := 0; i < len(steps); i++ {
		switch s := steps[i]; s.verb {
		case ">":
			p.put(p.frame(s.text))
		case ">>":
			raw, err := strconv.Unquote(s.text)
			if err != nil {
				p.t.Fatalf("%s is no Go string: %v", s.text, err)
			}
			p.put(raw)
		case "eof":
			p.eof()
		case "exit":
			p.expectEnd(s.text)
		default:
			n := i
			for n < len(steps) && steps[n].verb[0] == '<' {
				n++
			}
			p.expect(steps[i:n])
			i = n - 1
		}
	}
}

func (p *player) put(raw string) {
	p.t.Helper()
	if !p.slowly {
		p.write(raw)
		return
	}
	for i := range len(raw) {
		p.write(raw[i : i+1])
	}
}

// expect receives as many messages as there are lines for this framing.
func (p *player) expect(lines []step) {
	p.t.Helper()
	var want, got []string
	for _, l := range lines {
		if l.verb == "<" || l.verb == mark[p.framing] {
			want = append(want, l.text)
		}
	}
	for range want {
		m, ok := p.receive()
		if !ok {
			break
		}
		got = append(got, normal(m))
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		p.t.Fatalf("-want +got:\n%s\nall of it:\n< %s", diff, strings.Join(got, "\n< "))
	}
}

func (p *player) expectEnd(code string) {
	p.t.Helper()
	if got := fmt.Sprint(p.exitCode()); got != code {
		p.t.Errorf("the exit code is %s, want %s", got, code)
	}
	for m := range p.inbox {
		p.t.Errorf("more than expected:\n< %s", normal(m))
	}
}

// volatile is what differs from run to run, and what stands for it.
var volatile = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`"(pid|t|startedAt|exitedAt|firstAt|sinceMs|uptimeMs|elapsedUs)":\d+`), `"$1":0`},
	{regexp.MustCompile(`[0-9a-z]{8}-[0-9]+:(-?[0-9]+)`), `E:$1`},
	{regexp.MustCompile(`"value":[0-9.e-]+`), `"value":0`}, // of a gate
	{regexp.MustCompile(`"epoch":"[^"]*"`), `"epoch":"E"`},
	{regexp.MustCompile(`incident [0-9]+-[0-9]+`), `incident N`},
	{regexp.MustCompile(`"incident":"[0-9]+-[0-9]+"`), `"incident":"N"`},
	{regexp.MustCompile(`: [0-9]+\.[0-9] ms"`), `: 0.0 ms"`},
	{regexp.MustCompile(`\(pid [0-9]+\)`), `(pid 0)`},
	{regexp.MustCompile(`"(methods|notifications)":\["[^\]]*\]`), `"$1":["..."]`},
}

// normal is a message without what can't be known beforehand, and with the
// members of a batch in a fixed order.
func normal(message string) string {
	if strings.HasPrefix(message, "HTTP ") {
		return message
	}
	for _, v := range volatile {
		message = v.pattern.ReplaceAllString(message, v.instead)
	}
	if !utf8.ValidString(message) || !json.Valid([]byte(message)) {
		return "not JSON: " + strconv.Quote(message)
	}
	if message[0] != '[' {
		return message
	}
	var members []string
	for _, m := range membersOf(message) {
		members = append(members, string(m))
	}
	slices.Sort(members)
	return "[" + strings.Join(members, ",") + "]"
}

// TestEndOfInput: an input that ends before it has begun.
func TestEndOfInput(t *testing.T) {
	for _, in := range []string{"", "\n", " \r\n\t", "\ufeff"} {
		c := dial(t, newServer(t, newEngine(t, engine.Options{})), front.NDJSON)
		c.write(in)
		c.eof()
		if code := c.exitCode(); code != ExitOK {
			t.Errorf("%q: exit code %d", in, code)
		}
		if m, ok := <-c.inbox; ok {
			t.Errorf("%q is answered by %s", in, m)
		}
	}
}
