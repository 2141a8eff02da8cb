package inject

import (
	"maps"
	"net/http"
	"testing"
)

// TestTouches: a header that Touches lets pass is one that neither Allow nor
// Rewritten changes, so that it need not be copied for them; any one that they
// would change is not.
func TestTouches(t *testing.T) {
	script := Script{Source: "localhost:1/t.js", Report: "localhost:1/e", Nonce: func() string { return "n" }}
	for name, value := range map[string]string{
		"Content-Type": "text/html", "Set-Cookie": "a=b", "X-Etag": "1", "Vary": "Accept-Encoding",
		"Digest": "x", "Content-Digest": "x", "Repr-Digest": "x", "Content-Md5": "x", "Accept-Ranges": "bytes", "Etag": `"x"`,
		"Content-Encoding": "gzip", "Content-Length": "5", "Content-Security-Policy": "script-src 'none'",
		"Content-Security-Policy-Report-Only": "script-src 'none'",
	} {
		h := http.Header{name: {value}}
		before := h.Clone()
		touches := Touches(h)
		Allow(h, script)
		length := int64(-1)
		if name == "Content-Length" {
			length = 5
		}
		Rewritten(&http.Response{Header: h, ContentLength: length}, 10, name == "Content-Encoding")
		changed := !maps.EqualFunc(before, h, func(a, b []string) bool { return len(a) == len(b) && a[0] == b[0] })
		if changed != touches {
			t.Errorf("%s: changed %v, said to be %v", name, changed, touches)
		}
	}
}
