package proxy

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// HAR is an HTTP archive, version 1.2 (http://www.softwareishard.com/blog/har-12-spec/).
// Times are in milliseconds, -1 where a part does not apply or is not known.
type HAR struct {
	Log HARLog `json:"log"`
}

// HARLog is the archive's only member.
type HARLog struct {
	Version string     `json:"version"`
	Creator HARTool    `json:"creator"`
	Entries []HAREntry `json:"entries"`
}

// HARTool names a program.
type HARTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// HAREntry is one exchange.
type HAREntry struct {
	Started  string      `json:"startedDateTime"`
	Time     float64     `json:"time"`
	Request  HARRequest  `json:"request"`
	Response HARResponse `json:"response"`
	Cache    struct{}    `json:"cache"`
	Timings  HARTimings  `json:"timings"`
	Comment  string      `json:"comment,omitempty"`
}

// HARRequest is what the client sent.
type HARRequest struct {
	Method      string      `json:"method"`
	URL         string      `json:"url"`
	HTTPVersion string      `json:"httpVersion"`
	Cookies     []HARCookie `json:"cookies"`
	Headers     []HARPair   `json:"headers"`
	QueryString []HARPair   `json:"queryString"`
	PostData    *HARPost    `json:"postData,omitempty"`
	HeadersSize int         `json:"headersSize"`
	BodySize    int64       `json:"bodySize"`
}

// HARResponse is what the target answered.
type HARResponse struct {
	Status      int         `json:"status"`
	StatusText  string      `json:"statusText"`
	HTTPVersion string      `json:"httpVersion"`
	Cookies     []HARCookie `json:"cookies"`
	Headers     []HARPair   `json:"headers"`
	Content     HARContent  `json:"content"`
	RedirectURL string      `json:"redirectURL"`
	HeadersSize int         `json:"headersSize"`
	BodySize    int64       `json:"bodySize"`
}

// HARPair is a header or a parameter.
type HARPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// HARCookie is a cookie.
type HARCookie struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Path     string `json:"path,omitempty"`
	Domain   string `json:"domain,omitempty"`
	Expires  string `json:"expires,omitempty"`
	HTTPOnly bool   `json:"httpOnly,omitempty"`
	Secure   bool   `json:"secure,omitempty"`
}

// HARPost is a request's body.
type HARPost struct {
	MIMEType string    `json:"mimeType"`
	Params   []HARPair `json:"params"`
	Text     string    `json:"text"`
	Comment  string    `json:"comment,omitempty"`
}

// HARContent is an answer's body.
type HARContent struct {
	Size     int64  `json:"size"`
	MIMEType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	Comment  string `json:"comment,omitempty"`
}

// HARTimings are the parts of an entry's time.
type HARTimings struct {
	Blocked float64 `json:"blocked"`
	DNS     float64 `json:"dns"`
	Connect float64 `json:"connect"`
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
	SSL     float64 `json:"ssl"`
}

// Archive returns what the filter chooses as an HTTP archive, oldest first.
// Exchanges that are under way are left out.
func (h *History) Archive(f Filter, version string, reveal bool) HAR {
	har := HAR{HARLog{Version: "1.2", Creator: HARTool{"brummer-rpc", version}, Entries: []HAREntry{}}}
	h.mu.Lock()
	list := slices.Clone(h.list)
	h.mu.Unlock()
	for _, x := range list {
		if row := x.Row(); row.Ended && f.match(&row) {
			har.Log.Entries = append(har.Log.Entries, archived(x.Detail(DetailOptions{Bodies: true, Reveal: reveal})))
		}
	}
	return har
}

func archived(d Detail) HAREntry {
	return HAREntry{
		Started: d.Started.Format("2006-01-02T15:04:05.000Z07:00"), Time: millis(d.Timings.Total),
		Request: archivedRequest(&d), Response: archivedResponse(&d), Timings: archivedTimings(d.Timings),
		Comment: d.Failure.Text,
	}
}

func archivedRequest(d *Detail) HARRequest {
	r := HARRequest{
		Method: d.Method, URL: "http://" + d.Host + d.URL, HTTPVersion: "HTTP/1.1",
		Headers: pairs(d.Request), Cookies: []HARCookie{}, QueryString: []HARPair{},
		HeadersSize: -1, BodySize: d.RequestBody.Size,
	}
	for _, c := range (&http.Request{Header: headerOf(d.Request)}).Cookies() {
		r.Cookies = append(r.Cookies, HARCookie{Name: c.Name, Value: c.Value})
	}
	if _, query, ok := strings.Cut(d.URL, "?"); ok {
		r.QueryString = params(query)
	}
	if b := d.RequestBody; b.Size > 0 {
		kind := headerOf(d.Request).Get("Content-Type")
		r.PostData = &HARPost{MIMEType: kind, Text: b.Text, Params: []HARPair{}, Comment: b.remark()}
		if mediaType(kind) == "application/x-www-form-urlencoded" {
			r.PostData.Params = params(b.Text)
		}
	}
	return r
}

func archivedResponse(d *Detail) HARResponse {
	h := headerOf(d.Answer)
	r := HARResponse{
		Status: d.Status, StatusText: http.StatusText(d.Status), HTTPVersion: d.Proto,
		Headers: pairs(d.Answer), Cookies: []HARCookie{}, RedirectURL: h.Get("Location"),
		HeadersSize: -1, BodySize: d.AnswerBody.Size,
		Content: HARContent{MIMEType: d.Type, Text: d.AnswerBody.Text, Comment: d.AnswerBody.remark()},
	}
	r.Content.Size = int64(len(d.AnswerBody.Text))
	if d.AnswerBody.Base64 {
		r.Content.Encoding = "base64"
	}
	if d.AnswerBody.Truncated || d.AnswerBody.Missing != "" {
		r.Content.Size = d.AnswerBody.Size // of the wire's bytes: the rest was not kept
	}
	for _, c := range (&http.Response{Header: h}).Cookies() {
		cookie := HARCookie{Name: c.Name, Value: c.Value, Path: c.Path, Domain: c.Domain, HTTPOnly: c.HttpOnly, Secure: c.Secure}
		if !c.Expires.IsZero() {
			cookie.Expires = c.Expires.Format(time.RFC3339)
		}
		r.Cookies = append(r.Cookies, cookie)
	}
	return r
}

// remark says what is missing of a body.
func (b *Body) remark() string {
	switch {
	case b.Missing != "":
		return "not kept: " + b.Missing
	case b.Truncated:
		return "only the beginning was kept"
	}
	return ""
}

func archivedTimings(t Timings) HARTimings {
	out := HARTimings{Blocked: -1, DNS: millis(t.DNS), Connect: millis(t.Connect), SSL: millis(t.TLS), Send: 0}
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

func pairs(fields []Field) []HARPair {
	out := make([]HARPair, len(fields))
	for i, f := range fields {
		out[i] = HARPair(f)
	}
	return out
}

func headerOf(fields []Field) http.Header {
	h := http.Header{}
	for _, f := range fields {
		h.Add(f.Name, f.Value)
	}
	return h
}

// params lists key=value&..., in its order, also where the encoding is wrong.
func params(query string) []HARPair {
	out := []HARPair{}
	for part := range strings.SplitSeq(query, "&") {
		k, v, _ := strings.Cut(part, "=")
		if part != "" {
			out = append(out, HARPair{unescape(k), unescape(v)})
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
