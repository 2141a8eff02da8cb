package proxy

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestNobodyListens: a browser is told what is the matter, and a program too.
func TestNobodyListens(t *testing.T) {
	s := newSetup(t, servePage, func(r *Register) { r.Process = "web" })
	s.registry.o.Describe = func(process string) string { return "is starting: waits for port 5173" }
	s.backend.Close()
	answer, body := s.do("GET", "/x", asPage...)
	for _, want := range []string{"web does not answer", "is starting: waits for port 5173", "connection refused", s.backend.URL, `"/__brummer__/ready"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %q:\n%s", want, body)
		}
	}
	if answer.StatusCode != http.StatusBadGateway || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
	want := "brummer-rpc: web does not answer at " + s.backend.URL + "/: connection refused (web is starting: waits for port 5173)\n"
	if _, body := s.do("GET", "/api"); body != want {
		t.Errorf("%q, want %q", body, want)
	}
	for _, row := range s.rows(2) {
		if row.Failure != (Failure{StageDial, "connection refused"}) || row.Status != 502 {
			t.Errorf("%+v", row)
		}
	}
	s.registry.o.Describe = func(process string) string { return "has failed: exit code 1" }
	answer, body = s.do("GET", ownPath+readyName)
	if answer.StatusCode != http.StatusServiceUnavailable || body != "web has failed: exit code 1" {
		t.Errorf("ready: %d, %q", answer.StatusCode, body)
	}
	l, err := net.Listen("tcp", s.backend.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if answer, _ := s.do("GET", ownPath+readyName); answer.StatusCode != http.StatusNoContent {
		t.Errorf("ready, with a listener: %d", answer.StatusCode)
	}
}

// TestStages: the record says where an exchange broke off.
func TestStages(t *testing.T) {
	s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "half")
			w.(http.Flusher).Flush()
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			conn.Close()
		}
	})
	s.do("GET", "/header")
	answer, err := s.client.Get(s.url("/body"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(answer.Body); string(got) != "half" || err == nil {
		t.Errorf("%q, %v", got, err)
	}
	answer.Body.Close()
	rows := s.rows(2)
	if rows[0].Failure.Stage != StageHeader || rows[0].Status != 502 || rows[1].Failure.Stage != StageBody || rows[1].Received != 4 {
		t.Errorf("%+v", rows)
	}
}

// TestClientGone: a client that hangs up ends the exchange, at the server too.
func TestClientGone(t *testing.T) {
	for _, path := range []string{"/silent", "/stream"} {
		begun, ended := make(chan struct{}), make(chan struct{})
		s := newSetup(t, func(w http.ResponseWriter, r *http.Request) {
			if path == "/stream" {
				io.WriteString(w, "a")
				w.(http.Flusher).Flush()
			}
			close(begun)
			<-r.Context().Done()
			close(ended)
		})
		ctx, cancel := context.WithCancel(context.Background())
		r, _ := http.NewRequestWithContext(ctx, "GET", s.url(path), nil)
		if path == "/stream" {
			answer, err := s.client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
		} else {
			go s.client.Do(r)
			<-begun
		}
		cancel()
		<-ended
		if row := s.rows(1)[0]; row.Failure.Stage != StageClient {
			t.Errorf("%s: %+v", path, row)
		}
	}
}

// TestTLS: a certificate of one's own needs a word from the user, and then h2
// works.
func TestTLS(t *testing.T) {
	backend := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Proto)
	}))
	backend.EnableHTTP2 = true
	backend.Config.ErrorLog = nil
	backend.StartTLS()
	defer backend.Close()
	for _, insecure := range []bool{false, true} {
		s := newSetup(t, servePage, func(r *Register) { r.URL, r.Insecure = backend.URL, insecure })
		_, body := s.do("GET", "/")
		row := s.rows(1)[0]
		if insecure && (body != "HTTP/2.0" || row.Timings.TLS <= 0) {
			t.Errorf("%q, %+v", body, row)
		}
		if !insecure && (row.Failure.Stage != StageTLS || !strings.Contains(body, "insecure: true")) {
			t.Errorf("%q, %+v", body, row)
		}
	}
	s := newSetup(t, servePage, func(r *Register) { r.URL = strings.Replace(r.URL, "http:", "https:", 1) })
	if _, body := s.do("GET", "/"); !strings.Contains(body, "is it http:// rather than https://?") {
		t.Errorf("%q", body)
	}
}

// TestFailedPageEscapes: what a process or a server calls itself is text.
func TestFailedPageEscapes(t *testing.T) {
	page := failedPage("<i>a</i>", `"b"&{cause}`, "http://c/<script>", "<d>")
	for _, want := range []string{"<title>&lt;i&gt;a&lt;/i&gt;</title>", "&#34;b&#34;&amp;{cause}", "http://c/&lt;script&gt;", "&lt;d&gt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "{title}") {
		t.Error("a place was not filled")
	}
}
