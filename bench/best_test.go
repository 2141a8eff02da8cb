package bench

import (
	"math"
	"testing"
	"time"
)

// bestOf is how long something takes at its best in a benchmark's loop: what the
// machine's other work does can only make it longer.
func bestOf(b *testing.B, do func()) time.Duration {
	best := time.Duration(math.MaxInt64)
	for b.Loop() {
		begun := time.Now()
		do()
		best = min(best, time.Since(begun))
	}
	return best
}
