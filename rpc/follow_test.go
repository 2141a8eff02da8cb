package rpc

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// follower is what one subscription has been told, in whatever format. It checks
// what must hold of every batch.
type follower struct {
	*client
	id        string
	batch     uint64
	last      uint64 // number of the newest line
	lines     []wire.Line
	data      map[string]string // of the format raw, by stream
	delivered uint64
	gaps      []wire.Gap
	largest   int // message, in bytes
}

// batchParams is logs/lines in all three formats at once.
type batchParams struct {
	Subscription string
	Batch        uint64
	Next         string
	Gap          *wire.Gap
	Lines        []wire.Line // objects
	columnParams             // columns
	Run          uint32      // raw
	Stream       string
	Data         []byte
}

type columnParams struct {
	First   uint64
	T0      int64
	DT      []int64
	DSeq    []uint64
	Runs    [][5]any
	Partial []int
	Redraw  []int
	Text    []string
}

// follow subscribes; params are those of logs/subscribe.
func follow(c *client, params string) *follower {
	c.t.Helper()
	var answer struct{ Result wire.Subscribed }
	m := c.call("logs/subscribe", params)
	if json.Unmarshal([]byte(m), &answer); answer.Result.Subscription == "" {
		c.t.Fatalf("logs/subscribe %s: %s", params, m)
	}
	return &follower{client: c, id: answer.Result.Subscription, data: map[string]string{}}
}

// take notes a message if it is a batch of the subscription's.
func (f *follower) take(message string) bool {
	f.t.Helper()
	var m struct {
		Method string
		Params json.RawMessage
	}
	var p batchParams
	if json.Unmarshal([]byte(message), &m) != nil || m.Method != "logs/lines" {
		return false
	}
	if err := json.Unmarshal(m.Params, &p); err != nil {
		f.t.Fatalf("%.300s: %v", m.Params, err)
	}
	if p.Subscription != f.id {
		return false
	}
	f.largest = max(f.largest, len(message))
	f.batch++
	if p.Batch != f.batch || p.Next == "" {
		f.t.Errorf("batch %d comes as %d, next %q", f.batch, p.Batch, p.Next)
	}
	if p.Gap != nil {
		if p.Gap.Count == 0 || p.Gap.From > p.Gap.To || p.Gap.Count > p.Gap.To-p.Gap.From+1 || p.Gap.From <= f.last {
			f.t.Errorf("after line %d a gap %+v", f.last, *p.Gap)
		}
		f.gaps = append(f.gaps, *p.Gap)
	}
	f.data[p.Stream] += string(p.Data)
	lines := append(p.Lines, p.columnParams.lines(f.t)...)
	for _, l := range lines {
		if l.Seq <= f.last {
			f.t.Fatalf("line %d after line %d", l.Seq, f.last)
		}
		f.last = l.Seq
	}
	f.lines = append(f.lines, lines...)
	f.delivered += uint64(len(lines))
	return true
}

// lines makes lines of columns, as amendment 11 has it.
func (c *columnParams) lines(t *testing.T) []wire.Line {
	t.Helper()
	n := len(c.Text)
	if len(c.DT) != n || c.DSeq != nil && len(c.DSeq) != n || n > 0 && c.DT[0] != 0 {
		t.Fatalf("%d texts, dt %v, dseq %v", n, c.DT, c.DSeq)
	}
	out := make([]wire.Line, n)
	seq, at := c.First, c.T0
	for i := range out {
		if c.DSeq != nil {
			seq += c.DSeq[i]
		} else if i > 0 {
			seq++
		}
		at += c.DT[i]
		out[i] = wire.Line{Seq: seq, T: at, Text: c.Text[i]}
	}
	for _, i := range c.Partial {
		out[i].Partial = true
	}
	for _, i := range c.Redraw {
		out[i].Redraw = true
	}
	rest := out
	for _, r := range c.Runs {
		for range int(r[0].(float64)) {
			l := &rest[0]
			l.Process, l.Run, l.Stream, l.Level = r[1].(string), uint32(r[2].(float64)), r[3].(string), r[4].(string)
			rest = rest[1:]
		}
	}
	if len(rest) > 0 {
		t.Fatalf("the runs %v leave %d of %d lines out", c.Runs, len(rest), n)
	}
	return out
}

func (f *follower) lost() (n uint64) {
	for _, g := range f.gaps {
		n += g.Count
	}
	return n
}

func (f *follower) ack() {
	f.t.Helper()
	f.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"logs/ack","params":{"subscription":%q,"batch":%d}}`, f.id, f.batch))
}

// until receives messages, for the followers, up to one that contains mark, and
// returns that one.
func (c *client) until(mark string, followers ...*follower) string {
	c.t.Helper()
	for {
		m, ok := c.receive()
		if !ok {
			c.t.Fatalf("the session has ended, and no %s", mark)
		}
		for _, f := range followers {
			f.take(m)
		}
		if strings.Contains(m, mark) {
			return m
		}
	}
}

// run runs a command to its end and returns what the process was then. What the
// followers have credit for has reached them.
func (c *client) run(name, script string, followers ...*follower) wire.Process {
	c.t.Helper()
	params, _ := json.Marshal(map[string]string{"name": name, "command": script})
	c.send(`{"jsonrpc":"2.0","id":"run","method":"process/start","params":`+string(params)+`}`,
		`{"jsonrpc":"2.0","id":"end","method":"process/wait","params":{"id":"`+name+`"}}`)
	m := c.until(`"id":"end"`, followers...)
	var answer struct{ Result wire.Process }
	if json.Unmarshal([]byte(m), &answer); answer.Result.State != "exited" {
		c.t.Fatalf("%s: %s", script, m)
	}
	return answer.Result
}

// query is what logs/query has to say about everything.
func (c *client) query() []wire.Line {
	c.t.Helper()
	var lines []wire.Line
	for params := `{"limit":500}`; ; {
		var answer struct{ Result wire.QueryResult }
		if err := json.Unmarshal([]byte(c.call("logs/query", params)), &answer); err != nil {
			c.t.Fatal(err)
		}
		lines = append(lines, answer.Result.Lines...)
		if !answer.Result.More {
			return lines
		}
		params = `{"limit":500,"after":"` + answer.Result.Next + `"}`
	}
}

// strange prints what lines can be made of, and ends without a newline.
const strange = `i=0; while [ $i -lt 300 ]; do echo "line $i"; echo "error $i" >&2; i=$((i+1)); done
printf '\033[31mred\033[0m\n\n\377\376 bytes\n10%%\r100%%\ntab\t"quote" \\ é\n'
head -c 150000 /dev/zero | tr '\0' x; echo
printf 'no end'`

// wantStdout is what strange prints there.
func wantStdout() string {
	var b strings.Builder
	for i := range 300 {
		fmt.Fprintf(&b, "line %d\n", i)
	}
	b.WriteString("\x1b[31mred\x1b[0m\n\n\xff\xfe bytes\n10%\r100%\ntab\t\"quote\" \\ é\n" + strings.Repeat("x", 150_000) + "\nno end")
	return b.String()
}

// TestFormats: the three formats tell the same, and that is what was printed.
func TestFormats(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing.String(), func(t *testing.T) {
			c := connect(t, newServer(t, newEngine(t, engine.Options{})), framing)
			objects := follow(c, `{"window":0}`)
			columns := follow(c, `{"window":0,"format":"columns"}`)
			some := follow(c, `{"window":0,"filter":{"regexp":"[37]$"}}`)
			someColumns := follow(c, `{"window":0,"format":"columns","filter":{"regexp":"[37]$"}}`)
			coloured := follow(c, `{"window":0,"ansi":true,"filter":{"text":"red"}}`)
			raw := follow(c, `{"window":0,"format":"raw","filter":{"processes":["strange"]}}`)
			c.run("strange", strange, objects, columns, some, someColumns, coloured, raw)

			want := c.query()
			if diff := cmp.Diff(want, objects.lines); diff != "" {
				t.Errorf("objects: -logs/query +logs/lines:\n%s", diff)
			}
			if diff := cmp.Diff(objects.lines, columns.lines); diff != "" {
				t.Errorf("-objects +columns:\n%s", diff)
			}
			if diff := cmp.Diff(some.lines, someColumns.lines); diff != "" || len(some.lines) != 120 {
				t.Errorf("%d lines of 120 with a filter; -objects +columns:\n%s", len(some.lines), diff)
			}
			if l := coloured.lines; len(l) != 1 || l[0].Text != "\x1b[31mred\x1b[0m" {
				t.Errorf("with colours: %+v", l)
			}
			checkStrange(t, want)
			if diff := cmp.Diff(wantStdout(), raw.data["stdout"]); diff != "" {
				t.Errorf("raw: -printed +got:\n%s", diff)
			}
			if n := strings.Count(raw.data["stderr"], "\n"); n != 300 {
				t.Errorf("raw: %d lines on stderr, want 300", n)
			}
		})
	}
}

// checkStrange looks at the texts of strange's lines: both streams in order,
// valid, and long lines in parts.
func checkStrange(t *testing.T, lines []wire.Line) {
	t.Helper()
	var text [2][]string
	for _, l := range lines {
		s := 0
		if l.Stream == "stderr" {
			s = 1
		}
		if n := len(text[s]); n > 0 && strings.HasSuffix(text[s][n-1], "+") {
			text[s][n-1] = strings.TrimSuffix(text[s][n-1], "+") + l.Text
		} else {
			text[s] = append(text[s], l.Text)
		}
		if l.Partial {
			text[s][len(text[s])-1] += "+"
		}
	}
	var want [2][]string
	for i := range 300 {
		want[0] = append(want[0], fmt.Sprintf("line %d", i))
		want[1] = append(want[1], fmt.Sprintf("error %d", i))
	}
	want[0] = append(want[0], "red", "", "\ufffd\ufffd bytes", "100%", "tab\t\"quote\" \\ é", strings.Repeat("x", 150_000), "no end")
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("-printed +got:\n%s", diff)
	}
}
