package proxy

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// setup has a registry, a server behind it, and the proxy between.
type setup struct {
	t        *testing.T
	registry *Registry
	backend  *httptest.Server
	info     Info
	client   *http.Client
}

func newSetup(t *testing.T, handler http.HandlerFunc, edit ...func(*Register)) *setup {
	t.Helper()
	s := &setup{t: t, registry: New(Options{Logf: t.Logf}), backend: httptest.NewServer(handler)}
	o := Register{URL: s.backend.URL, Inject: true}
	for _, f := range edit {
		f(&o)
	}
	info, err := s.registry.Register(o)
	if err != nil {
		t.Fatal(err)
	}
	s.info = info
	s.client = &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		s.registry.Shutdown()
		s.backend.Close()
	})
	return s
}

// url is an address at the proxy.
func (s *setup) url(path string) string { return strings.TrimSuffix(s.info.URL, "/") + path }

func (s *setup) do(method, path string, header ...string) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequest(method, s.url(path), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer, string(body)
}

// asPage asks as a browser does that loads a page.
var asPage = []string{"Sec-Fetch-Dest", "document"}

// rows waits until n exchanges have ended, and returns them.
func (s *setup) rows(n int) []Row {
	s.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		revision := s.registry.History.Revision()
		rows, _, _ := s.registry.History.Page(Filter{}, nil, 1000)
		ended := 0
		for _, r := range rows {
			if r.Ended {
				ended++
			}
		}
		if ended >= n {
			return rows
		}
		for s.registry.History.Revision() == revision {
			if time.Now().After(deadline) {
				s.t.Fatalf("%d exchanges have ended, not %d: %+v", ended, n, rows)
			}
			time.Sleep(time.Millisecond)
		}
	}
}

const document = "<!doctype html><html><head><title>x</title></head><body>hello</body></html>"

var withScript = strings.Replace(document, "<head>", "<head>"+scriptTag(""), 1)

func servePage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, document)
}

// TestPage: a page gets the script, its length is right, and it is told what
// its request is called.
func TestPage(t *testing.T) {
	s := newSetup(t, servePage)
	answer, body := s.do("GET", "/a?b=c", asPage...)
	if body != withScript || answer.ContentLength != int64(len(withScript)) {
		t.Errorf("%d bytes: %q", answer.ContentLength, body)
	}
	row := s.rows(1)[0]
	if want := `brummer;desc="` + row.ID + `"`; answer.Header.Get("Server-Timing") != want {
		t.Errorf("Server-Timing is %q, not %q", answer.Header.Get("Server-Timing"), want)
	}
	want := Row{
		ID: "r1", Proxy: s.info.ID, Method: "GET", URL: "/a?b=c", Host: strings.TrimSuffix(s.url(""), "/")[7:],
		Status: 200, Type: "text/html; charset=utf-8", Ended: true, Received: int64(len(document)), Injected: true,
	}
	if diff := cmp.Diff(want, row, cmpopts.IgnoreFields(Row{}, "Revision", "Started", "Timings")); diff != "" {
		t.Error(diff)
	}
	if tm := row.Timings; tm.Connect <= 0 || tm.TTFB <= 0 || tm.Total < tm.TTFB || tm.TLS != -1 || tm.DNS != -1 || tm.Reused {
		t.Errorf("timings %+v", tm)
	}
	s.do("GET", "/")
	if !s.rows(2)[1].Timings.Reused {
		t.Error("the second request needs a connection of its own")
	}
}

// TestTransparent: what is no page goes through as it is.
func TestTransparent(t *testing.T) {
	zipped := func() string {
		var b strings.Builder
		z := gzip.NewWriter(&b)
		io.WriteString(z, document)
		z.Close()
		return b.String()
	}()
	cases := map[string]http.HandlerFunc{
		"json": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"html": "<head>"}`)
		},
		"compressed script": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, zipped)
		},
		"part": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Range", "bytes 0-3/100")
			w.WriteHeader(http.StatusPartialContent)
			io.WriteString(w, "<htm")
		},
		"not modified": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Etag", `"a"`)
			w.WriteHeader(http.StatusNotModified)
		},
		"wide": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Length", "4")
			io.WriteString(w, "\xff\xfe<\x00")
		},
		"unknown coding": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Encoding", "x-own")
			io.WriteString(w, "12345")
		},
		"coding that it is not in": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Length", "6")
			io.WriteString(w, "<html>")
		},
		"trailer": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Trailer", "X-Sum")
			io.WriteString(w, "body")
			w.Header().Set("X-Sum", "42")
		},
	}
	s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
		cases[r.URL.Query().Get("case")](w, r)
	})
	for name := range cases {
		for _, method := range []string{"GET", "HEAD"} {
			path := "/?case=" + url.QueryEscape(name)
			got, gotBody := s.do(method, path, asPage...)
			behind, behindBody := (&setup{t: t, info: Info{URL: s.backend.URL}, client: s.client}).do(method, path, asPage...)
			got.Header.Del("Server-Timing")
			behind.Header.Del("Trailer") // ReverseProxy announces none where none can follow
			if diff := cmp.Diff(behind.Header, got.Header) + cmp.Diff(behindBody, gotBody) + cmp.Diff(behind.Trailer, got.Trailer); diff != "" || got.StatusCode != behind.StatusCode {
				t.Errorf("%s %s: %d and %d, -direct +proxy\n%s", method, name, behind.StatusCode, got.StatusCode, diff)
			}
		}
	}
	for _, row := range s.rows(2 * len(cases)) {
		if row.Injected || row.Skipped == "" {
			t.Errorf("%s %s: injected %v, skipped %q", row.Method, row.URL, row.Injected, row.Skipped)
		}
	}
}

// TestCompressedPage: a server that compresses although it was asked not to
// still gets its page seen.
func TestCompressedPage(t *testing.T) {
	s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept-Encoding"); got != "identity" {
			t.Errorf("the page was asked for in %q", got)
		}
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Etag", `"a"`)
		z := gzip.NewWriter(w)
		io.WriteString(z, document)
		z.Close()
	})
	answer, body := s.do("GET", "/", append(asPage, "Accept-Encoding", "gzip, br")...)
	if body != withScript || answer.Header.Get("Content-Encoding") != "" || answer.Header.Get("Etag") != `W/"a"` {
		t.Errorf("%v: %q", answer.Header, body)
	}
	x, _ := s.registry.History.Find(s.rows(1)[0].ID)
	d := x.Detail(DetailOptions{Bodies: true})
	if d.AnswerBody.Text != document {
		t.Errorf("the record has %q", d.AnswerBody.Text)
	}
	for _, want := range []Field{{"Content-Encoding", "gzip"}, {"Etag", `"a"`}} {
		if !slices.Contains(d.Answer, want) {
			t.Errorf("the record has not what the server sent, but %v", d.Answer)
		}
	}
}

// TestBrokenCoding: a page whose compressed bytes make no sense breaks off, and its
// record says so.
func TestBrokenCoding(t *testing.T) {
	s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "br")
		io.WriteString(w, "<html>")
	})
	r, _ := http.NewRequest("GET", s.url("/"), nil)
	r.Header.Set("Sec-Fetch-Dest", "document")
	if answer, err := s.client.Do(r); err == nil {
		if body, err := io.ReadAll(answer.Body); err == nil {
			t.Errorf("it became %q", body)
		}
		answer.Body.Close()
	}
	if row := s.rows(1)[0]; row.Failure.Stage != StageBody || !strings.Contains(row.Failure.Text, "brotli") {
		t.Errorf("the record has %+v", row.Failure)
	}
}

// TestHeadAlone: the head of an answer whose body is late is with the browser
// before the body.
func TestHeadAlone(t *testing.T) {
	for _, kind := range []string{"text/html", "text/event-stream", "text/plain"} {
		seen := make(chan struct{})
		s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.(http.Flusher).Flush()
			<-seen
			io.WriteString(w, "body")
		})
		r, _ := http.NewRequest("GET", s.url("/"), nil)
		r.Header.Set("Sec-Fetch-Dest", "document")
		answer, err := s.client.Do(r)
		close(seen)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(answer.Body); err != nil || !strings.HasSuffix(string(body), "body") {
			t.Errorf("%s: %q, %v", kind, body, err)
		}
		answer.Body.Close()
	}
}

// TestEarlyHintsKeepID: what goes before the answer does not take the request's id away
// from it, nor do servers' own timings.
func TestEarlyHintsKeepID(t *testing.T) {
	s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Server-Timing", "db;dur=5")
	})
	answer, _ := s.do("GET", "/")
	want := []string{`brummer;desc="r1"`, "db;dur=5"}
	if diff := cmp.Diff(want, answer.Header["Server-Timing"]); diff != "" {
		t.Error(diff)
	}
}

// TestStreaming: what the server flushes is with the browser before the server
// writes more, whatever it is.
func TestStreaming(t *testing.T) {
	for _, kind := range []string{"text/html", "text/event-stream", "text/plain"} {
		seen := make(chan struct{})
		s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			io.WriteString(w, "<html><head>first")
			w.(http.Flusher).Flush()
			<-seen
			io.WriteString(w, "second")
		})
		r, _ := http.NewRequest("GET", s.url("/"), nil)
		r.Header.Set("Sec-Fetch-Dest", "document")
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		want := "<html><head>first"
		if kind == "text/html" {
			want = "<html><head>" + scriptTag("") + "first"
		}
		first := make([]byte, len(want))
		if _, err := io.ReadFull(answer.Body, first); err != nil || string(first) != want {
			t.Errorf("%s: %q, %v", kind, first, err)
		}
		if row := s.registry.History.at(1).Row(); row.Ended || row.Status != 200 {
			t.Errorf("%s: under way it is %+v", kind, row)
		}
		close(seen)
		if rest, err := io.ReadAll(answer.Body); string(rest) != "second" || err != nil {
			t.Errorf("%s: %q, %v", kind, rest, err)
		}
		answer.Body.Close()
	}
}

// TestEarlyHints: informational answers come through, as they came.
func TestEarlyHints(t *testing.T) {
	s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</x.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		servePage(w, r)
	})
	conn, err := net.Dial("tcp", s.info.URL[7:len(s.info.URL)-1])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", conn.RemoteAddr())
	line, err := textproto.NewReader(bufio.NewReader(conn)).ReadLine()
	if err != nil || line != "HTTP/1.1 103 Early Hints" {
		t.Errorf("%q, %v", line, err)
	}
}

// TestUpgrade: a connection goes over to another protocol, both ways, and is
// seen while it lives.
func TestUpgrade(t *testing.T) {
	s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "echo")
		w.WriteHeader(http.StatusSwitchingProtocols)
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		line, _ := rw.ReadString('\n')
		io.WriteString(conn, "echo "+line)
	})
	host := strings.TrimSuffix(s.info.URL[7:], "/")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n", host, host)
	r := bufio.NewReader(conn)
	answer, err := http.ReadResponse(r, nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v", answer, err)
	}
	if row := s.registry.History.at(1).Row(); row.Ended || row.Upgrade != "echo" {
		t.Errorf("under way it is %+v", row)
	}
	io.WriteString(conn, "hello\n")
	if line, err := r.ReadString('\n'); line != "echo hello\n" {
		t.Errorf("%q, %v", line, err)
	}
	conn.Close()
	if row := s.rows(1)[0]; row.Sent != 6 || row.Received != 11 || row.Failure != (Failure{}) {
		t.Errorf("in the end it is %+v", row)
	}
}

// TestRefused: what no page of this machine sends is not passed on.
func TestRefused(t *testing.T) {
	s := newSetup(t, servePage)
	port := s.info.Port
	for _, c := range []struct {
		header []string
		ok     bool
	}{
		{[]string{"Host", fmt.Sprintf("localhost:%d", port)}, true},
		{[]string{"Host", fmt.Sprintf("web.localhost:%d", port)}, true},
		{[]string{"Host", fmt.Sprintf("[::1]:%d", port)}, true},
		{[]string{"Host", fmt.Sprintf("127.0.0.5:%d", port)}, true},
		{[]string{"Host", fmt.Sprintf("evil.example:%d", port)}, false},
		{[]string{"Host", fmt.Sprintf("localhost.evil.example:%d", port)}, false},
		{[]string{"Host", "localhost"}, false},
		{[]string{"Host", fmt.Sprintf("localhost:%d", port+1)}, false},
		{[]string{"Origin", "http://evil.example"}, true}, // the server's business
		{[]string{"Origin", "http://evil.example", "Connection", "Upgrade", "Upgrade", "websocket"}, false},
		{[]string{"Origin", fmt.Sprintf("http://localhost:%d", port), "Connection", "Upgrade", "Upgrade", "websocket"}, false},
	} {
		answer, body := s.do("GET", "/", c.header...)
		if got := answer.StatusCode != http.StatusMisdirectedRequest; got != c.ok {
			t.Errorf("%q: %d %s", c.header, answer.StatusCode, body)
		}
	}
}

// TestHostTarget: a server that wants its own name sees it everywhere, and the
// browser sees the proxy's.
func TestHostTarget(t *testing.T) {
	var got http.Header
	var host string
	s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
		got, host = r.Header, r.Host
		w.Header().Set("Location", "http://"+r.Host+"/next")
		w.Header().Add("Set-Cookie", "a=1; Domain=127.0.0.1; Path=/; HttpOnly")
		w.Header().Add("Set-Cookie", "b=2; Domain=other.example")
		w.WriteHeader(http.StatusFound)
	}, func(r *Register) { r.Host = HostTarget })
	own := strings.TrimSuffix(s.info.URL, "/")
	answer, _ := s.do("GET", "/", "Origin", own, "Referer", own+"/page?x=1", "X-Forwarded-For", "6.6.6.6")
	backend := s.backend.URL[7:]
	if host != backend || got.Get("Origin") != s.backend.URL || got.Get("Referer") != s.backend.URL+"/page?x=1" {
		t.Errorf("the server sees %s, %v", host, got)
	}
	if got.Get("X-Forwarded-Host") != own[7:] || got.Get("X-Forwarded-For") != "127.0.0.1" {
		t.Errorf("forwarded: %v", got)
	}
	if want := []string{"a=1; Path=/; HttpOnly", "b=2; Domain=other.example"}; !cmp.Equal(answer.Header["Set-Cookie"], want) {
		t.Errorf("cookies %q", answer.Header["Set-Cookie"])
	}
	if answer.Header.Get("Location") != own+"/next" {
		t.Errorf("Location %q", answer.Header.Get("Location"))
	}
}

// TestHostPreserve: without a wish Host, Origin and Location agree as they are.
func TestHostPreserve(t *testing.T) {
	var got http.Header
	var host string
	s := newSetup(t, func(w http.ResponseWriter, r *http.Request) { got, host = r.Header, r.Host })
	own := strings.TrimSuffix(s.info.URL, "/")
	s.do("POST", "/", "Origin", own)
	if "http://"+host != own || got.Get("Origin") != own || got.Get("X-Forwarded-Host") != host {
		t.Errorf("%s, %v", host, got)
	}
	if got.Get(requestHeader) != s.rows(1)[0].ID {
		t.Errorf("%s is %q", requestHeader, got.Get(requestHeader))
	}
}
