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
	x := &Exchange{Method: "GET", URL: url, request: http.Header{}}
	h.begin(x)
	x.answered(&http.Response{StatusCode: 200, Header: http.Header{}}, "")
	x.record(&x.got, bytes.Repeat([]byte("x"), size))
	x.end()
	return x
}

// TestHistoryBounded: the newest are kept, within the budget; bodies go before
// heads, and what went is counted.
func TestHistoryBounded(t *testing.T) {
	h := newHistory(20*chunkSize, 8*chunkBytes)
	for i := range 10 {
		made(h, fmt.Sprint("/", i), 5*chunkBytes)
	}
	if h.bodies.Load() > h.budget {
		t.Errorf("%d bytes of bodies, over %d", h.bodies.Load(), h.budget)
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
		if whole := len(d.AnswerBody.Text) == 5*chunkBytes; whole != (i >= 6) || d.Received != 5*chunkBytes {
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
	if uint64(len(rows))+h.Dropped() != 210 || h.heads.Load() > h.budget || len(rows) == 0 {
		t.Errorf("%d rows and %d dropped, of 210; %d bytes of heads", len(rows), h.Dropped(), h.heads.Load())
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
				made(h, "/", rand.IntN(3*chunkBytes))
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

// TestHistoryBusy: whatever is added, read, evicted and cleared at the same time,
// afterwards each exchange is held or counted as gone, and each byte is one of an
// exchange that is held.
func TestHistoryBusy(t *testing.T) {
	h := newHistory(60*chunkSize, 4*chunkSize)
	const writers, each = 4, 2000
	var adding, reading sync.WaitGroup
	for range writers {
		adding.Go(func() {
			for i := range each {
				made(h, "/"+strings.Repeat("x", i%500), i%3*chunkSize)
			}
		})
	}
	done := make(chan struct{})
	reading.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				h.Page(Filter{Status: "200"}, nil, 50)
			}
		}
	})
	adding.Wait()
	close(done)
	reading.Wait()
	held, heads, bodies := h.sums()
	if n := h.Dropped() + held; n != writers*each {
		t.Errorf("%d exchanges are held and %d dropped, of %d", held, h.Dropped(), writers*each)
	}
	if heads != h.heads.Load() || bodies != h.bodies.Load() || max(heads, bodies) > h.budget {
		t.Errorf("heads have %d bytes and bodies %d, counted are %d and %d, of %d each", heads, bodies, h.heads.Load(), h.bodies.Load(), h.budget)
	}
	h.Clear()
	if held, _, _ := h.sums(); held != 0 || h.held() != 0 {
		t.Errorf("cleared, it holds %d exchanges and %d bytes", held, h.held())
	}
}

// sums adds up what is held.
func (h *History) sums() (held uint64, heads, bodies int64) {
	for x := range h.all() {
		held++
		heads += x.weight
		for _, k := range []kept{x.sent.kept, x.got.kept} {
			if k.piece != "" {
				bodies += pieceSize(len(k.piece))
			}
			for c := k.first; c != nil; c = c.next {
				bodies += chunkSize
			}
		}
	}
	return held, heads, bodies
}

// TestNobodyWaits: a request is answered and recorded although whoever reads the
// records of all the others has stopped in the middle of it.
func TestNobodyWaits(t *testing.T) {
	s := newSetup(t, servePage)
	for range 20 {
		s.do("GET", "/", asPage...)
	}
	s.rows(20)
	h := s.registry.History
	for x := range h.all() {
		x.mu.Lock()
		defer x.mu.Unlock()
	}
	s.do("GET", "/", asPage...)
	for !h.at(21).Row().Ended {
		runtime.Gosched()
	}
}

// TestOvertaken: a request that was held up between its number and its slot for a
// whole round is not held, and leaves the younger one where it is.
func TestOvertaken(t *testing.T) {
	h := newHistory(0, 0)
	late := &Exchange{Method: "GET", URL: "/late", request: http.Header{}, history: h}
	late.name(h.begun.Add(1))
	for range maxExchanges {
		made(h, "/", 0)
	}
	h.put(late)
	late.mu.Lock()
	late.changed(headWeight)
	held, heads, _ := h.sums()
	if held != maxExchanges || heads != h.heads.Load() || h.Dropped() != 1 {
		t.Errorf("%d are held and %d dropped, with %d bytes of %d counted", held, h.Dropped(), heads, h.heads.Load())
	}
	if _, err := h.Find(late.ID()); err == nil {
		t.Error("it is found")
	}
}

func TestFilter(t *testing.T) {
	row := Row{
		Proxy: "p", Process: "web", Method: "POST", URL: "/api/users?id=1", Status: 404, Ended: true, Type: "application/JSON",
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
		{Filter{Type: "json"}, true},
		{Filter{Type: "html"}, false},
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

// TestHistoryBytes: what the history says that it holds is what it takes. An
// exchange that is over keeps its record, and neither the client's connection nor
// the server's with their buffers.
func TestHistoryBytes(t *testing.T) {
	for _, c := range []struct{ size, lines int }{{0, 0}, {11, 10}, {1500, 24}, {2049, 10}, {9000, 10}} {
		s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Write(bytes.Repeat([]byte("x"), c.size))
		})
		s.client.Transport.(*http.Transport).DisableKeepAlives = true
		var header []string
		for i := range c.lines {
			header = append(header, fmt.Sprint("X-Line-", i), strings.Repeat("v", 5*(i+1)))
		}
		heap := func() int64 {
			var m runtime.MemStats
			runtime.GC()
			runtime.GC()
			runtime.ReadMemStats(&m)
			return int64(m.HeapAlloc)
		}
		const n = 400
		s.do("GET", "/", header...)
		h := s.registry.History
		before, had := heap(), h.held()
		for range n {
			s.do("GET", "/", header...)
		}
		s.rows(n + 1)
		taken, counted := (heap()-before)/n, (h.held()-had)/n
		if taken*100 > counted*120 || counted*100 > taken*120 {
			t.Errorf("%+v: an exchange takes %d bytes, and %d are counted", c, taken, counted)
		}
	}
}
