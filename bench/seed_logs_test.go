package bench

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/bench/baseline"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
)

// The rows of the seed about logs, measured as it names them, against its store:
// a channel, a goroutine, and a lock for what does not fit.

// batchOf is one line as it comes from a pipe.
func batchOf(text string) logs.Batch {
	data := []byte(text + "\n")
	return logs.Batch{Data: data, Cuts: []logs.Cut{{End: uint32(len(data))}}, Time: 1_700_000_000_000, Run: 1}
}

const seedLine = `2026-03-14 15:09:26 GET /api/items/42 status=200 took=12ms user=alice trace=4bf92f3577b34da6`

// seedLines is how many lines a second the seed's session logs.
const seedLines = 200

// BenchmarkSeedAddLog is a line's cost to who writes it, when lines come one at a
// time, as from an idle server. B/s is what so many lines as the seed's session
// has in a second allocate, after the store is full.
func BenchmarkSeedAddLog(b *testing.B) {
	run := func(b *testing.B, add func()) {
		for b.Loop() {
			add()
		}
		const lines = 100_000
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range lines {
			add()
		}
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/lines*seedLines, "B/s")
	}
	b.Run("brummer", func(b *testing.B) {
		s := logs.New(logs.Options{})
		defer s.Close()
		w, batch := s.Writer("web", logs.Stdout), batchOf(seedLine)
		run(b, func() { w.Append(batch) })
	})
	b.Run("channel", func(b *testing.B) {
		s := baseline.NewStore(10_000)
		defer s.Close()
		run(b, func() { s.Add("web", seedLine) })
	})
}

// BenchmarkSeedSaturation writes a burst of 100,000 lines as fast as it can, and
// looks when the writer has to wait (the slowest of 100 pieces against the median)
// and how long it takes after the burst until the last line can be read. fast-% is
// the share of lines that went the quick way: in the seed's store those for which
// the channel had room, in ours those that could be read as soon as they were added.
func BenchmarkSeedSaturation(b *testing.B) {
	const burst, pieces = 100_000, 100
	run := func(b *testing.B, add func() (fast bool), last func() bool) {
		var slowest, recovery time.Duration
		n, quick := 0, 0
		for b.Loop() {
			n++
			worst := time.Duration(0)
			for range pieces {
				begun := time.Now()
				for range burst / pieces {
					if add() {
						quick++
					}
				}
				worst = max(worst, time.Since(begun))
			}
			slowest += worst
			begun := time.Now()
			for !last() {
			}
			recovery += time.Since(begun)
		}
		b.ReportMetric(float64(slowest.Nanoseconds())/float64(n)/(burst/pieces), "worst-ns/line")
		b.ReportMetric(float64(recovery.Microseconds())/float64(n), "recovery-us")
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n)/burst, "ns/line")
		b.ReportMetric(float64(n)*burst/b.Elapsed().Seconds(), "lines/s")
		b.ReportMetric(float64(quick)/float64(n)/burst*100, "fast-%")
	}
	b.Run("brummer", func(b *testing.B) {
		s := logs.New(logs.Options{})
		defer s.Close()
		w, batch, n := s.Writer("web", logs.Stdout), batchOf(seedLine), uint64(0)
		run(b, func() bool { w.Append(batch); n++; return s.Head() == n }, func() bool { return s.Head() == n })
	})
	b.Run("channel", func(b *testing.B) {
		s := baseline.NewStore(10_000)
		defer s.Close()
		n := int64(0)
		add := func() bool {
			late := s.Fallback.Load()
			s.Add("web", seedLine)
			n++
			return s.Fallback.Load() == late
		}
		run(b, add, func() bool { return s.Stored.Load() == n })
	})
}

// BenchmarkSeedSearch searches 10,000 lines for a text and a regular expression,
// of which one line in a hundred has it.
func BenchmarkSeedSearch(b *testing.B) {
	const count = 10_000
	s := logs.New(logs.Options{Cache: -1}) // without what it remembers: each search is a first one
	defer s.Close()
	old := baseline.NewStore(count)
	w := s.Writer("web", logs.Stdout)
	for i := range count {
		text := fmt.Sprintf("%s n=%d", seedLine, i)
		if i%100 == 0 {
			text += " Connection Timeout after 5000ms"
		}
		w.Append(batchOf(text))
		old.Add("web", text)
	}
	old.Close()
	for name, text := range map[string]string{"simple": "timeout", "regexp": `(?i)timeout after \d+ms`} {
		b.Run(name+"/brummer", func(b *testing.B) {
			q := logs.Search{Pattern: logs.Pattern{Text: text, Regexp: name == "regexp"}, Limit: 1000, Bytes: 1 << 20}
			for b.Loop() {
				found, err := s.Search(context.Background(), q)
				if err != nil || len(found.Hits) != count/100 {
					b.Fatalf("%d hits, %v", len(found.Hits), err)
				}
			}
		})
		b.Run(name+"/channel", func(b *testing.B) {
			re := regexp.MustCompile(text)
			for b.Loop() {
				hits := 0
				if name == "regexp" {
					hits = len(old.SearchRegexp(re))
				} else {
					hits = len(old.Search(text))
				}
				if hits != count/100 {
					b.Fatal(hits)
				}
			}
		})
	}
}
