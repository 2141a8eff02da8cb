package bench

import (
	"io"
	"testing"
)

// BenchmarkMonitorRead is a sample of all metrics, taken once a second while
// somebody asks for trends. The yardstick only writes them as text. If it grew,
// watching the engine would change what is watched.
func BenchmarkMonitorRead(b *testing.B) {
	e, _ := engineWith(b, 8)
	b.Run("brummer", func(b *testing.B) {
		for b.Loop() {
			if len(e.Monitor.Read()) == 0 {
				b.Fatal("no metrics")
			}
		}
	})
	b.Run("text", func(b *testing.B) {
		for b.Loop() {
			e.Metrics.WritePrometheus(io.Discard)
		}
	})
}
