package rpc

import (
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// maxOutgoing is what one message of the server may have at most.
const maxOutgoing = 1 << 20

// TestMessageSize: however a child's lines look in JSON, no message is over a
// mebibyte: results and batches are paged. NUL is six times as long there.
func TestMessageSize(t *testing.T) {
	const zeros = `i=0; while [ $i -lt 12 ]; do head -c 60000 /dev/zero; echo; i=$((i+1)); done`
	c := connect(t, newServer(t, newEngine(t, engine.Options{MaxLine: engine.MaxMaxLine})), front.NDJSON)
	f := follow(c, `{"window":0}`)
	columns := follow(c, `{"window":0,"format":"columns"}`)
	raw := follow(c, `{"window":0,"format":"raw","filter":{"processes":["zeros"]}}`)
	c.run("zeros", zeros, f, columns, raw)
	for _, tt := range []struct{ method, params string }{
		{method: "logs/query", params: `{"limit":500}`},
		{method: "logs/query", params: `{"tail":500}`},
		{method: "logs/search", params: `{"query":"^","regexp":true,"limit":2}`},
		{"logs/search", `{"query":"^","regexp":true}`},
		{"logs/search", `{"query":"^","regexp":true,"limit":2,"context":5}`},
		{"logs/search", `{"query":".","regexp":true,"limit":1}`},
	} {
		t.Run(tt.method+" "+tt.params, func(t *testing.T) {
			if answer := c.call(tt.method, tt.params); len(answer) > maxOutgoing {
				t.Errorf("%d bytes", len(answer))
			}
		})
	}
	for _, f := range []*follower{f, columns, raw} {
		if f.largest > maxOutgoing {
			t.Errorf("a batch of %d bytes", f.largest)
		}
	}
}
