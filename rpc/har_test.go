package rpc

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/brummer-rpc/brummer-rpc/engine"
	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
	"github.com/brummer-rpc/brummer-rpc/rpc/front"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// serveOddly answers in ways that an archive must stand.
func serveOddly(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/broken":
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, "this is not gzip")
	case "/binary":
		w.Write([]byte{0, 1, 2, 0xff})
	case "/large":
		io.WriteString(w, strings.Repeat("x", 2*proxy.DefaultBody))
	case "/gone":
		conn, _, _ := http.NewResponseController(w).Hijack()
		conn.Close()
	default:
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "s3cret", Path: "/", HttpOnly: true, Expires: time.Unix(1e9, 0)})
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"token":"s3cret"}`)
	}
}

// TestArchive: the archive is valid whatever has happened, and has no secrets;
// the file that is written is the same.
func TestArchive(t *testing.T) {
	backend := httptest.NewServer(http.HandlerFunc(serveOddly))
	defer backend.Close()
	e := newEngine(t, engine.Options{})
	c := connect(t, newServer(t, e), front.NDJSON)
	var registered struct{ Result wire.Proxy }
	json.Unmarshal([]byte(c.call("proxy/register", `{"url":"`+backend.URL+`"}`)), &registered)
	base := strings.TrimSuffix(registered.Result.ProxyURL, "/")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, path := range []string{"/broken", "/binary", "/large", "/gone", "/?a=1&b=%zz&token=s3cret"} {
		fetch(t, client, "GET", base+path, "", "")
	}
	fetch(t, client, "POST", base+"/form", "application/x-www-form-urlencoded", "name=x&password=s3cret")
	const entries = 6
	for deadline := time.Now().Add(patience); len(e.Proxy.History.Ended(proxy.Filter{}, proxy.DetailOptions{})) < entries; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the requests don't end")
		}
	}
	var answer struct{ Result json.RawMessage }
	if err := json.Unmarshal([]byte(c.call("proxy/har", `{}`)), &answer); err != nil {
		t.Fatal(err)
	}
	checkHAR(t, answer.Result)
	if bytes.Contains(answer.Result, []byte("s3cret")) {
		t.Errorf("there is a secret: %.200s", answer.Result[max(0, bytes.Index(answer.Result, []byte("s3cret"))-100):])
	}
	var har wire.HAR
	json.Unmarshal(answer.Result, &har)
	if len(har.Log.Entries) != entries {
		t.Fatalf("%d entries", len(har.Log.Entries))
	}
	form := har.Log.Entries[5].Request.PostData
	if diff := cmp.Diff(&wire.HARPost{MIMEType: "application/x-www-form-urlencoded", Text: "name=x&password=***", Params: []wire.HARPair{{Name: "name", Value: "x"}, {Name: "password", Value: "***"}}}, form); diff != "" {
		t.Error(diff)
	}
	if c := har.Log.Entries[2].Response.Content; c.Size != 2*proxy.DefaultBody || len(c.Text) != proxy.DefaultBody || c.Comment == "" {
		t.Errorf("%d bytes, %d kept, %q", c.Size, len(c.Text), c.Comment)
	}
	if c := har.Log.Entries[1].Response.Content; c.Encoding != "base64" || c.Text != "AAEC/w==" {
		t.Errorf("%+v", c)
	}
	c.call("proxy/har", `{"path":"all.har"}`)
	file, err := os.ReadFile(filepath.Join(e.Root, "all.har"))
	if diff := cmp.Diff(string(answer.Result), string(file)); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func fetch(t *testing.T, client *http.Client, method, url, contentType, body string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", "sid=s3cret")
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
}

// checkHAR validates an archive against the specification.
func checkHAR(t *testing.T, raw []byte) {
	t.Helper()
	file, err := os.ReadFile("testdata/har-1.2.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(file, &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatal(err)
	}
	if err := resolved.Validate(value); err != nil {
		t.Errorf("%v\n%.2000s", err, raw)
	}
}
