//go:build unix

package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestHTTP: the workspace socket speaks HTTP to who does, by the same rules as to
// a script's pipe.
func TestHTTP(t *testing.T) {
	w := newShared(t)
	w.run("", "serve", "--detach")
	socket := w.socket()
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
	}}
	defer client.CloseIdleConnections()
	for _, tt := range []struct {
		name, method, path, body string
		header                   http.Header
		status                   int
		want                     string // in the answer
	}{
		{"a call on several lines", "POST", "/rpc", "{\"jsonrpc\":\"2.0\",\n\"id\":7,\n\"method\":\"process/list\"}", nil, 200, `{"jsonrpc":"2.0","id":7,"result":{"processes":[],"revision":0}}`},
		{"a batch", "POST", "/rpc", `[{"jsonrpc":"2.0","id":1,"method":"process/list"},{"jsonrpc":"2.0","id":2,"method":"nonsense"}]`, nil, 200, `-32601`},
		{"a notification", "POST", "/rpc", `{"jsonrpc":"2.0","method":"initialized"}`, nil, 204, ""},
		{"no JSON", "POST", "/rpc", `{`, nil, 200, `-32700`},
		{"an unknown parameter", "POST", "/rpc", `{"jsonrpc":"2.0","id":1,"method":"process/list","params":{"x":1}}`, nil, 200, `"path":"/x"`},
		{"characters of HTML stay", "POST", "/rpc", `{"jsonrpc":"2.0","id":1,"method":"process/status","params":{"id":"<&>"}}`, nil, 200, `<&>`},
		{"a subscription", "POST", "/rpc", `{"jsonrpc":"2.0","id":1,"method":"logs/subscribe"}`, nil, 200, `session.noPush`},
		{"another content type", "POST", "/rpc", `{}`, http.Header{"Content-Type": {"text/plain"}}, 415, "application/json"},
		{"a web page", "POST", "/rpc", `{}`, http.Header{"Origin": {"http://example.com"}}, 403, "refused"},
		{"metrics", "GET", "/metrics", "", nil, 200, "brummer_logs_lines_total"},
		{"the protocol", "GET", "/openrpc.json", "", nil, 200, `"openrpc"`},
		{"nothing there", "GET", "/", "", nil, 404, ""},
		{"no POST", "GET", "/rpc", "", nil, 405, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequest(tt.method, "http://workspace"+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			for k, v := range tt.header {
				r.Header[k] = v
			}
			answer, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err != nil || answer.StatusCode != tt.status || !strings.Contains(string(body), tt.want) {
				t.Errorf("%d %s, %v; want %d and %q", answer.StatusCode, body, err, tt.status, tt.want)
			}
		})
	}
}
