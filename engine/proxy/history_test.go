package proxy

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// made adds an exchange that has ended, with a body of so many bytes.
func made(h *History, url string, size int) *Exchange {
	x := &Exchange{Method: "GET", URL: url, Host: "h", request: http.Header{}}
	h.begin(x)
	x.answered(&http.Response{StatusCode: 200, Header: http.Header{}})
	x.record(&x.got, bytes.Repeat([]byte("x"), size))
	x.end()
	return x
}

// TestHistoryBounded: the newest are kept, within the budget; bodies go before
// heads, and what went is counted.
func TestHistoryBounded(t *testing.T) {
	h := newHistory(20*chunkSize, 8*chunkSize)
	for i := range 10 {
		made(h, fmt.Sprint("/", i), 5*chunkSize)
	}
	if h.bodies > h.budget {
		t.Errorf("%d bytes of bodies, over %d", h.bodies, h.budget)
	}
	rows, _, _ := h.Page(Filter{}, nil, 100)
	if len(rows) != 10 || h.Dropped() != 0 {
		t.Errorf("%d rows, %d dropped", len(rows), h.Dropped())
	}
	for i, row := range rows {
		x, err := h.Find(row.ID)
		if err != nil {
			t.Fatal(err)
		}
		d := x.Detail(DetailOptions{Bodies: true})
		if whole := len(d.AnswerBody.Text) == 5*chunkSize; whole != (i >= 6) || d.Received != 5*chunkSize {
			t.Errorf("%d: %d bytes of text, of %d, missing: %q", i, len(d.AnswerBody.Text), d.Received, d.AnswerBody.Missing)
		}
	}
	for i := range 200 {
		made(h, "/"+strings.Repeat("x", 1000), i)
	}
	rows, _, _ = h.Page(Filter{}, nil, 1000)
	if h.Lost(0) != h.Dropped() || h.Lost(h.Revision()) != 0 {
		t.Errorf("%d are lost, of %d dropped", h.Lost(0), h.Dropped())
	}
	if uint64(len(rows))+h.Dropped() != 210 || h.heads > h.budget || len(rows) == 0 {
		t.Errorf("%d rows and %d dropped, of 210; %d bytes of heads", len(rows), h.Dropped(), h.heads)
	}
}

// TestBodyCap: of a body only its first bytes are kept, its size is true.
func TestBodyCap(t *testing.T) {
	h := newHistory(1<<20, 5000)
	x := made(h, "/", 12345)
	d := x.Detail(DetailOptions{Bodies: true})
	if d.AnswerBody.Size != 12345 || len(d.AnswerBody.Text) != 5000 || !d.AnswerBody.Truncated {
		t.Errorf("%d bytes, %d kept, truncated: %v", d.AnswerBody.Size, len(d.AnswerBody.Text), d.AnswerBody.Truncated)
	}
}

// TestFollow: who pages with next sees every exchange's last state, once it is
// there, and none of two revisions is skipped.
func TestFollow(t *testing.T) {
	h := newHistory(0, 0)
	const n = 300
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range n {
				made(h, "/", rand.IntN(3*chunkSize))
			}
		})
	}
	done := make(chan struct{})
	go func() { writers.Wait(); close(done) }()
	seen := map[string]bool{}
	var next uint64
	for over := false; ; {
		rows, then, more := h.Page(Filter{}, &next, 7)
		for _, r := range rows {
			if r.Revision <= next {
				t.Fatalf("revision %d comes again behind %d", r.Revision, next)
			}
			seen[r.ID] = seen[r.ID] || r.Ended
		}
		next = then
		if over && !more {
			break
		}
		select {
		case <-done:
			over = true
		default:
		}
	}
	ended := 0
	for _, e := range seen {
		if e {
			ended++
		}
	}
	if ended != 4*n {
		t.Errorf("%d of %d were seen to end", ended, 4*n)
	}
}

func TestFilter(t *testing.T) {
	row := Row{
		Proxy: "p", Process: "web", Method: "POST", URL: "/api/users?id=1", Status: 404, Ended: true,
		Started: time.UnixMilli(1000), Timings: Timings{Total: 50 * time.Millisecond},
	}
	for _, c := range []struct {
		f    Filter
		want bool
	}{
		{Filter{}, true},
		{Filter{Proxy: "p", Process: "web", Method: "post"}, true},
		{Filter{Proxy: "q"}, false},
		{Filter{Process: "api"}, false},
		{Filter{Method: "GET"}, false},
		{Filter{Status: "404"}, true},
		{Filter{Status: "4xx"}, true},
		{Filter{Status: "400-404"}, true},
		{Filter{Status: "5XX"}, false},
		{Filter{Status: "nonsense"}, false},
		{Filter{Path: "users"}, true},
		{Filter{Path: "/api/*"}, true},
		{Filter{Path: "/api/*/x"}, false},
		{Filter{Failed: true}, true},
		{Filter{Min: 50 * time.Millisecond}, true},
		{Filter{Min: 51 * time.Millisecond}, false},
		{Filter{Since: time.UnixMilli(1000), Until: time.UnixMilli(1000)}, true},
		{Filter{Since: time.UnixMilli(1001)}, false},
		{Filter{Until: time.UnixMilli(999)}, false},
	} {
		if got := c.f.match(&row); got != c.want {
			t.Errorf("%+v: %v", c.f, got)
		}
	}
	if CheckStatus("40x") || !CheckStatus("") || !CheckStatus("200") {
		t.Error("CheckStatus")
	}
}

func TestRedact(t *testing.T) {
	h := redactHeader(http.Header{
		"Authorization": {"Bearer abc"}, "Cookie": {"a=1; b=2"}, "Set-Cookie": {"a=1; Path=/; Secure"},
		"X-Api-Key": {"k"}, "X-Csrf-Token": {"t"}, "Accept": {"*/*"}, "Referer": {"http://h/?access_token=x&b=1#f"},
	})
	want := http.Header{
		"Authorization": {"Bearer ***"}, "Cookie": {"a=***; b=***"}, "Set-Cookie": {"a=***; Path=/; Secure"},
		"X-Api-Key": {"***"}, "X-Csrf-Token": {"***"}, "Accept": {"*/*"}, "Referer": {"http://h/?access_token=***&b=1#f"},
	}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct{ kind, body, want string }{
		{"application/x-www-form-urlencoded", "user=a&pass%77ord=b", "user=a&pass%77ord=***"},
		{"application/json", `{"user":"a","password":"b\"c","n":{"apiKey": 12,"x":1}}`, `{"user":"a","password":"***","n":{"apiKey": "***","x":1}}`},
		{"application/problem+json", `{"token":"cut of`, `{"token":"***"`},
		{"text/plain", "password=b", "password=b"},
	} {
		if got := redactBody(c.kind, c.body); got != c.want {
			t.Errorf("%s: %s", c.body, got)
		}
	}
}

// TestHistoryHoldsNoConnections: an exchange that is over keeps its record, and
// neither the client's connection nor the server's with their buffers.
func TestHistoryHoldsNoConnections(t *testing.T) {
	s := newSetup(t, servePage)
	const n = 400
	s.client.Transport.(*http.Transport).DisableKeepAlives = true
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	s.do("GET", "/", asPage...)
	before := heap()
	for range n {
		s.do("GET", "/", asPage...)
	}
	s.rows(n + 1)
	h := s.registry.History
	h.mu.Lock()
	counted := h.heads + h.bodies
	h.mu.Unlock()
	grown := int64(heap()) - int64(before)
	if grown*2 > 3*counted {
		t.Errorf("%d exchanges have taken %d bytes each, and %d are counted", n, grown/n, counted/n)
	}
}
