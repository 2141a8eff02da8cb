package rpc

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/brummer-rpc/brummer-rpc/engine"
)

// TestDoor: who comes over TCP must show the right host and token, and must not
// be a web page. A preflight is a page's too.
func TestDoor(t *testing.T) {
	const token = "0123456789abcdef"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := l.Addr().String()
	port := host[strings.LastIndex(host, ":"):]
	serveDoor(t, l, Door{Host: host, Token: token})
	const call = `{"jsonrpc":"2.0","id":1,"method":"process/list"}`
	for _, tt := range []struct {
		name, method, path, host, authorization, origin string
		status                                          int
		want                                            string
	}{
		{"all is right", "POST", "/rpc", host, "Bearer " + token, "", 200, listAnswer},
		{"the scheme in other letters", "POST", "/rpc", host, "bearer " + token, "", 200, listAnswer},
		{"metrics", "GET", "/metrics", host, "Bearer " + token, "", 200, "brummer_logs"},
		{"no token", "POST", "/rpc", host, "", "", 401, "doctor"},
		{"no token for metrics", "GET", "/metrics", host, "", "", 401, "doctor"},
		{"no token for the protocol", "GET", "/openrpc.json", host, "", "", 401, "doctor"},
		{"no token where nothing is", "GET", "/", host, "", "", 401, "doctor"},
		{"another token", "POST", "/rpc", host, "Bearer " + token[1:], "", 401, "doctor"},
		{"a longer token", "POST", "/rpc", host, "Bearer " + token + "0", "", 401, "doctor"},
		{"another scheme", "POST", "/rpc", host, "Basic " + token, "", 401, "doctor"},
		{"only the scheme", "POST", "/rpc", host, "Bearer", "", 401, "doctor"},
		{"a name that resolves to here", "POST", "/rpc", "evil.example" + port, "Bearer " + token, "", 421, "the Host must be " + host},
		{"localhost", "POST", "/rpc", "localhost" + port, "Bearer " + token, "", 421, "the Host must be " + host},
		{"no port", "POST", "/rpc", "127.0.0.1", "Bearer " + token, "", 421, "the Host must be " + host},
		{"a web page", "POST", "/rpc", host, "Bearer " + token, "http://" + host, 403, "web pages"},
		{"a sandboxed web page", "POST", "/rpc", host, "Bearer " + token, "null", 403, "web pages"},
		{"a preflight", "OPTIONS", "/rpc", host, "", "http://" + host, 403, "web pages"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequest(tt.method, "http://"+host+tt.path, strings.NewReader(call))
			if err != nil {
				t.Fatal(err)
			}
			r.Host = tt.host
			r.Header.Set("Content-Type", "application/json")
			for name, value := range map[string]string{"Authorization": tt.authorization, "Origin": tt.origin} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err != nil || answer.StatusCode != tt.status || !strings.Contains(string(body), tt.want) {
				t.Errorf("%d %s, %v; want %d and %q", answer.StatusCode, body, err, tt.status, tt.want)
			}
			if answer.StatusCode == 401 && !strings.HasPrefix(answer.Header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("401 without a WWW-Authenticate: %v", answer.Header)
			}
			if answer.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Error("a page is allowed in")
			}
		})
	}
}

// TestDoorSpeaksOnlyHTTP: neither headers nor lines of JSON are served over TCP.
func TestDoorSpeaksOnlyHTTP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveDoor(t, l, Door{Host: l.Addr().String(), Token: "t"})
	const call = `{"jsonrpc":"2.0","id":1,"method":"process/list"}`
	for _, in := range []string{call + "\n", fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(call), call), "\r\n\r\n\r\n\r\n", "\x16\x03\x01\x00\x05"} {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, in)
		conn.(*net.TCPConn).CloseWrite()
		got, _ := io.ReadAll(conn) // a reset is as good as an answer
		conn.Close()
		if len(got) > 0 && !strings.HasPrefix(string(got), "HTTP/1.1 400 ") {
			t.Errorf("%q is answered by %q", in, got)
		}
	}
}

// TestEmptyTokenOpensNothing: a door without a token is shut.
func TestEmptyTokenOpensNothing(t *testing.T) {
	for _, authorization := range []string{"", "Bearer", "Bearer "} {
		if (Door{}).opens(authorization) {
			t.Errorf("%q opens a door without a token", authorization)
		}
	}
}

// serveDoor serves the connections to l until the test ends.
func serveDoor(t *testing.T, l net.Listener, d Door) {
	t.Helper()
	s := newServer(t, newEngine(t, engine.Options{}))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.ServeTCP(ctx, conn, d)
		}
	}()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		l.Close()
		<-done
	})
}
