package proxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/bench/baseline"
)

// BenchmarkRequestOverhead is what the proxy adds to a request beyond what a bare
// ReverseProxy does, without a network, whose noise would cover it: the transport
// answers at once. overhead-us is the difference to a bare one, a few hundred
// requests of each in turn; blocked-ns is for how long a request waited for locks,
// when all cores make requests. The yardstick is the bookkeeping of the seed's
// proxy alone. It is here and not in package bench because only here the transport
// can be replaced.
func BenchmarkRequestOverhead(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		r := New(Options{Logf: b.Logf})
		defer r.Shutdown()
		info, err := r.Register(Register{URL: "http://127.0.0.1:1"})
		if err != nil {
			b.Fatal(err)
		}
		ours := r.find(func(p *Proxy) bool { return p.id == info.ID })
		ours.reverse.Transport = instant{}
		target, _ := url.Parse("http://127.0.0.1:1")
		plain := &httputil.ReverseProxy{Transport: instant{}, BufferPool: &r.buffers, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
		var mine, theirs time.Duration
		for b.Loop() {
			mine += batch(ours, info.URL)
			theirs += batch(plain, info.URL)
		}
		b.ReportMetric(float64((mine-theirs).Nanoseconds())/float64(b.N)/batchSize/1000, "overhead-us")
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
		for b.Loop() {
			add()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batchSize/1000, "overhead-us")
		b.ReportMetric(blockedPerRequest(b, add), "blocked-ns")
	})
}

// batchSize is how many requests are timed together.
const batchSize = 200

// instant answers every request at once.
type instant struct{}

func (instant) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: 11,
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
	const batches = 50
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
