package logs

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// numbered makes a batch of n lines that say which they are, from at on.
func numbered(at, n int) lines.Batch {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = numberedText(at + i)
	}
	return batch(1, int64(at), texts...)
}

func numberedText(i int) string { return fmt.Sprintf("%d %s %d", i, strings.Repeat("-", i%150), i) }

// TestFloodMakesNoGarbage: as long as nobody reads, what is dropped is used again.
func TestFloodMakesNoGarbage(t *testing.T) {
	s := New(Options{Budget: 4 << 20})
	w := s.Writer("web", lines.Stdout)
	b := numbered(0, 2000)
	flood := func(bytes int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for n := 0; n < bytes; n += len(b.Data) {
			w.Append(b)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	flood(8 << 20)
	if made := flood(64 << 20); made > 16<<20 { // the tables of lines are new ones each time
		t.Errorf("%d bytes made for 64 MiB of output", made)
	}
	readAll(t, s)
	if made := flood(4 << 20); made < 3<<20 {
		t.Errorf("only %d bytes made for 4 MiB of output after everything was read", made)
	}
}

func readAll(t *testing.T, s *Store) []Record {
	t.Helper()
	page, err := s.Read(context.Background(), Query{Limit: 1 << 30, Bytes: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	return page.Records
}

// TestReadersKeepWhatTheySee reads, searches and holds what it was given while two
// producers drive it out of the store: no byte of it may change.
func TestReadersKeepWhatTheySee(t *testing.T) {
	s := New(Options{Budget: 256 << 10})
	var done atomic.Bool
	var producers, readers sync.WaitGroup
	for _, name := range []string{"web", "db"} {
		w := s.Writer(name, lines.Stdout)
		producers.Go(func() {
			for at := 0; at < 200_000; at += 100 {
				w.Append(numbered(at, 100))
			}
		})
	}
	for seed := range uint64(2) {
		readers.Go(func() {
			r := keeper{t: t, s: s, rng: rand.New(rand.NewPCG(seed, 2))}
			for !done.Load() && !t.Failed() {
				r.look()
			}
			r.check()
		})
	}
	producers.Wait()
	done.Store(true)
	readers.Wait()
}

// TestHoldLooksTwice plays the schedule in which the second look of hold is all that
// helps: a reader has the state, and before it has said so the producer drops a
// segment of it and writes over its memory.
func TestHoldLooksTwice(t *testing.T) {
	s := New(Options{Budget: 8 * minSegment}) // so that all segments have one size
	w := s.Writer("web", lines.Stdout)
	w.Append(numbered(0, 10))
	state := w.s.state.Load()
	first := state.segs[0]
	for at, reused := 10, false; !reused; at += 10 {
		if at > 100_000 {
			t.Fatal("the memory of the first segment is not used again")
		}
		w.Append(numbered(at, 10))
		segs := w.s.state.Load().segs
		last := segs[len(segs)-1]
		reused = last != first && &last.data[0] == &first.data[0]
	}
	if string(first.view().raw(0)) == numberedText(0)+"\n" {
		t.Fatal("nothing was written over")
	}
	if w.s.see(state) {
		t.Error("a reader is given a state with a segment that is written over")
	}
	if held := w.s.hold(); held == state || held.first == 0 {
		t.Error("hold has given the old state")
	}
}

// keeper is a reader that keeps records for a while.
type keeper struct {
	t    *testing.T
	s    *Store
	rng  *rand.Rand
	kept []Record
}

func (k *keeper) look() {
	switch k.rng.IntN(3) {
	case 0:
		page, err := k.s.Read(context.Background(), Query{After: k.s.Head() - min(k.s.Head(), k.rng.Uint64N(4000)), Limit: 50, Bytes: 1 << 20})
		if err != nil {
			k.t.Error(err)
		}
		k.kept = append(k.kept, page.Records...)
	case 1:
		found, err := k.s.Search(context.Background(), Search{Pattern: Pattern{Text: "77"}, Oldest: k.rng.IntN(2) == 0, Limit: 50, Bytes: 1 << 20})
		if err != nil {
			k.t.Error(err)
		}
		for _, h := range found.Hits {
			k.kept = append(k.kept, h.Record)
		}
	case 2:
		runtime.Gosched() // let producers have memory that nobody has seen
	}
	if len(k.kept) > 2000 {
		k.check()
	}
}

// check looks at every byte of what was kept.
func (k *keeper) check() {
	for _, r := range k.kept {
		var n int
		if _, err := fmt.Sscan(string(r.Raw), &n); err != nil || string(r.Raw) != numberedText(n)+"\n" {
			k.t.Errorf("record %d has become %q", r.Seq, r.Raw)
			return
		}
	}
	k.kept = k.kept[:0]
}
