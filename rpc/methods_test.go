package rpc

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// slowParams are those of test/slow.
type slowParams struct {
	Ms int64 `json:"ms,omitzero"`
	wire.Tokens
}

// addTestMethods adds methods that do what no proper one should. It must be
// called before the first session begins.
//
//	test/panic         panics
//	test/error         returns an error that nobody has heard of
//	test/cancelled     returns context.Canceled though nobody has cancelled
//	test/late          returns context.DeadlineExceeded
//	test/latePanic     panics after later requests may start
//	test/block         waits until its context ends
//	test/last          answers null once its context has ended
//	test/slow {ms}     answers null some time later; later requests start at once
//	test/inline {ms}   the same, but later requests wait
//	test/deaf {ms}     as test/slow, but does not look at its context
func addTestMethods(t *testing.T) {
	t.Helper()
	before := methods
	methods = maps.Clone(before)
	t.Cleanup(func() { methods = before })
	addMethod("test/panic", func(*call, wire.None) error { panic("on purpose") })
	addMethod("test/error", func(*call, wire.None) error { return errors.New("secret") })
	addMethod("test/cancelled", func(*call, wire.None) error { return context.Canceled })
	addMethod("test/late", func(*call, wire.None) error { return context.DeadlineExceeded })
	addMethod("test/latePanic", func(c *call, _ wire.None) error {
		c.overlap()
		panic("on purpose")
	})
	addMethod("test/block", func(c *call, _ wire.None) error {
		ctx := c.overlap()
		<-ctx.Done()
		return ctx.Err()
	})
	addMethod("test/last", func(c *call, _ wire.None) error {
		<-c.overlap().Done()
		return nil
	})
	addMethod("test/slow", func(c *call, p slowParams) error { return pause(c.overlap(), p.Ms) })
	addMethod("test/inline", func(c *call, p slowParams) error { return pause(c.ctx, p.Ms) })
	addMethod("test/deaf", func(c *call, p slowParams) error {
		c.overlap()
		return pause(context.Background(), p.Ms)
	})
}

// addMethod adds one method; only between addTestMethods and the first session.
func addMethod[P any](name string, handle func(*call, P) error) {
	m := on(name, func(c *call, p P) (wire.Null, error) { return wire.Null{}, handle(c, p) }, "For tests only.")
	methods[name] = m
}

func pause(ctx context.Context, ms int64) error {
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestAtOnce: the promise of a method that answers at once is not relied on where
// its params may have a member that breaks it, however that is spelled.
func TestAtOnce(t *testing.T) {
	m := (&method{}).atOnce("usage")
	for params, want := range map[string]bool{
		``: true, `{}`: true, `{"id":"web"}`: true, `{"id":"usages"}`: true, `{"usage":true}`: false, `{ "usage" : false }`: false, `{"us\u0061ge":true}`: false,
	} {
		if got := m.answersAtOnce([]byte(params)); got != want {
			t.Errorf("%s is answered at once: %v, want %v", params, got, want)
		}
	}
	if (&method{}).answersAtOnce(nil) || !(&method{}).atOnce().answersAtOnce([]byte(`{"\u0061":1}`)) {
		t.Error("a method without exceptions is answered at once if it says so, and only then")
	}
}
