package inject

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDocument(t *testing.T) {
	for _, c := range []struct {
		method string
		header http.Header
		want   bool
	}{
		{"GET", http.Header{"Sec-Fetch-Dest": {"document"}}, true},
		{"GET", http.Header{"Sec-Fetch-Dest": {"iframe"}}, true},
		{"GET", http.Header{"Sec-Fetch-Dest": {"empty"}, "Accept": {"text/html"}}, false},
		{"POST", http.Header{"Sec-Fetch-Dest": {"document"}}, false},
		{"HEAD", http.Header{"Accept": {"text/html"}}, false},
		{"GET", http.Header{"Accept": {"text/html,*/*"}}, true},
		{"GET", http.Header{"Accept": {"text/html"}, "X-Requested-With": {"XMLHttpRequest"}}, false},
		{"GET", http.Header{"Accept": {"*/*"}}, false},
	} {
		if got := Document(&http.Request{Method: c.method, Header: c.header}); got != c.want {
			t.Errorf("%s %v: %v", c.method, c.header, got)
		}
	}
}

func TestSkip(t *testing.T) {
	page := &http.Request{Method: "GET", Header: http.Header{"Sec-Fetch-Dest": {"document"}}}
	fetch := &http.Request{Method: "GET", Header: http.Header{"Sec-Fetch-Dest": {"empty"}}}
	html := func(more ...string) http.Header {
		h := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
		for i := 0; i < len(more); i += 2 {
			h.Set(more[i], more[i+1])
		}
		return h
	}
	for _, c := range []struct {
		request *http.Request
		status  int
		header  http.Header
		want    string
	}{
		{page, 200, html(), ""},
		{page, 404, html(), ""},
		{page, 500, html("Content-Encoding", "br"), ""},
		{page, 200, html("Content-Encoding", "identity"), ""},
		{fetch, 200, html(), "not a page load"},
		{page, 304, html(), "status Not Modified"},
		{page, 204, html(), "status No Content"},
		{page, 206, html(), "a part of a document"},
		{page, 200, html("Content-Range", "bytes 0-1/2"), "a part of a document"},
		{page, 200, html("Content-Disposition", "Attachment; filename=x"), "a download"},
		{page, 200, html("Cache-Control", "public, No-Transform"), "Cache-Control: no-transform"},
		{page, 200, html("Content-Security-Policy", "sandbox allow-forms"), "its policy is a sandbox without scripts"},
		{page, 200, html("Content-Security-Policy", "sandbox allow-scripts"), ""},
		{page, 200, html("Content-Encoding", "gzip, br"), "unknown Content-Encoding gzip, br"},
		{page, 200, html("Content-Encoding", "lzma"), "unknown Content-Encoding lzma"},
		{page, 200, html("Content-Type", "text/html; charset=UTF-16LE"), "charset utf-16le"},
		{page, 200, html("Content-Type", "application/json"), "Content-Type application/json"},
		{page, 200, html("Content-Type", "text/html; charset"), "a Content-Type that makes no sense"},
		{page, 200, http.Header{}, "no Content-Type"},
	} {
		if got := Skip(c.request, &http.Response{StatusCode: c.status, Header: c.header}); got != c.want {
			t.Errorf("%d %v: %q, want %q", c.status, c.header, got, c.want)
		}
	}
}

// TestRewritten: headers that speak of the body's bytes stay true.
func TestRewritten(t *testing.T) {
	before := func() http.Header {
		return http.Header{
			"Content-Length": {"100"}, "Content-Encoding": {"br"}, "Etag": {`"a"`}, "Accept-Ranges": {"bytes"},
			"Content-Digest": {"x"}, "Content-Md5": {"x"}, "X-Other": {"y"},
		}
	}
	for _, c := range []struct {
		length  int64
		decoded bool
		want    http.Header
	}{
		{100, false, http.Header{"Content-Length": {"130"}, "Content-Encoding": {"br"}, "Etag": {`W/"a"`}, "X-Other": {"y"}}},
		{100, true, http.Header{"Etag": {`W/"a"`}, "X-Other": {"y"}}},
		{-1, false, http.Header{"Content-Encoding": {"br"}, "Etag": {`W/"a"`}, "X-Other": {"y"}}},
	} {
		r := &http.Response{ContentLength: c.length, Header: before()}
		Rewritten(r, 30, c.decoded)
		if diff := cmp.Diff(c.want, r.Header); diff != "" {
			t.Errorf("%d, decoded %v: -want +got\n%s", c.length, c.decoded, diff)
		}
	}
}
