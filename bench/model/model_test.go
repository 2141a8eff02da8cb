package model

import (
	"testing"
	"time"
)

func TestDrain(t *testing.T) {
	if got := Drain(1000, 3, 2, 10*time.Microsecond); got != 15*time.Millisecond {
		t.Errorf("1000 events x 3 handlers x 10 us on 2 workers: %v", got)
	}
	if Drain(1000, 3, 4, time.Second)*2 != Drain(1000, 3, 2, time.Second) {
		t.Error("twice the workers must take half the time")
	}
}

func TestBlocked(t *testing.T) {
	if got := Blocked(Load{1000, 1000}, Load{500, 2000}); got != 0.002 {
		t.Errorf("a ms of a thousand twice: %v", got)
	}
	if Blocked(Load{1e9, 100}) != 1 {
		t.Error("a lock can't be held for longer than all the time")
	}
}

func TestCollections(t *testing.T) {
	const mib = 1 << 20
	if got := Collections(3*mib, mib); got != 1 {
		t.Errorf("from 1 to 4 MiB at 3 MiB a second: %v", got)
	}
	if got := Collections(50*mib, 100*mib); got != 0.5 {
		t.Errorf("from 100 to 200 MiB at 50 MiB a second: %v", got)
	}
}

func TestPublish(t *testing.T) {
	if PublishByGoroutines(8) != 8*PublishByGoroutines(1) || PublishByPool() >= PublishByGoroutines(1) {
		t.Errorf("%v, %v, pool %v", PublishByGoroutines(1), PublishByGoroutines(8), PublishByPool())
	}
}

// TestSeed: the models give what the seed says that they give.
func TestSeed(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct {
		what           string
		got, low, high float64
	}{
		{"795 goroutines a second, 6.2 MB/s", SeedGoroutineMemory(265, 3), 6.2 * mb, 6.3 * mb},
		{"latency 1.8x", SeedGoroutineLatency(265, 3) / SeedPublish, 1.79, 1.8},
		{"a lock, lightly contended: 30 ns", SeedLocked(1.3), 29.8, 30.1},
		{"about 6.4 MB/s", SeedAllocated(265, 3, 200, 50, 250), 6.4 * mb, 6.45 * mb},
		{"about 150 KB/s", SeedOptimized(200, 50), 149 << 10, 151 << 10},
		{"3.2 collections a second", SeedCollections(6.4 * mb), 3.19, 3.21},
		{"8 workers, 800 events a second", SeedPoolSaturation(8), 800, 800},
	} {
		if c.got < c.low || c.got > c.high {
			t.Errorf("%s: %v", c.what, c.got)
		}
	}
}
