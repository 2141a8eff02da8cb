package rpc

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// count prints the numbers from 1 to n, one to a line.
func count(n int) string { return fmt.Sprintf("seq %d", n) }

// unsubscribe ends the subscription and checks its totals against what has come.
func (f *follower) unsubscribe() wire.Unsubscribed {
	f.t.Helper()
	f.send(`{"jsonrpc":"2.0","id":"bye","method":"logs/unsubscribe","params":{"subscription":"` + f.id + `"}}`)
	var answer struct{ Result wire.Unsubscribed }
	if err := json.Unmarshal([]byte(f.until(`"id":"bye"`, f)), &answer); err != nil {
		f.t.Fatal(err)
	}
	if want := (wire.Unsubscribed{Delivered: f.delivered, Dropped: f.lost()}); answer.Result != want {
		f.t.Errorf("unsubscribe says %+v, but %+v has come", answer.Result, want)
	}
	return answer.Result
}

// TestCredit: as many batches come as the window has, then one for each ack,
// however many there are to come.
func TestCredit(t *testing.T) {
	for params, window := range map[string]uint64{
		`{"window":1,"maxBatch":10}`:                    1,
		`{"window":3,"maxBatch":10}`:                    3,
		`{"maxBatch":10}`:                               defaultWindow,
		`{"window":1,"maxBatch":10,"format":"columns"}`: 1,
	} {
		for _, framing := range framings {
			t.Run(framing.String()+" "+params, func(t *testing.T) {
				c := connect(t, newServer(t, newEngine(t, engine.Options{})), framing)
				f := follow(c, params)
				c.run("count", count(400), f)
				if c.flushed(f); f.batch != window {
					t.Fatalf("%d batches without an ack, want %d", f.batch, window)
				}
				for f.batch < 40 {
					before := f.batch
					f.ack()
					c.until(`"logs/lines"`, f)
					c.flushed(f)
					if f.batch != before+1 {
						t.Fatalf("one ack brings %d batches", f.batch-before)
					}
				}
				for range window + 2 {
					f.ack() // more than there is credit for
				}
				c.run("more", count(400), f)
				if f.batch != 40+window {
					t.Errorf("after too many acks %d batches come, want %d", f.batch-40, window)
				}
				if f.lost() > 0 || f.delivered != 10*f.batch {
					t.Errorf("%d lines and %d lost in %d batches of 10", f.delivered, f.lost(), f.batch)
				}
				f.unsubscribe()
			})
		}
	}
}

// TestCreditRaw: a page that changes between streams is more than one message,
// and each of them needs credit.
func TestCreditRaw(t *testing.T) {
	for _, framing := range framings {
		c := connect(t, newServer(t, newEngine(t, engine.Options{})), framing)
		f := follow(c, `{"window":1,"format":"raw","filter":{"processes":["count"]}}`)
		c.run("count", `for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo err $i >&2; done`, f)
		if f.batch != 1 {
			t.Errorf("%v: %d messages without an ack, want 1", framing, f.batch)
		}
		for len(f.data["stdout"])+len(f.data["stderr"]) < 9*len("out 1\nerr 1\n") {
			before := f.batch
			f.ack()
			c.until(`"logs/lines"`, f)
			if c.flushed(f); f.batch != before+1 {
				t.Fatalf("%v: an ack brings %d messages", framing, f.batch-before)
			}
		}
		if want := "out 1\nout 2\nout 3\nout 4\nout 5\nout 6\nout 7\nout 8\nout 9\n"; f.data["stdout"] != want {
			t.Errorf("%v: stdout is %q", framing, f.data["stdout"])
		}
	}
}

// flushed makes sure that what can be sent to f has been: a wait that is over
// answers when everything is sent.
func (c *client) flushed(f *follower) {
	c.t.Helper()
	c.send(`{"jsonrpc":"2.0","id":"flushed","method":"process/wait","params":{"id":"count"}}`)
	c.until(`"id":"flushed"`, f)
}

// TestNoWindow: without a window nothing has to be acknowledged.
func TestNoWindow(t *testing.T) {
	for _, framing := range framings {
		c := connect(t, newServer(t, newEngine(t, engine.Options{})), framing)
		f := follow(c, `{"window":0,"maxBatch":7}`)
		if c.run("count", count(2000), f); f.delivered != 2000 || f.batch < 2000/7 {
			t.Errorf("%v: %d lines in %d batches before the end is told, want 2000 in at least %d", framing, f.delivered, f.batch, 2000/7)
		}
		if got := f.unsubscribe(); got.Delivered != 2000 {
			t.Errorf("%v: %+v", framing, got)
		}
		const gone = `{"jsonrpc":"2.0","id":"call","error":{"code":-32803,"message":"there is no subscription \"1\" in this session","data":{"kind":"subscription.notFound"}}}`
		if m := c.call("logs/unsubscribe", `{"subscription":"1"}`); m != gone {
			t.Errorf("%v: a second time: %s", framing, m)
		}
	}
}

// flood is about 6 MB in lines of 64 bytes, six times what a small engine holds.
// Buffers of 4 KiB, which seq writes, end with a line: one that is torn between
// two writes would come in parts if the machine is slow enough.
const (
	floodLines = 100_000
	flood      = `seq -f '%063.0f' 100000`
)

// TestOvertaken: what a subscriber without credit misses is told exactly, and
// only once: delivered + lost = produced.
func TestOvertaken(t *testing.T) {
	for _, framing := range framings {
		for _, format := range []string{"objects", "columns"} {
			t.Run(framing.String()+" "+format, func(t *testing.T) {
				c := connect(t, newServer(t, newEngine(t, engine.Options{LogBudget: engine.MinLogBudget})), framing)
				f := follow(c, `{"window":1,"format":"`+format+`","filter":{"processes":["count"]}}`)
				c.run("count", flood, f)
				for f.batch == 0 || f.lines[len(f.lines)-1].Seq < floodLines {
					f.ack()
					c.until(`"logs/lines"`, f)
				}
				checkFlood(t, f)
				f.unsubscribe()
			})
		}
	}
}

// TestClientThatDoesNotRead: a client that stops reading altogether misses lines
// too, and is told so in exactly one gap when it reads on; nobody else is held up. bench has what
// that costs the others, and how it is after a minute.
func TestClientThatDoesNotRead(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing.String(), func(t *testing.T) {
			s := newServer(t, newEngine(t, engine.Options{LogBudget: engine.MinLogBudget}))
			c := connect(t, s, framing)
			f := follow(c, `{"window":0,"filter":{"processes":["count"]}}`)
			c.reading.Lock()
			other := connect(t, s, front.NDJSON)
			quick := follow(other, `{"window":0,"filter":{"processes":["count"]}}`)
			other.run("count", flood, quick)
			checkFlood(t, quick)
			c.reading.Unlock()
			c.send(`{"jsonrpc":"2.0","id":"flushed","method":"process/wait","params":{"id":"count"}}`)
			c.until(`"id":"flushed"`, f)
			checkFlood(t, f)
			if len(f.gaps) == 0 || len(f.gaps) > 2 {
				t.Errorf("it was overtaken while it did not read, but is told of %d gaps: %+v", len(f.gaps), f.gaps)
			}
			if n := len(f.gaps); n == 2 && f.gaps[1].Count < f.gaps[0].Count { // the first was before a batch that was on its way
				t.Errorf("when it reads on it is told of more than one gap: %+v", f.gaps)
			}
			f.unsubscribe()
		})
	}
}

// TestStalledClientHoldsNoMemory: what a client is sent, and does not take, keeps
// nothing of the log from being written over: a flood makes no garbage meanwhile.
func TestStalledClientHoldsNoMemory(t *testing.T) {
	e := newEngine(t, engine.Options{LogBudget: 4 << 20})
	c := connect(t, newServer(t, e), front.NDJSON)
	f := follow(c, `{"window":0,"format":"columns"}`)
	c.reading.Lock()
	w := e.Logs.Writer("web", logs.Stdout)
	data := []byte(strings.Repeat(strings.Repeat("x", 99)+"\n", 500))
	b := logs.Batch{Data: data, Run: 1}
	for end := 100; end <= len(data); end += 100 {
		b.Cuts = append(b.Cuts, logs.Cut{End: uint32(end)})
	}
	flood := func(bytes int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for n := 0; n < bytes; n += len(b.Data) {
			w.Append(b)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	flood(16 << 20) // the client's buffers are full
	if made := flood(128 << 20); made > 32<<20 {
		t.Errorf("%d bytes made for 128 MiB of output", made)
	}
	c.reading.Unlock()
	for f.last < e.Logs.Head() {
		c.until(`"logs/lines"`, f)
	}
	if f.delivered+f.lost() != e.Logs.Head() {
		t.Errorf("%d lines have come and %d are lost, but there were %d", f.delivered, f.lost(), e.Logs.Head())
	}
}

// checkFlood: every line of the flood has come or is told as lost.
func checkFlood(t *testing.T, f *follower) {
	t.Helper()
	if f.delivered+f.lost() != floodLines {
		t.Errorf("%d lines have come and %d are lost, but %d were printed; gaps %+v", f.delivered, f.lost(), floodLines, f.gaps)
	}
	for _, g := range f.gaps {
		if g.Reason != "overwritten" || g.Filtered || g.Count != g.To-g.From+1 {
			t.Errorf("gap %+v", g)
		}
	}
	for _, l := range f.lines {
		if want := fmt.Sprintf("%063d", l.Seq); l.Text != want {
			t.Fatalf("line %d is %q", l.Seq, l.Text)
		}
	}
}

// TestClearedGap: a follower that had not seen what is cleared is told how much
// it was.
func TestClearedGap(t *testing.T) {
	c := connect(t, newServer(t, newEngine(t, engine.Options{})), front.NDJSON)
	f := follow(c, `{"window":1,"maxBatch":10}`)
	c.run("count", count(100), f)
	c.call("logs/clear", `{}`)
	c.run("more", count(5), f)
	f.ack()
	c.until(`"logs/lines"`, f)
	want := []wire.Gap{{From: 11, To: 100, Count: 90, Reason: "cleared"}}
	if diff := cmp.Diff(want, f.gaps); diff != "" || f.delivered != 15 || f.lines[10].Seq != 101 {
		t.Errorf("%d lines; gaps, -want +got:\n%s", f.delivered, diff)
	}
	f.unsubscribe()
}

// TestEndOfInputDrains: a script that follows and ends its input gets what is
// there, acknowledged or not.
func TestEndOfInputDrains(t *testing.T) {
	c := connect(t, newServer(t, newEngine(t, engine.Options{})), front.NDJSON)
	f := follow(c, `{"window":1,"maxBatch":10}`)
	c.run("count", count(1000), f)
	if f.batch != 1 {
		t.Fatalf("%d batches without an ack", f.batch)
	}
	c.eof()
	for m := range c.inbox {
		f.take(m)
	}
	if f.delivered != 1000 || c.exitCode() != ExitOK {
		t.Errorf("%d lines of 1000 come", f.delivered)
	}
}
