package pace

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// TestAhead: a writer is never further ahead of the slowest of its readers than it may
// be, and waits for no reader of another one.
func TestAhead(t *testing.T) {
	const limit, step, total = 1000, 10, 2000
	var p Pacer
	other := p.Hold(0, []string{"other"})
	defer other.Close()
	holds := []*Hold{p.Hold(0, nil), p.Hold(0, []string{"it"})}
	var written atomic.Uint64
	var all sync.WaitGroup
	all.Go(func() {
		w := p.Writer("it", limit)
		for n := uint64(1); n <= total; n++ {
			written.Store(n)
			w.Wrote(n, step, nil)
		}
	})
	for i, h := range holds {
		all.Go(func() {
			pause := uint64(i + 1)
			for read := uint64(0); read < total; {
				now := written.Load()
				if ahead := (now - read) * step; ahead > limit+step {
					t.Errorf("it is %d bytes ahead", ahead)
					h.Close()
					return
				}
				read = min(now, read+pause)
				h.Reached(read)
				runtime.Gosched()
			}
		})
	}
	all.Wait()
}

// TestWaits: a writer that waits goes on when its reader does, is closed, or it is over
// for other reasons; without a reader it never waits.
func TestWaits(t *testing.T) {
	for name, free := range map[string]func(h *Hold, over chan struct{}){
		"reached": func(h *Hold, _ chan struct{}) { h.Reached(1) },
		"closed":  func(h *Hold, _ chan struct{}) { h.Close(); h.Close() },
		"over":    func(_ *Hold, over chan struct{}) { close(over) },
	} {
		synctest.Test(t, func(t *testing.T) {
			var p Pacer
			w := p.Writer("it", 10)
			w.Wrote(1, 1000, nil)
			h, over := p.Hold(0, nil), make(chan struct{})
			gone := false
			go func() {
				w.Wrote(1, 11, over)
				gone = true
			}()
			synctest.Wait()
			if gone {
				t.Errorf("%s: it does not wait", name)
			}
			free(h, over)
			synctest.Wait()
			if !gone {
				t.Errorf("%s: it still waits", name)
			}
			h.Close()
		})
	}
}

// TestMarks: what is kept of many small writes is bounded.
func TestMarks(t *testing.T) {
	var p Pacer
	defer p.Hold(0, nil).Close()
	w := p.Writer("it", 64<<10)
	for n := range uint64(64 << 10) {
		w.Wrote(n+1, 1, nil)
	}
	if len(w.ahead) > 128 {
		t.Errorf("%d marks", len(w.ahead))
	}
}
