package rpc

import (
	"os"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
)

// TestTextExport: the parts of a line are one line again, unless another
// stream's line came between them; of a progress bar the last state is kept.
func TestTextExport(t *testing.T) {
	e := newEngine(t, engine.Options{})
	out, err := e.Logs.Writer("p", logs.Stdout), e.Logs.Writer("p", logs.Stderr)
	write := func(w logs.Writer, text string, partial bool) {
		w.Append(logs.Batch{Data: []byte(text), Cuts: []logs.Cut{{End: uint32(len(text)), Partial: partial}}, Run: 1})
	}
	write(out, "one, ", true)
	write(out, "two\n", false)
	write(out, "three, ", true)
	write(err, "between\n", false)
	write(out, "four\n", false)
	write(out, "60%\r", true)
	write(out, "80%", true)
	write(out, "\r100%\n", false)
	write(out, "the end", true)
	c := connect(t, newServer(t, e), front.NDJSON)
	if answer := c.call("logs/export", `{"path":"out.txt"}`); !strings.Contains(answer, `"lines":9`) {
		t.Error(answer)
	}
	const want = "one, two\nthree, \nbetween\nfour\n100%\nthe end"
	if got, err := os.ReadFile(e.Root + "/out.txt"); string(got) != want || err != nil {
		t.Errorf("%q, want %q, %v", got, want, err)
	}
}

// TestExportCancelled: a cancelled export leaves no file behind.
func TestExportCancelled(t *testing.T) {
	e := newEngine(t, engine.Options{})
	w := e.Logs.Writer("p", logs.Stdout)
	line := strings.Repeat("x", 99) + "\n"
	for range 3000 {
		w.Append(logs.Batch{Data: []byte(line), Cuts: []logs.Cut{{End: uint32(len(line))}}, Run: 1})
	}
	c := connect(t, newServer(t, e), front.NDJSON)
	c.send(`{"jsonrpc":"2.0","id":"x","method":"logs/export","params":{"path":"out.txt"}}`)
	c.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"x"}}`)
	answer := c.answers(1)[`"x"`]
	entries, err := os.ReadDir(e.Root)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case strings.Contains(answer, "-32800") && len(entries) == 0:
	case strings.Contains(answer, `"lines":3000`) && len(entries) == 1: // it was faster
	default:
		t.Errorf("%s, and %v in the folder", answer, entries)
	}
}
