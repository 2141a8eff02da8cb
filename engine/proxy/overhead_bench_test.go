package proxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"runtime/metrics"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/bench/baseline"
)

// BenchmarkRequestOverhead is what the proxy adds to a request beyond what a bare
// ReverseProxy does, without a network, whose noise would cover it: the transport
// answers at once. overhead-us is the difference to a bare one, a few requests of
// each in turn, of the middle one of many turns; blocked-ns is for how long a request waited for locks,
// when all cores make requests. The yardstick is the bookkeeping of the seed's
// proxy alone. It is here and not in package bench because only here the transport
// can be replaced.
func BenchmarkRequestOverhead(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		var ended atomic.Int64
		r := New(Options{Logf: b.Logf, Ended: func(row Row) { ended.Add(row.Received) }})
		defer r.Shutdown()
		info, err := r.Register(Register{URL: "http://127.0.0.1:1"})
		if err != nil {
			b.Fatal(err)
		}
		ours := r.find(func(p *Proxy) bool { return p.id == info.ID })
		ours.reverse.Transport = instant{}
		target, _ := url.Parse("http://127.0.0.1:1")
		plain := &httputil.ReverseProxy{
			Transport: instant{}, BufferPool: &r.buffers,
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(target)
				r.Out.Host = r.In.Host
				r.SetXForwarded()
			},
		}
		var mine, theirs []time.Duration
		for b.Loop() {
			mine = append(mine, batch(ours, info.URL))
			theirs = append(theirs, batch(plain, info.URL))
		}
		b.ReportMetric(perRequest(mine)-perRequest(theirs), "overhead-us")
		b.ReportMetric(blockedPerRequest(b, func() { batch(ours, info.URL) }), "blocked-ns")
	})
	b.Run("before", func(b *testing.B) {
		bus := baseline.NewBus()
		for range 3 {
			bus.Subscribe("proxy.request", func(baseline.Event) {})
		}
		all := baseline.NewRequests(bus)
		request := get("http://127.0.0.1:1/")
		add := func() {
			for range batchSize {
				all.Add(request, "web", time.Now(), http.StatusOK)
			}
		}
		var times []time.Duration
		for b.Loop() {
			begun := time.Now()
			add()
			times = append(times, time.Since(begun))
		}
		b.ReportMetric(perRequest(times), "overhead-us")
		b.ReportMetric(blockedPerRequest(b, add), "blocked-ns")
	})
}

// batchSize is how many requests are timed together: so few that most batches of
// a busy machine are not interrupted.
const batchSize = 20

// perRequest is how many us a request of the middle batch took.
func perRequest(batches []time.Duration) float64 {
	slices.Sort(batches)
	return float64(batches[len(batches)/2].Nanoseconds()) / batchSize / 1000
}

// instant answers every request at once.
type instant struct{}

func (instant) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}, "Content-Length": {"11"}}, ContentLength: 11,
		Body: io.NopCloser(strings.NewReader(`{"ok":true}`)),
	}, nil
}

// nowhere is where an answer goes, which must be a good one.
type nowhere struct{ header http.Header }

func (w nowhere) Header() http.Header         { return w.header }
func (w nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (w nowhere) Flush()                      {}
func (w nowhere) WriteHeader(status int) {
	if status != http.StatusOK {
		panic(status)
	}
}

// get is a request as a server gets it.
func get(address string) *http.Request {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("GET", u.Path, nil)
	r.Host = u.Host
	for k, v := range map[string]string{
		"Accept": "*/*", "Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "en-GB,en;q=0.9",
		"Cache-Control": "no-cache", "Referer": address, "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors",
		"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
	} {
		r.Header.Set(k, v)
	}
	return r
}

// batch is how long so many requests take.
func batch(h http.Handler, address string) time.Duration {
	r := get(address)
	begun := time.Now()
	for range batchSize {
		h.ServeHTTP(nowhere{http.Header{}}, r)
	}
	return time.Since(begun)
}

// blockedPerRequest is for how many ns a request of a batch waits for locks, while
// all cores run batches.
func blockedPerRequest(b *testing.B, batch func()) float64 {
	const batches = 500
	before := blockedSeconds()
	done := make(chan struct{})
	for range 4 {
		go func() {
			for range batches {
				batch()
			}
			done <- struct{}{}
		}()
	}
	for range 4 {
		<-done
	}
	return (blockedSeconds() - before) * 1e9 / (4 * batches * batchSize)
}

// blockedSeconds is for how long goroutines have waited for locks, ever.
func blockedSeconds() float64 {
	sample := []metrics.Sample{{Name: "/sync/mutex/wait/total:seconds"}}
	metrics.Read(sample)
	return sample[0].Value.Float64()
}
