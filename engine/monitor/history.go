package monitor

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

// Values are metrics by name, labels included, at one moment.
type Values map[string]float64

// Read is what the metrics are now. It costs some 20 us: the set is written as
// Prometheus' text, which is the only way to see all kinds of metric, and read
// again.
func (m *Monitor) Read() Values {
	var text bytes.Buffer
	m.set.WritePrometheus(&text)
	return parse(text.Bytes())
}

// parse reads Prometheus' text format, without comments and what is no number:
// JSON has no NaN.
func parse(text []byte) Values {
	values := Values{}
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		at := bytes.LastIndexByte(line, ' ')
		if at < 0 || line[0] == '#' {
			continue
		}
		if v, err := strconv.ParseFloat(string(line[at+1:]), 64); err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
			values[string(line[:at])] = v
		}
	}
	return values
}

// history is the last samples of each name.
type history map[string]*series

// series is a ring of samples.
type series struct {
	at     [Kept]int64 // ms since the epoch
	values [Kept]float64
	count  int // ever taken
}

func (h history) add(now time.Time, values Values) {
	for name, v := range values {
		s := h[name]
		if s == nil {
			if len(h) == maxNames {
				continue
			}
			s = &series{}
			h[name] = s
		}
		i := s.count % Kept
		s.at[i], s.values[i] = now.UnixMilli(), v
		s.count++
	}
}

// maxNames bounds the history to 16 MiB: labels may make many names.
const maxNames = 1000

// last are the newest n samples, the oldest first.
func (s *series) last(n int) (at []int64, values []float64) {
	n = min(n, s.count, Kept)
	for i := s.count - n; i < s.count; i++ {
		at, values = append(at, s.at[i%Kept]), append(values, s.values[i%Kept])
	}
	return at, values
}

// rates turns a counter's samples into what it grew by a second, one fewer.
func rates(at []int64, values []float64) (out []float64) {
	for i := 1; i < len(values); i++ {
		if dt := float64(at[i]-at[i-1]) / 1000; dt > 0 {
			out = append(out, max(0, values[i]-values[i-1])/dt)
		}
	}
	return out
}
