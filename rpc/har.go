package rpc

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy"
	"github.com/brummer-rpc/brummer-rpc/rpc/wire"
)

// archive puts exchanges into an HTTP archive.
func archive(list []proxy.Detail, version string) wire.HAR {
	har := wire.HAR{Log: wire.HARLog{Version: "1.2", Creator: wire.HARTool{Name: "brummer-rpc", Version: version}, Entries: []wire.HAREntry{}}}
	for _, d := range list {
		har.Log.Entries = append(har.Log.Entries, archived(d))
	}
	return har
}

func archived(d proxy.Detail) wire.HAREntry {
	return wire.HAREntry{
		Started: d.Started.Format("2006-01-02T15:04:05.000Z07:00"), Time: millis(d.Timings.Total),
		Request: archivedRequest(&d), Response: archivedResponse(&d), Timings: archivedTimings(d.Timings),
		Comment: d.Failure.Text,
	}
}

func archivedRequest(d *proxy.Detail) wire.HARRequest {
	r := wire.HARRequest{
		Method: d.Method, URL: "http://" + d.Host + d.URL, HTTPVersion: "HTTP/1.1",
		Headers: pairs(d.Request), Cookies: []wire.HARCookie{}, QueryString: []wire.HARPair{},
		HeadersSize: -1, BodySize: d.RequestBody.Size,
	}
	for _, c := range (&http.Request{Header: headerOf(d.Request)}).Cookies() {
		r.Cookies = append(r.Cookies, wire.HARCookie{Name: c.Name, Value: c.Value})
	}
	if _, query, ok := strings.Cut(d.URL, "?"); ok {
		r.QueryString = params(query)
	}
	if b := d.RequestBody; b.Size > 0 {
		kind := headerOf(d.Request).Get("Content-Type")
		r.PostData = &wire.HARPost{MIMEType: kind, Text: b.Text, Params: []wire.HARPair{}, Comment: remark(b)}
		if mediaType(kind) == "application/x-www-form-urlencoded" {
			r.PostData.Params = params(b.Text)
		}
	}
	return r
}

func archivedResponse(d *proxy.Detail) wire.HARResponse {
	h := headerOf(d.Answer)
	r := wire.HARResponse{
		Status: d.Status, StatusText: http.StatusText(d.Status), HTTPVersion: d.Proto,
		Headers: pairs(d.Answer), Cookies: []wire.HARCookie{}, RedirectURL: h.Get("Location"),
		HeadersSize: -1, BodySize: d.AnswerBody.Size,
		Content: wire.HARContent{MIMEType: d.Type, Text: d.AnswerBody.Text, Comment: remark(d.AnswerBody)},
	}
	r.Content.Size = int64(len(d.AnswerBody.Text))
	if d.AnswerBody.Base64 {
		r.Content.Encoding = "base64"
	}
	if d.AnswerBody.Truncated || d.AnswerBody.Missing != "" {
		r.Content.Size = d.AnswerBody.Size // of the wire's bytes: the rest was not kept
	}
	for _, c := range (&http.Response{Header: h}).Cookies() {
		cookie := wire.HARCookie{Name: c.Name, Value: c.Value, Path: c.Path, Domain: c.Domain, HTTPOnly: c.HttpOnly, Secure: c.Secure}
		if !c.Expires.IsZero() {
			cookie.Expires = c.Expires.Format(time.RFC3339)
		}
		r.Cookies = append(r.Cookies, cookie)
	}
	return r
}

// remark says what is missing of a body.
func remark(b proxy.Body) string {
	switch {
	case b.Missing != "":
		return "not kept: " + b.Missing
	case b.Truncated:
		return "only the beginning was kept"
	}
	return ""
}

func archivedTimings(t proxy.Timings) wire.HARTimings {
	out := wire.HARTimings{Blocked: -1, DNS: millis(t.DNS), Connect: millis(t.Connect), SSL: millis(t.TLS), Send: 0}
	before := max(t.DNS, 0) + max(t.Connect, 0) + max(t.TLS, 0)
	if t.Connect >= 0 && t.TLS >= 0 {
		out.Connect = millis(t.Connect + t.TLS) // the format counts the handshake into both
	}
	if t.TTFB >= 0 {
		out.Wait = millis(max(0, t.TTFB-before))
		out.Receive = millis(max(0, t.Total-t.TTFB))
	} else {
		out.Wait = millis(max(0, t.Total-before))
	}
	return out
}

func millis(d time.Duration) float64 {
	if d < 0 {
		return -1
	}
	return float64(d.Microseconds()) / 1000
}

func pairs(fields []proxy.Field) []wire.HARPair {
	out := make([]wire.HARPair, len(fields))
	for i, f := range fields {
		out[i] = wire.HARPair(f)
	}
	return out
}

func headerOf(fields []proxy.Field) http.Header {
	h := http.Header{}
	for _, f := range fields {
		h.Add(f.Name, f.Value)
	}
	return h
}

// params lists key=value&..., in its order, also where the encoding is wrong.
func params(query string) []wire.HARPair {
	out := []wire.HARPair{}
	for part := range strings.SplitSeq(query, "&") {
		k, v, _ := strings.Cut(part, "=")
		if part != "" {
			out = append(out, wire.HARPair{Name: unescape(k), Value: unescape(v)})
		}
	}
	return out
}

func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

// mediaType is a Content-Type without its parameters.
func mediaType(contentType string) string {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return strings.TrimSpace(contentType)
	}
	return kind
}
