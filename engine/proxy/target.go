package proxy

import (
	"net"
	"net/url"
	"strconv"
	"strings"
)

// parseTarget reads the address of a server. What is behind the host is kept for
// the address that is given back: paths are never changed on the way.
func parseTarget(raw string) (*url.URL, error) {
	bad := func(reason string) (*url.URL, error) { return nil, &TargetError{raw, reason} }
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return bad("it is no URL, such as http://localhost:5173")
	case u.Scheme != "http" && u.Scheme != "https":
		return bad("only http:// and https:// can be forwarded to")
	case u.Hostname() == "":
		return bad("it names no host")
	case u.User != nil:
		return bad("it has a user name or password, which don't belong into an address")
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
			return bad("its port is not within 1 and 65535")
		}
	}
	u.Host = strings.ToLower(u.Host)
	switch u.Hostname() {
	case "0.0.0.0", "::":
		u.Host = withPort("localhost", u.Port()) // that is where servers listen, not where they are
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}

func withPort(host, port string) string {
	if port == "" {
		return host
	}
	return net.JoinHostPort(host, port)
}

// portOf is the port of a parsed target.
func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// origin is scheme://host:port of a URL as a browser writes it in Origin.
func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

// isLocal reports whether a host name is this machine's own by definition:
// localhost and what is below it (RFC 6761, section 6.3), and loopback addresses.
func isLocal(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}
