// Package slowed has a copy of a hot path that can be made slow on purpose, and
// a benchmark that is noisy by script: what the tests of the gates run.
package slowed

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// slot and ring are a copy of what events.Pool.Publish does for each event.
type slot struct {
	kind uint8
	time int64
	name string
	nth  uint64
}

type ring struct {
	mu    sync.Mutex
	slots [4096]slot
	next  uint64
	total [16]uint64
}

func (r *ring) publish(kind uint8, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total[kind]++
	r.slots[r.next%uint64(len(r.slots))] = slot{kind, int64(r.next), name, r.total[kind]}
	r.next++
}

var copied [4096]slot

// slow copies the whole ring for each event, as a careless change might do.
func (r *ring) slow(kind uint8, name string) {
	r.publish(kind, name)
	r.mu.Lock()
	defer r.mu.Unlock()
	copied = r.slots
}

func BenchmarkPublish(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		r := &ring{}
		publish := r.publish
		if os.Getenv("SLOWED") != "" {
			publish = r.slow
		}
		for b.Loop() {
			publish(3, "web")
		}
	})
	b.Run("goroutine", func(b *testing.B) {
		var done sync.WaitGroup
		for b.Loop() {
			done.Go(func() {})
		}
		done.Wait()
	})
}

// BenchmarkNoise reports the figure of this round from a script: NOISE names a
// file with a line for each round.
func BenchmarkNoise(b *testing.B) {
	for b.Loop() {
	}
	name := os.Getenv("NOISE")
	text, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	line, rest, _ := strings.Cut(string(text), "\n")
	figure, err := strconv.ParseFloat(line, 64)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(rest), 0o666); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(figure, "allocs-held")
}
