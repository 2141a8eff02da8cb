package bench

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy/inject"
)

// pageOf is an HTML page of about so many bytes.
func pageOf(size int) []byte {
	const head = "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n<title>shop</title>\n</head>\n<body>\n"
	return []byte(head + strings.Repeat("<p>A line of a page, as long as they are.</p>\n", size/46))
}

var pageSizes = []struct {
	name string
	size int
}{{"5KB", 5 << 10}, {"100KB", 100 << 10}, {"10MB", 10 << 20}}

// BenchmarkProxyPage loads pages through our proxy, with its history, timings
// and script, and through httputil.ReverseProxy with the same transport and
// buffers and nothing else. B/op must not grow with the page: what is kept of
// it is bounded, and it is never held whole.
func BenchmarkProxyPage(b *testing.B) {
	for _, s := range pageSizes {
		page := pageOf(s.size)
		backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write(page)
		}))
		b.Cleanup(backend.Close)
		b.Run(s.name+"/brummer", func(b *testing.B) { loadPages(b, proxied(b, backend.URL, true), s.size) })
		b.Run(s.name+"/record", func(b *testing.B) { loadPages(b, proxied(b, backend.URL, false), s.size) })
		b.Run(s.name+"/plain", func(b *testing.B) { loadPages(b, plainProxy(b, backend.URL), s.size) })
		b.Run(s.name+"/direct", func(b *testing.B) { loadPages(b, backend.URL, s.size) })
	}
}

// proxied is the address of a backend through a proxy of ours.
func proxied(b *testing.B, backend string, script bool) string {
	// A budget that is full soon: then nothing is allocated for bodies any more,
	// as in an engine that has been used for a while.
	r := proxy.New(proxy.Options{History: 1 << 20})
	b.Cleanup(r.Shutdown)
	info, err := r.Register(proxy.Register{URL: backend, Inject: script})
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSuffix(info.URL, "/")
}

// plainProxy is the yardstick: nothing but ReverseProxy, tuned as ours is.
func plainProxy(b *testing.B, backend string) string {
	target, err := url.Parse(backend)
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
			r.SetXForwarded()
		},
		Transport:  &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true},
		BufferPool: &pooled{},
	})
	b.Cleanup(server.Close)
	return server.URL
}

type pooled struct{ sync.Pool }

func (p *pooled) Get() []byte {
	if buf, ok := p.Pool.Get().(*[32 << 10]byte); ok {
		return buf[:]
	}
	return make([]byte, 32<<10)
}

func (p *pooled) Put(buf []byte) { p.Pool.Put((*[32 << 10]byte)(buf)) }

// loadPages asks for pages one after the other, as a browser that loads one.
// The client and the backend are in the figures, the same for all.
func loadPages(b *testing.B, base string, size int) {
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	request, err := http.NewRequest("GET", base+"/", nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Sec-Fetch-Dest", "document")
	buf := make([]byte, 64<<10)
	load := func() {
		answer, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.CopyBuffer(onlyWriter{io.Discard}, answer.Body, buf)
		answer.Body.Close()
		if err != nil || n < int64(size)/2 {
			b.Fatalf("%d bytes, %v", n, err)
		}
	}
	for range 20 { // connections, pools, and a history that is full
		load()
	}
	b.ReportAllocs()
	for b.Loop() {
		load()
	}
}

// onlyWriter keeps io.CopyBuffer from using a buffer of io.Discard's own.
type onlyWriter struct{ io.Writer }

// BenchmarkProxyBookkeeping compares our proxy with a plain ReverseProxy in turn,
// a few requests at a time, so that a slow moment of the machine meets both:
// times is the ratio of their medians, more-allocs and more-bytes what a request
// allocates more. The mean of a busy machine is made of its pauses.
func BenchmarkProxyBookkeeping(b *testing.B) {
	answers := map[string]struct {
		contentType, dest string
		content           []byte
	}{
		"api":  {"application/json", "empty", []byte(`{"ok":true}`)},
		"page": {"text/html; charset=utf-8", "document", pageOf(5 << 10)},
	}
	for name, a := range answers {
		backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", a.contentType)
			w.Write(a.content)
		}))
		b.Cleanup(backend.Close)
		b.Run(name+"/brummer", func(b *testing.B) {
			ours := loader(b, proxied(b, backend.URL, true), a.dest)
			plain := loader(b, plainProxy(b, backend.URL), a.dest)
			cost(ours) // until the history is full
			cost(plain)
			var mine, theirs costs
			for b.Loop() {
				mine.add(cost(ours))
				theirs.add(cost(plain))
			}
			requests := float64(len(mine.times))
			b.ReportMetric(percentile(mine.times, 0.5)/percentile(theirs.times, 0.5), "times")
			b.ReportMetric((mine.objects-theirs.objects)/requests, "more-allocs")
			b.ReportMetric((mine.bytes-theirs.bytes)/requests, "more-bytes")
		})
	}
}

// loader returns what asks for one answer.
func loader(b *testing.B, base, dest string) func() {
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	b.Cleanup(client.CloseIdleConnections)
	request, err := http.NewRequest("GET", base+"/", nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Sec-Fetch-Dest", dest)
	return func() {
		answer, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
}

// costs are what requests took, with all that ran meanwhile.
type costs struct {
	times          []time.Duration // of each
	objects, bytes float64
}

func (c *costs) add(o costs) {
	c.times = append(c.times, o.times...)
	c.objects += o.objects
	c.bytes += o.bytes
}

// cost measures some requests.
func cost(load func()) costs {
	const n = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	times := make([]time.Duration, n)
	for i := range times {
		begun := time.Now()
		load()
		times[i] = time.Since(begun)
	}
	runtime.ReadMemStats(&after)
	return costs{times, float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc)}
}

// BenchmarkInject is the scanner alone, beside a copy of the same bytes through
// the same buffer.
func BenchmarkInject(b *testing.B) {
	for _, s := range pageSizes {
		page := pageOf(s.size)
		buf := make([]byte, 32<<10)
		copied := func(b *testing.B, open func() io.Reader) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				r := open()
				for {
					n, err := r.Read(buf)
					proxySink = append(proxySink[:0], buf[:n]...)
					if err != nil {
						break
					}
				}
			}
		}
		b.Run(s.name+"/brummer", func(b *testing.B) {
			copied(b, func() io.Reader { return inject.NewReader(bytes.NewReader(page), `<script src="/t.js"></script>`) })
		})
		b.Run(s.name+"/copy", func(b *testing.B) {
			copied(b, func() io.Reader { return bytes.NewReader(page) })
		})
	}
}

var proxySink = make([]byte, 0, 32<<10)

// BenchmarkRegister makes a proxy, which listens when Register returns, and ends
// it; the yardstick only listens.
func BenchmarkRegister(b *testing.B) {
	b.Run("brummer", func(b *testing.B) {
		r := proxy.New(proxy.Options{})
		b.Cleanup(r.Shutdown)
		for i := 0; b.Loop(); i++ {
			info, err := r.Register(proxy.Register{URL: fmt.Sprintf("http://localhost:%d", 1+i%1000), Inject: true})
			if err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			if err := r.Unregister(info.ID); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
	})
	b.Run("listen", func(b *testing.B) {
		for b.Loop() {
			l, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			l.Close()
			b.StartTimer()
		}
	})
}
