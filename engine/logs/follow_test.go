package logs

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// TestFollowedFloodMakesNoGarbage: what a follower has left behind is used again,
// tables and all; what it looks at is not.
func TestFollowedFloodMakesNoGarbage(t *testing.T) {
	s := New(Options{Budget: 4 << 20})
	w := s.Writer("web", lines.Stdout)
	f := s.Follow()
	defer f.Close()
	b, at := numbered(0, 2000), uint64(0)
	q := Query{Limit: 256, Bytes: 64 << 10}
	flood := func(bytes int, read bool) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for n := 0; n < bytes; n += len(b.Data) {
			at = w.Append(b)
			for read && q.After < at {
				page, err := f.Read(context.Background(), q)
				if err != nil || page.Gap != nil {
					t.Fatal(err, page.Gap)
				}
				q.After, q.Into = page.Next, page.Records
			}
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	flood(8<<20, true)
	if made := flood(64<<20, true); made > 4<<20 {
		t.Errorf("%d bytes made for 64 MiB of output that somebody follows", made)
	}
	if made := flood(16<<20, false); made < 7<<20 {
		t.Errorf("only %d bytes made for 16 MiB of output, while a page is being looked at", made)
	}
	f.Release()
	if made := flood(64<<20, false); made > 12<<20 {
		t.Errorf("%d bytes made for 64 MiB of output that nobody looks at any more", made)
	}
}

// TestOvertakenFollowerMakesNoGarbage: what is dropped while a follower looks at it is
// used again once it has gone on.
func TestOvertakenFollowerMakesNoGarbage(t *testing.T) {
	s := New(Options{Budget: 4 << 20})
	w := s.Writer("web", lines.Stdout)
	f := s.Follow()
	defer f.Close()
	b := numbered(0, 500)
	q := Query{Limit: 256, Bytes: 64 << 10}
	flood := func(bytes int) (made uint64, overtaken int) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for written := 0; written < bytes; {
			for dropped := w.s.state.Load().first; w.s.state.Load().first == dropped; written += len(b.Data) {
				w.Append(b)
			}
			page, err := f.Read(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			if page.Gap != nil {
				overtaken++
			}
			q.After, q.Into = page.Next, page.Records
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc, overtaken
	}
	flood(16 << 20)
	if made, overtaken := flood(64 << 20); made > 4<<20 || overtaken < 64 {
		t.Errorf("%d bytes made for 64 MiB of output, whose follower was overtaken %d times", made, overtaken)
	}
}

// TestFollowersSeeWhatWasWritten: while a producer writes over what it can, each
// follower sees every line as it was, or is told that it was lost.
func TestFollowersSeeWhatWasWritten(t *testing.T) {
	const count = 300_000
	s := New(Options{Budget: 256 << 10})
	var done atomic.Bool
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			f := s.Follow()
			defer f.Close()
			if seen := followToEnd(t, f, &done); seen != count {
				t.Errorf("%d lines seen or told as lost, of %d", seen, count)
			}
		})
	}
	w := s.Writer("web", lines.Stdout)
	for at := 0; at < count; at += 100 {
		w.Append(numbered(at, 100))
	}
	done.Store(true)
	all.Wait()
}

// followToEnd reads until done and then to the end, and returns how many lines it was
// given or told as lost. Record n holds the text number n-1.
func followToEnd(t *testing.T, f *Follower, done *atomic.Bool) (seen uint64) {
	q := Query{Limit: 300, Bytes: 64 << 10}
	for last := false; ; {
		page, err := f.Read(context.Background(), q)
		if err != nil {
			t.Error(err)
			return seen
		}
		for i := range page.Records {
			if r := &page.Records[i]; string(r.Raw) != numberedText(int(r.Seq)-1)+"\n" {
				t.Errorf("record %d is %q", r.Seq, r.Raw)
				return seen
			}
		}
		seen += uint64(len(page.Records))
		if page.Gap != nil {
			seen += page.Gap.Count
		}
		if page.Next == q.After {
			if last {
				return seen
			}
			last = done.Load()
			f.Release()
			runtime.Gosched()
		}
		q.After, q.Into = page.Next, page.Records
	}
}
