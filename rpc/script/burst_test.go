package script

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/front/fronttest"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// leaver is a handler whose client goes away at the nth request.
type leaver struct {
	idle
	n     atomic.Int64
	leave context.CancelFunc
}

func (h *leaver) Handle(context.Context, *front.Request) ([]byte, *wire.Error) {
	if h.n.Add(-1) == 0 {
		h.leave()
	}
	return []byte("null"), nil
}

// TestEndInABurst: a session ends when its context does, also while requests
// wait for their turn. The library runs no handler whose context has ended, so
// the next one waited for ever for a turn that nobody gave it.
func TestEndInABurst(t *testing.T) {
	const burst = 200
	var in strings.Builder
	for id := range burst {
		fmt.Fprintln(&in, call(id))
	}
	for n := range burst {
		ctx, cancel := context.WithCancel(context.Background())
		h := &leaver{idle: idle{make(chan struct{})}, leave: cancel}
		h.n.Store(int64(n))
		r, w := io.Pipe() // an input that does not end by itself
		go io.WriteString(w, in.String())
		var out fronttest.Sink
		done := make(chan error, 1)
		go func() { done <- New(r, &out).Serve(ctx, h) }()
		if n == 0 {
			cancel()
		}
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Serve: %v", err)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("it does not end when the client goes at request %d of %d", n, burst)
		}
		r.Close()
		cancel()
		if strings.Contains(out.String(), "-3209") {
			t.Fatalf("a code of the library's: %s", out.String())
		}
	}
}
