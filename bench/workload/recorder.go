package workload

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// recorder gathers what the client sees.
type recorder struct {
	mu      sync.Mutex
	begun   time.Time
	seen    map[uint64]time.Time // log.line events whose line has not come yet, by seq
	next    map[string]int       // the number of the next line of each process
	exited  map[string]bool      // of the logging processes
	counts  map[string]int
	lost    int
	wrong   []string // what must not happen
	web     string   // the address that the server has printed
	samples map[string]*samples
	points  []Point
	changed chan struct{} // closed and replaced when something has come
}

// samples are durations in us.
type samples struct{ all, second []float64 }

// Point is a second of the session.
type Point struct {
	Second  float64 // since the load began
	Figures map[string]float64
}

func newRecorder() *recorder {
	return &recorder{
		seen: map[uint64]time.Time{}, next: map[string]int{}, exited: map[string]bool{},
		counts: map[string]int{}, samples: map[string]*samples{}, changed: make(chan struct{}),
	}
}

func (r *recorder) tellLocked() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// took notes a duration.
func (r *recorder) took(what string, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tookLocked(what, d)
}

func (r *recorder) tookLocked(what string, d time.Duration) {
	s := r.samples[what]
	if s == nil {
		s = &samples{}
		r.samples[what] = s
	}
	us := float64(d.Nanoseconds()) / 1000
	s.all, s.second = append(s.all, us), append(s.second, us)
}

func (r *recorder) fault(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.wrong) < 20 {
		r.wrong = append(r.wrong, text)
	}
}

// lines takes a logs/lines notification.
func (r *recorder) lines(m wire.LinesObjects, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m.Gap != nil {
		r.lost += int(m.Gap.Count)
	}
	for _, l := range m.Lines {
		if url, ok := strings.CutPrefix(l.Text, urlMark); ok {
			r.web = url
			continue
		}
		n, at, ok := parseLine(l.Text)
		if !ok || n != r.next[l.Process] {
			r.wrong = append(r.wrong, l.Process+" "+l.Text)
			continue
		}
		r.next[l.Process]++
		r.counts["lines"]++
		r.tookLocked("line", now.Sub(at))
		if came, ok := r.seen[l.Seq]; ok {
			r.tookLocked("event", came.Sub(at))
			delete(r.seen, l.Seq)
		}
	}
	r.tellLocked()
}

// events takes an events/batch notification.
func (r *recorder) events(m wire.EventsBatch, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m.Gap != nil {
		r.lost += int(m.Gap.Count)
	}
	for _, e := range m.Events {
		r.counts[e.Type]++
		switch {
		case e.Type == "log.line":
			r.seen[e.Seq] = now
		case e.Type == "process.exited" && strings.HasPrefix(e.Process, "app"):
			r.exited[e.Process] = true
		}
	}
	r.tellLocked()
}

// metrics takes a metrics/sample notification: a second has passed.
func (r *recorder) metrics(m wire.MetricsSample, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.begun.IsZero() {
		return
	}
	p := Point{Second: now.Sub(r.begun).Seconds(), Figures: map[string]float64{}}
	for name, v := range m.Metrics {
		p.Figures[name] = v
	}
	p.Figures["heap besides"] = max(0, m.Metrics["brummer_runtime_heap_live_bytes"]-kept(m.Metrics))
	for what, s := range r.samples {
		if len(s.second) > 0 {
			p.Figures[what+" p95 us"] = quantile(s.second, .95)
			p.Figures[what+"s"] = float64(len(s.second))
			s.second = s.second[:0]
		}
	}
	r.points = append(r.points, p)
}

// kept is what the engine keeps on purpose, within its budgets: output, requests,
// what pages have told. It grows until the budgets are full.
func kept(m map[string]float64) (bytes float64) {
	for _, name := range []string{"brummer_logs_held_bytes", "brummer_proxy_history_bytes", "brummer_telemetry_held_bytes"} {
		bytes += m[name]
	}
	return bytes
}

// await waits until done, which is called with the lock held, or for so long.
func (r *recorder) await(limit time.Duration, done func() bool) bool {
	timeout := time.After(limit)
	for {
		r.mu.Lock()
		ok, changed := done(), r.changed
		r.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-timeout:
			return false
		}
	}
}

// quantile of a list, which it sorts a copy of; 0 of an empty one.
func quantile(list []float64, q float64) float64 {
	if len(list) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(list))
	return s[min(len(s)-1, int(q*float64(len(s))))]
}
