package detect

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// FuzzURLs: whatever a line holds, an address that is found in it can be opened,
// and says of itself what it says inside the line.
func FuzzURLs(f *testing.F) {
	for _, line := range []string{
		"  ➜  Local:   http://localhost:5173/",
		"Listening on http://0.0.0.0:8080.",
		"up at http://[::]:4000/path(1), see (https://nextjs.org/docs)",
		"http://user:pass@127.0.0.1:81/?q=[a]#b",
		"\x1b]8;;http://[::1]:80/\x1b\\link\x1b]8;;\x1b\\ https://é.example:443/ü",
		"http://localhost: then text http://localhost:/ http://localhost:99999 http://:80",
		"GET http://192.168.1.20:5173/%20|x",
		"FILE://x HTTP://EXAMPLE.com:8080/a://b",
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		for _, u := range AppendURLs(nil, new(Scanner).Scan(line)) {
			checkURL(t, u)
		}
	})
}

func checkURL(t *testing.T, u URL) {
	t.Helper()
	if u.Host == "" || u.Port < 1 || u.Port > 65535 {
		t.Fatalf("%+v has no host or port", u)
	}
	scheme := strings.ToLower(u.Text[:max(0, strings.Index(u.Text, "://"))])
	if scheme != "http" && scheme != "https" {
		t.Fatalf("%+v is neither http nor https", u)
	}
	if ip, err := netip.ParseAddr(u.Host); err == nil && ip.IsUnspecified() {
		t.Fatalf("%+v can't be opened", u)
	}
	if u.Network && !u.Local {
		t.Fatalf("%+v is reachable from the network, but not this machine's", u)
	}
	if strings.ContainsAny(u.Text, " \t\x1b\"<>`{}|\\") {
		t.Fatalf("%+v holds what ends an address", u)
	}
	if parsed, err := url.Parse(u.Text); err == nil && !strings.EqualFold(parsed.Hostname(), u.Host) {
		t.Fatalf("%+v: net/url has the host %q", u, parsed.Hostname())
	}
}
