package rpc_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/docs"
	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/rpc"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/script"
)

// TestDiscover: rpc.discover answers the document of the repository, on one
// line and below what a message may have.
func TestDiscover(t *testing.T) {
	in, w := io.Pipe()
	r, out := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		noEngine(t, "").ServeConn(context.Background(), in, out, front.Unknown)
		out.Close()
	}()
	c := script.NewClient(r, w, nil)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	got, err := c.Call(ctx, "rpc.discover", nil)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := json.Compact(&want, []byte(docs.OpenRPC)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("rpc.discover answers %.200s, not %.200s", got, want.Bytes())
	}
	if n := len(got); n > 256<<10 {
		t.Errorf("the document has %d bytes: too many for one message", n)
	}
	w.Close()
	<-done
}

// noEngine is a server of a workspace whose engine has nothing to do.
func noEngine(t *testing.T, socket string) *rpc.Server {
	t.Helper()
	e, err := engine.New(engine.Options{Root: t.TempDir()})
	return rpc.New(rpc.Options{Socket: socket, Open: func(string) (*engine.Engine, error) { return e, err }})
}

// TestOpenRPCOverHTTP: the document can be had without an engine.
func TestOpenRPCOverHTTP(t *testing.T) {
	broken := rpc.New(rpc.Options{Socket: "there is one", Open: func(string) (*engine.Engine, error) { return nil, errors.New("no engine") }})
	client, conn := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		broken.ServeConn(context.Background(), conn, conn, front.Unknown)
	}()
	io.WriteString(client, "GET /openrpc.json HTTP/1.1\r\nHost: brummer\r\nConnection: close\r\n\r\n")
	r, err := http.ReadResponse(bufio.NewReader(client), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || string(body) != docs.OpenRPC {
		t.Errorf("%v, %.200s", err, body)
	}
	if kind := r.Header.Get("Content-Type"); r.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "application/json") {
		t.Errorf("%s, %s", r.Status, kind)
	}
	client.Close()
	<-done
}
