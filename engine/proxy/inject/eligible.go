package inject

import (
	"mime"
	"net/http"
	"slices"
	"strings"
)

// Document reports whether a request asks for a page that a browser is going to
// show, not for a part of one. Browsers say so (Fetch Metadata, W3C); of others
// what they accept is looked at.
func Document(r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	if dest := r.Header.Get("Sec-Fetch-Dest"); dest != "" {
		return dest == "document" || dest == "iframe" || dest == "frame"
	}
	return strings.Contains(r.Header.Get("Accept"), "text/html") && r.Header.Get("X-Requested-With") == ""
}

// Skip says why a response must pass untouched, in a few words for people; ""
// if its body may get a tag. request is the client's own.
func Skip(request *http.Request, response *http.Response) string {
	h := response.Header
	switch {
	case !Document(request):
		return "not a page load"
	case response.StatusCode < 200 || slices.Contains(bodiless, response.StatusCode):
		return "status " + http.StatusText(response.StatusCode)
	case response.StatusCode == http.StatusPartialContent || h.Get("Content-Range") != "":
		return "a part of a document"
	case strings.HasPrefix(strings.ToLower(h.Get("Content-Disposition")), "attachment"):
		return "a download"
	case hasToken(h["Cache-Control"], "no-transform"):
		return "Cache-Control: no-transform"
	case sandboxed(h):
		return "its policy is a sandbox without scripts"
	}
	if coding := Coding(h); !Decodable(coding) {
		return "unknown Content-Encoding " + coding
	}
	return skipType(h.Get("Content-Type"))
}

// bodiless are the answers that have no body, or none of a document's own.
var bodiless = []int{http.StatusNoContent, http.StatusResetContent, http.StatusNotModified}

func skipType(contentType string) string {
	if strings.EqualFold(contentType, "text/html; charset=utf-8") || strings.EqualFold(contentType, "text/html") {
		return "" // as nearly all are: parsing allocates
	}
	kind, params, err := mime.ParseMediaType(contentType)
	switch {
	case contentType == "":
		return "no Content-Type"
	case err != nil:
		return "a Content-Type that makes no sense"
	case kind != "text/html":
		return "Content-Type " + kind
	}
	charset := strings.ToLower(params["charset"])
	for _, wide := range []string{"utf-16", "utf-32", "ucs-2", "ucs-4", "iso-10646"} {
		if strings.Contains(charset, wide) {
			return "charset " + charset
		}
	}
	return ""
}

// hasToken reports whether a comma separated header has a token.
func hasToken(values []string, token string) bool {
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}

// bodily are the headers that speak of a body's bytes, but for its length, tag and
// coding.
var bodily = []string{"Digest", "Content-Digest", "Repr-Digest", "Content-Md5", "Accept-Ranges"}

// Touches reports whether [Allow] or [Rewritten] have anything to change in a header.
func Touches(h http.Header) bool {
	for _, list := range [][]string{bodily, policyHeaders, {"Etag", "Content-Encoding", "Content-Length"}} {
		for _, k := range list {
			if len(h[k]) > 0 {
				return true
			}
		}
	}
	return false
}

// Rewritten corrects the headers of a response whose body gets size more bytes,
// and was decoded or not. What was true of the body's bytes no longer is.
func Rewritten(response *http.Response, size int, decoded bool) {
	h := response.Header
	for _, k := range bodily {
		h.Del(k)
	}
	if tag := h.Get("Etag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		h.Set("Etag", "W/"+tag)
	}
	if decoded {
		h.Del("Content-Encoding")
	}
	if decoded || response.ContentLength < 0 {
		h.Del("Content-Length")
		response.ContentLength = -1
		return
	}
	response.ContentLength += int64(size)
	h.Set("Content-Length", itoa(response.ContentLength))
}
