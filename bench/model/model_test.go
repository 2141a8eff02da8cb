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
