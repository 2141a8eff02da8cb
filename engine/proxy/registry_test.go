package proxy

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestParseTarget(t *testing.T) {
	for _, c := range []struct{ raw, want, reason string }{
		{"http://localhost:5173", "http://localhost:5173/", ""},
		{"HTTPS://LocalHost:5173/App?x=1#top", "https://localhost:5173/App?x=1", ""},
		{"http://0.0.0.0:80", "http://localhost:80/", ""},
		{"http://[::]:80/", "http://localhost:80/", ""},
		{"localhost:5173", "", "only http:// and https://"},
		{"ftp://x", "", "only http:// and https://"},
		{"http://", "", "names no host"},
		{"http://u:p@h", "", "user name"},
		{"http://h:99999", "", "port"},
		{"http://a b", "", "no URL"},
	} {
		u, err := parseTarget(c.raw)
		if c.reason != "" {
			if err == nil || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("%s: %v", c.raw, err)
			}
			continue
		}
		if err != nil || u.String() != c.want {
			t.Errorf("%s: %v, %v", c.raw, u, err)
		}
	}
}

// TestRegister: the address is there when Register returns, the same wish gives
// the same proxy, and a target gets its port again.
func TestRegister(t *testing.T) {
	r := New(Options{})
	defer r.Shutdown()
	first, err := r.Register(Register{URL: "http://localhost:1/app/", Process: "Web App"})
	if err != nil || first.URL != fmt.Sprintf("http://127.0.0.1:%d/app/", first.Port) || first.ID != "web-app" {
		t.Fatalf("%+v, %v", first, err)
	}
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", first.Port))
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if again, err := r.Register(Register{URL: "http://localhost:1/app/", Process: "Web App"}); again != first {
		t.Errorf("%+v, %v", again, err)
	}
	other, err := r.Register(Register{URL: "http://localhost:1/app/", Process: "Web App", Inject: true})
	if err != nil || other.ID != "web-app-2" {
		t.Errorf("%+v, %v", other, err)
	}
	if err := r.Unregister(other.ID); err != nil {
		t.Error(err)
	}
	if err := r.Unregister(first.ID); err != nil {
		t.Error(err)
	}
	if again, _ := r.Register(Register{URL: "http://localhost:1/app/"}); again.Port != other.Port {
		t.Errorf("port %d, not %d", again.Port, other.Port)
	}
	var missing *NotFoundError
	if err := r.Unregister("nobody"); !errors.As(err, &missing) {
		t.Error(err)
	}
}

func TestRegisterErrors(t *testing.T) {
	r := New(Options{Holder: func(port int) string { return fmt.Sprintf("pid 42 (node server.js) on %d", port) }})
	defer r.Shutdown()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	_, err = r.Register(Register{URL: "http://localhost:1", Port: port})
	if want := fmt.Sprintf("port %d is held by pid 42 (node server.js) on %d", port, port); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	own, err := r.Register(Register{URL: "http://localhost:1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Register(Register{URL: own.URL}); err == nil || !strings.Contains(err.Error(), "that is the proxy localhost-1 itself") {
		t.Error(err)
	}
	if _, err := r.Register(Register{URL: "http://localhost:1", Host: "mine"}); err == nil {
		t.Error("a strange host is taken")
	}
	for i := len(r.List()); i < maxProxies; i++ {
		if _, err := r.Register(Register{URL: fmt.Sprintf("http://localhost:%d", 1000+i)}); err != nil {
			t.Fatal(err)
		}
	}
	var limit *LimitError
	if _, err := r.Register(Register{URL: "http://localhost:999"}); !errors.As(err, &limit) {
		t.Error(err)
	}
}

// TestShared: on the shared port a proxy is found by its name.
func TestShared(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	r := New(Options{Shared: port})
	defer r.Shutdown()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello from "+r.Host) }))
	defer backend.Close()
	info, err := r.Register(Register{URL: backend.URL, Process: "web"})
	if err != nil || info.Alias != fmt.Sprintf("http://web.localhost:%d/", port) {
		t.Fatalf("%+v, %v", info, err)
	}
	for host, want := range map[string]string{"web": "hello from web.localhost", "api": `there is no proxy "api" here`} {
		q, _ := http.NewRequest("GET", fmt.Sprintf("http://127.0.0.1:%d/", port), nil)
		q.Host = fmt.Sprintf("%s.localhost:%d", host, port)
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if !strings.Contains(string(body), want) {
			t.Errorf("%s: %s", host, body)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// TestNothingLeft: when proxies end, so do their goroutines and descriptors,
// with requests under way.
func TestNothingLeft(t *testing.T) {
	count := func() (goroutines, files int) {
		entries, _ := os.ReadDir("/proc/self/fd")
		return runtime.NumGoroutine(), len(entries)
	}
	round := func() {
		s := &setup{t: t, registry: New(Options{}), client: &http.Client{Transport: &http.Transport{}}}
		begun := make(chan struct{}, 8)
		s.backend = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			begun <- struct{}{}
			<-r.Context().Done()
		}))
		for range 4 {
			info, err := s.registry.Register(Register{URL: s.backend.URL, Label: "x", Inject: len(s.registry.List())%2 == 0})
			if err != nil {
				t.Fatal(err)
			}
			go s.client.Get(info.URL)
			<-begun
		}
		s.registry.Shutdown()
		s.client.CloseIdleConnections()
		s.backend.Close()
	}
	round()
	settle := func(ok func() bool) {
		for deadline := time.Now().Add(20 * time.Second); !ok() && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
	}
	var g0, f0 int
	settle(func() bool { g, f := count(); same := g == g0 && f == f0; g0, f0 = g, f; return same })
	for range 5 {
		round()
	}
	settle(func() bool { g, f := count(); return g <= g0 && f <= f0 })
	if g, f := count(); g > g0 || f > f0 {
		buf := make([]byte, 1<<16)
		t.Errorf("%d goroutines and %d files, before it were %d and %d\n%s", g, f, g0, f0, buf[:runtime.Stack(buf, true)])
	}
}
