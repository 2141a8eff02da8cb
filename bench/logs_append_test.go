package bench

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/bench/baseline"
	"github.com/brummer-rpc/brummer-rpc/engine/logs"
)

// appender is one producer's way to store a batch.
type appender func(logs.Batch)

// logKinds are ways to keep a log: how a producer is made, and what a reader
// does who looks at everything once.
var logKinds = []struct {
	name string
	make func() (producer func(n int) appender, read func())
}{
	{"brummer", func() (func(int) appender, func()) {
		s := logs.New(logs.Options{Cache: -1})
		return func(n int) appender {
				w := s.Writer(fmt.Sprint("p", n), logs.Stdout)
				return func(b logs.Batch) { w.Append(b) }
			}, func() {
				s.Search(context.Background(), logs.Search{Pattern: logs.Pattern{Text: "nowhere to be found"}, Limit: 1, Bytes: 1})
			}
	}},
	{"memcpy", func() (func(int) appender, func()) {
		return func(int) appender {
			ring, at := make([]byte, 64<<20), 0
			return func(b logs.Batch) {
				if at+len(b.Data) > len(ring) {
					at = 0
				}
				at += copy(ring[at:], b.Data)
			}
		}, func() { runtime.Gosched() }
	}},
	{"mutex-slice", func() (func(int) appender, func()) {
		l := &baseline.LogSlice{Max: 600_000}
		return func(n int) appender {
			name := fmt.Sprint("p", n)
			return func(b logs.Batch) {
				from := uint32(0)
				for _, c := range b.Cuts {
					l.Append(name, b.Time, b.Data[from:c.End])
					from = c.End
				}
			}
		}, func() { l.Search("nowhere to be found") }
	}},
	{"mutex-ring", func() (func(int) appender, func()) {
		l := baseline.NewLogRing(64<<20, 1<<20)
		return func(int) appender {
			var ends []uint32
			return func(b logs.Batch) {
				ends = ends[:0]
				for _, c := range b.Cuts {
					ends = append(ends, c.End)
				}
				l.Append(b.Data, ends)
			}
		}, func() { l.Read(func(data []byte) { baseline.Scan(data) }) }
	}},
}

// BenchmarkAppend is what a line costs its producer, in batches of 64 KiB, with
// one and two producers, alone and while somebody searches all the time. If it
// grew, a chatty child would be slowed by its own output.
func BenchmarkAppend(b *testing.B) {
	for _, producers := range []int{1, 2} {
		for _, scanned := range []bool{false, true} {
			for _, kind := range logKinds {
				name := fmt.Sprintf("producers=%d/scanned=%v/%s", producers, scanned, kind.name)
				b.Run(name, func(b *testing.B) {
					producer, read := kind.make()
					if !scanned {
						read = nil
					}
					appending(b, producers, producer, read)
				})
			}
		}
	}
}

// warmUp is how many batches go before: as many as a store keeps by default, so
// that its memory has been touched.
const warmUp = 1024

func appending(b *testing.B, producers int, producer func(int) appender, read func()) {
	b.Helper()
	batch := oneBatch()
	lines := len(batch.Cuts)
	appenders := make([]appender, producers)
	for i := range appenders {
		appenders[i] = producer(i)
		for range warmUp {
			appenders[i](batch)
		}
	}
	var scanner, all sync.WaitGroup
	var stop atomic.Bool
	if read != nil {
		scanner.Go(func() {
			for !stop.Load() {
				read()
			}
		})
	}
	b.ResetTimer()
	b.ReportAllocs()
	for _, add := range appenders {
		all.Go(func() {
			for range (b.N + producers - 1) / producers {
				add(batch)
			}
		})
	}
	all.Wait()
	b.StopTimer()
	stop.Store(true)
	scanner.Wait()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lines), "ns/line")
}

// oneBatch is a read of 64 KiB.
func oneBatch() logs.Batch {
	var out logs.Batch
	corpusOf(10_000).batches(func(b logs.Batch) {
		if out.Data == nil {
			out = logs.Batch{Data: slices.Clone(b.Data), Cuts: slices.Clone(b.Cuts), Time: b.Time, Run: b.Run}
		}
	})
	return out
}

// BenchmarkAppendAge appends ten thousand lines to a store that ten million
// went through before, and beside it to a new one. If they differed, a session
// would become slower with the hours.
func BenchmarkAppendAge(b *testing.B) {
	batch := oneBatch()
	ten := 10_000/len(batch.Cuts) + 1
	add := func(s *logs.Store, batches int) {
		w := s.Writer("p", logs.Stdout)
		for range batches {
			w.Append(batch)
		}
	}
	// The collector's share is the same in both: what a store holds.
	old := logs.New(logs.Options{})
	add(old, 1000*ten)
	b.Run("brummer", func(b *testing.B) {
		for b.Loop() {
			add(old, ten)
		}
	})
	b.Run("young", func(b *testing.B) {
		for b.Loop() {
			add(logs.New(logs.Options{}), ten)
		}
	})
	runtime.KeepAlive(old)
}

// BenchmarkAppendHeap is how much heap the lines take, of 100 bytes each: in
// full batches, and a line at a time as a quiet process writes them.
func BenchmarkAppendHeap(b *testing.B) {
	for _, size := range []int{600, 1} {
		b.Run(fmt.Sprintf("batch=%d/brummer", size), func(b *testing.B) {
			var ratio, allocs float64
			for b.Loop() {
				ratio, allocs = heapOf(size)
			}
			b.ReportMetric(ratio, "heap/text")
			b.ReportMetric(allocs, "allocs/line")
		})
	}
}

func heapOf(batchSize int) (ratio, allocs float64) {
	const total = 200_000
	var batch logs.Batch
	for range batchSize {
		batch.Data = append(batch.Data, fmt.Sprintf("%99d\n", 7)...)
		batch.Cuts = append(batch.Cuts, logs.Cut{End: uint32(len(batch.Data))})
	}
	batch.Run = 1
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := logs.New(logs.Options{})
	w := s.Writer("p", logs.Stdout)
	for n := 0; n < total; n += batchSize {
		batch.Time++
		w.Append(batch)
	}
	mallocs := before.Mallocs
	runtime.ReadMemStats(&after)
	mallocs = after.Mallocs - mallocs
	runtime.GC()
	runtime.ReadMemStats(&after)
	text := float64(s.Bytes())
	runtime.KeepAlive(s)
	return float64(after.HeapAlloc-before.HeapAlloc) / text, float64(mallocs) / total
}

// BenchmarkAppendTail has eight producers, a line at a time, and somebody who
// searches without a pause; p999-ns is what the slowest of a thousand appends
// takes. If it grew, a child would stand still now and then because of a reader.
func BenchmarkAppendTail(b *testing.B) {
	for _, kind := range logKinds {
		if kind.name == "memcpy" {
			continue
		}
		b.Run(kind.name, func(b *testing.B) {
			producer, read := kind.make()
			tail(b, producer, read)
		})
	}
}

func tail(b *testing.B, producer func(int) appender, read func()) {
	b.Helper()
	const producers = 8
	full := oneBatch()
	line := logs.Batch{Data: full.Data[:full.Cuts[0].End], Cuts: full.Cuts[:1], Time: 1, Run: 1}
	fill := producer(0)
	for range 200 { // something to search
		fill(full)
	}
	var stop atomic.Bool
	var scanner, all sync.WaitGroup
	scanner.Go(func() {
		for !stop.Load() {
			read()
		}
	})
	each := b.N/producers + 1
	times := make([][]time.Duration, producers)
	for p := range producers {
		times[p] = make([]time.Duration, 0, each)
	}
	b.ResetTimer()
	for p := range producers {
		add := producer(p + 1)
		all.Go(func() {
			for range each {
				begun := time.Now()
				add(line)
				times[p] = append(times[p], time.Since(begun))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	stop.Store(true)
	scanner.Wait()
	together := slices.Concat(times...)
	slices.Sort(together)
	b.ReportMetric(float64(together[len(together)*99/100]), "p99-ns")
	b.ReportMetric(float64(together[len(together)*999/1000]), "p999-ns")
}
