package rpc

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// TestSearchInParts: with a partialResultToken the same hits come, in parts that
// follow each other, and the answer has the rest of what it has without one.
func TestSearchInParts(t *testing.T) {
	for _, f := range framings {
		c := connect(t, newServer(t, newEngine(t, engine.Options{})), f)
		c.run("count", count(1000))
		for _, params := range []string{
			`"query":"1","limit":230,"count":true`,
			`"query":"1","limit":200,"order":"oldest"`,
			`"query":"1","limit":1000,"count":true`,
			`"query":"7[05]","regexp":true,"context":1`,
			`"query":"nothing has this"`,
		} {
			whole, _ := search(c, params)
			parted, parts := search(c, params+`,"partialResultToken":"p"`)
			var joined []wire.Hit
			for i, part := range parts {
				joined = append(joined, part...)
				if len(part) == 0 || len(part) > partHits || i < len(parts)-1 && len(part) < partHits {
					t.Errorf("%v %s: part %d has %d hits", f, params, i, len(part))
				}
			}
			if len(parted.Hits) > 0 {
				t.Errorf("%v %s: %d hits in the answer too", f, params, len(parted.Hits))
			}
			parted.Hits, whole.ElapsedUs, parted.ElapsedUs = joined, 0, 0
			// What is looked at differs, as parts may look at a segment again.
			whole.ScannedLines, parted.ScannedLines, whole.CachedSegments, parted.CachedSegments = 0, 0, 0, 0
			if len(whole.Hits) == 0 {
				whole.Hits = nil
			}
			if diff := cmp.Diff(whole, parted); diff != "" {
				t.Errorf("%v %s: -whole +parted:\n%s", f, params, diff)
			}
		}
	}
}

// TestSearchInPartsOverHTTP: what has no way to send parts sends the whole.
func TestSearchInPartsOverHTTP(t *testing.T) {
	e := newEngine(t, engine.Options{})
	connect(t, newServer(t, e), front.NDJSON).run("count", count(10))
	r, parts := search(connect(t, newServer(t, e), front.HTTP), `"query":"1","partialResultToken":"p"`)
	if len(r.Hits) != 2 || len(parts) > 0 {
		t.Errorf("%d hits and %d parts, want 2 hits", len(r.Hits), len(parts))
	}
}

// search sends a logs/search and returns the answer and the parts before it.
func search(c *client, params string) (r wire.SearchResult, parts [][]wire.Hit) {
	c.t.Helper()
	c.send(`{"jsonrpc":"2.0","id":"s","method":"logs/search","params":{` + params + `}}`)
	for {
		m, ok := c.receive()
		if !ok {
			c.t.Fatal("the session has ended")
		}
		var message struct {
			ID     string
			Result wire.SearchResult
			Params struct {
				Token string
				Value wire.SearchPart
			}
		}
		if err := json.Unmarshal([]byte(m), &message); err != nil {
			c.t.Fatalf("%s: %v", m, err)
		}
		if message.ID == "s" {
			return message.Result, parts
		}
		if message.Params.Token == "p" {
			parts = append(parts, message.Params.Value.Hits)
		}
	}
}

// TestStopAllReports: how many have ended is told from the first to the last.
func TestStopAllReports(t *testing.T) {
	for _, f := range framings {
		c := connect(t, newServer(t, newEngine(t, engine.Options{})), f)
		for i := range 4 {
			c.call("process/start", fmt.Sprintf(`{"command":["sleep","600"],"name":"s%d","cwd":"/"}`, i))
		}
		c.send(`{"jsonrpc":"2.0","id":"all","method":"process/stopAll","params":{"workDoneToken":9}}`)
		var got []string
		for {
			m, _ := c.receive()
			if strings.Contains(m, `"id":"all"`) {
				break
			}
			_, value, _ := strings.Cut(m, `{"token":9,"value":`)
			got = append(got, strings.TrimSuffix(value, "}}"))
		}
		want := []string{
			`{"kind":"begin","title":"Stopping all"}`,
			`{"kind":"report","message":"1 of 4 have ended","percentage":25}`,
			`{"kind":"report","message":"2 of 4 have ended","percentage":50}`,
			`{"kind":"report","message":"3 of 4 have ended","percentage":75}`,
			`{"kind":"report","message":"4 of 4 have ended","percentage":100}`,
			`{"kind":"end"}`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: -want +got:\n%s", f, diff)
		}
	}
}

// TestProgressEnds: a call that is cancelled has its work told to the end.
func TestProgressEnds(t *testing.T) {
	for _, f := range framings {
		c := connect(t, newServer(t, newEngine(t, engine.Options{})), f)
		c.call("process/start", `{"command":["sleep","600"],"name":"s","cwd":"/"}`)
		c.send(`{"jsonrpc":"2.0","id":"w","method":"process/wait","params":{"id":"s","workDoneToken":9}}`)
		var kinds []string
		for {
			m, _ := c.receive()
			if strings.Contains(m, `"id":"w"`) {
				break
			}
			var note struct{ Params wire.ProgressParams }
			if err := json.Unmarshal([]byte(m), &note); err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, note.Params.Value.Kind)
			if note.Params.Value.Kind == "report" {
				c.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"w"}}`)
			}
		}
		if got := strings.Join(kinds, " "); got != "begin report end" {
			t.Errorf("%v: %s", f, got)
		}
	}
}
