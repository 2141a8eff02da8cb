package proxy

import (
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/proxy/inject"
)

// requestHeader carries the id of an exchange to the server, which may log it.
const requestHeader = "X-Brummer-Request"

// rewrite makes the request for the target. Paths stay as they are, and so does
// Host, unless the target wants its own: then Origin and Referer go with it, as
// servers compare them.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	r.Out.URL.Scheme, r.Out.URL.Host = p.target.Scheme, p.target.Host
	r.Out.URL.RawQuery = r.In.URL.RawQuery // ReverseProxy has dropped what it could not parse
	r.Out.Host = r.In.Host
	x := exchangeOf(r.In.Context())
	x.sign(r.Out.Header, r.In.RemoteAddr)
	if p.options.Host == HostTarget {
		own := "http://" + r.In.Host
		r.Out.Host = p.target.Host
		moveOrigin(r.Out.Header, "Origin", own, origin(p.target))
		moveOrigin(r.Out.Header, "Referer", own, origin(p.target))
	}
	if p.options.Inject && inject.Document(r.In) {
		r.Out.Header["Accept-Encoding"] = identity[:1:1]
	}
}

// sign tells the target on whose behalf and as which request it is asked, as
// [httputil.ProxyRequest.SetXForwarded] does; ReverseProxy has removed what the
// client said of it.
func (x *Exchange) sign(h http.Header, client string) {
	h[requestHeader] = x.value(valueID)
	if ip, _, err := net.SplitHostPort(client); err == nil {
		x.values[valueClient] = ip
		h["X-Forwarded-For"] = x.value(valueClient)
	}
	h["X-Forwarded-Host"] = x.value(valueHost)
	h["X-Forwarded-Proto"] = plainHTTP[:1:1]
}

// identity and plainHTTP are shared by all requests: nobody writes to the values of a header.
var (
	identity  = []string{"identity"}
	plainHTTP = []string{"http"}
)

// answer gives back what r.Out.Host took: what the target says of itself becomes
// what the browser knows it as.
func (p *Proxy) answer(r *http.Response, own string) {
	theirs := origin(p.target)
	moves := func(k string) bool { return hasOrigin(r.Header.Get(k), theirs) }
	if !moves("Location") && !moves("Content-Location") && len(r.Header["Set-Cookie"]) == 0 {
		return
	}
	r.Header = r.Header.Clone() // the record keeps what the server sent
	moveOrigin(r.Header, "Location", theirs, own)
	moveOrigin(r.Header, "Content-Location", theirs, own)
	cookies := r.Header["Set-Cookie"]
	for i, c := range cookies {
		cookies[i] = withoutDomain(c, p.target.Hostname())
	}
}

// moveOrigin changes a header that is an address below one origin.
func moveOrigin(h http.Header, key, from, to string) {
	if v := h.Get(key); hasOrigin(v, from) {
		h.Set(key, to+v[len(from):])
	}
}

func hasOrigin(address, origin string) bool {
	if len(address) < len(origin) || !strings.EqualFold(address[:len(origin)], origin) {
		return false
	}
	rest := address[len(origin):]
	return rest == "" || strings.ContainsRune("/?#", rune(rest[0]))
}

// withoutDomain makes a cookie of the target's domain one of the host that
// answers.
func withoutDomain(cookie, host string) string {
	parts := strings.Split(cookie, ";")
	kept := slices.DeleteFunc(parts[1:], func(part string) bool {
		k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		v = strings.TrimPrefix(strings.ToLower(v), ".")
		return strings.EqualFold(k, "Domain") && (v == host || strings.HasSuffix(host, "."+v))
	})
	return strings.Join(append(parts[:1], kept...), ";")
}

// direct is the address of an exchange's request at the target itself.
func (p *Proxy) direct(requestURI string) string {
	u, err := url.ParseRequestURI(requestURI)
	if err != nil {
		return origin(p.target) + "/"
	}
	u.Scheme, u.Host = p.target.Scheme, p.target.Host
	return u.String()
}
