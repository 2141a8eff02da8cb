package proxy

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"time"
)

// Edit says what is different when a request is sent again. Nil and zero leave
// things as they were.
type Edit struct {
	Method string
	URL    string            // path and query
	Header map[string]string // set, or removed if ""
	Body   *string
}

// replayTimeout bounds how long an answer to a replay may take: it may be a
// stream that never ends.
const replayTimeout = 30 * time.Second

// Replay sends a request again, to the target of its proxy and nowhere else, and
// returns once it has been answered. The errors are
// [*UnknownRequestError], [*ReplayError] and the context's.
func (r *Registry) Replay(ctx context.Context, id string, edit Edit) (Row, error) {
	x, err := r.History.Find(id)
	if err != nil {
		return Row{}, err
	}
	p := r.find(func(p *Proxy) bool { return p.id == x.Proxy })
	if p == nil {
		return Row{}, &ReplayError{id, "its proxy " + x.Proxy + " is gone"}
	}
	ctx, cancel := context.WithTimeout(ctx, replayTimeout)
	defer cancel()
	request, err := x.again(ctx, edit)
	if err != nil {
		return Row{}, err
	}
	again := p.forward(&discard{header: http.Header{}}, request, id)
	return again.Row(), context.Cause(ctx)
}

// again makes the request anew.
func (x *Exchange) again(ctx context.Context, edit Edit) (*http.Request, error) {
	payload, err := x.payload(edit)
	if err != nil {
		return nil, err
	}
	method, uri := x.Method, x.URL
	if edit.Method != "" {
		method = edit.Method
	}
	if edit.URL != "" {
		uri = edit.URL
	}
	u, err := url.ParseRequestURI(uri)
	if err != nil || u.Host != "" || uri[0] != '/' {
		return nil, &ReplayError{x.ID(), "the URL must be a path and a query, such as /api?page=2"}
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+x.Host()+uri, bytes.NewReader(payload))
	if err != nil {
		return nil, &ReplayError{x.ID(), err.Error()}
	}
	// ReverseProxy wants it as a server receives it.
	r.URL.Scheme, r.URL.Host, r.RequestURI, r.RemoteAddr = "", "", uri, "127.0.0.1:0"
	r.Header = x.request.Clone()
	for _, k := range []string{"Content-Length", "Connection", "Upgrade", "If-None-Match", "If-Modified-Since"} {
		r.Header.Del(k)
	}
	for k, v := range edit.Header {
		if v == "" {
			r.Header.Del(k)
		} else {
			r.Header.Set(k, v)
		}
	}
	return r, nil
}

// payload is the body to send.
func (x *Exchange) payload(edit Edit) ([]byte, error) {
	if edit.Body != nil {
		return []byte(*edit.Body), nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.outcome.upgrade != "":
		return nil, &ReplayError{x.ID(), "its connection went over to " + x.outcome.upgrade}
	case int64(x.sent.length) < x.sent.size:
		return nil, &ReplayError{x.ID(), "its body was not kept whole: give one in edit.body"}
	}
	return x.sent.bytes(), nil
}

// discard is a client that reads everything and keeps nothing: the answer is in
// the record.
type discard struct{ header http.Header }

// Header implements [http.ResponseWriter].
func (d *discard) Header() http.Header { return d.header }

// Write implements [http.ResponseWriter].
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader implements [http.ResponseWriter].
func (d *discard) WriteHeader(int) {}
