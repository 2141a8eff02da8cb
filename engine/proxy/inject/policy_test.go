package inject

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAllow: a policy lets our script run and report, and nothing else that it
// did not let before.
func TestAllow(t *testing.T) {
	ours := Script{Source: "h:1/t.js", Report: "h:1/e", Nonce: func() string { return "FRESH" }}
	for _, c := range []struct{ name, policy, want, nonce string }{
		{"none", "", "", ""},
		{"nothing about scripts", "img-src *", "img-src *", ""},
		{"self", "script-src 'self'; connect-src 'self'", "script-src 'self'; connect-src 'self'", ""},
		{"star", "default-src *", "default-src *", ""},
		{"case", "SCRIPT-SRC 'SELF'", "script-src 'SELF'", ""},
		{"elsewhere", "script-src https://cdn", "script-src https://cdn; script-src-elem https://cdn h:1/t.js", ""},
		{"script-src 'none'", "script-src 'none'", "script-src 'none'; script-src-elem h:1/t.js", ""},
		{"default-src 'none'", "default-src 'none'", "default-src 'none'; script-src-elem h:1/t.js; connect-src h:1/e", ""},
		{"unsafe-inline stays in force", "script-src 'unsafe-inline'", "script-src 'unsafe-inline'; script-src-elem 'unsafe-inline' h:1/t.js", ""},
		{"nonce", "script-src 'nonce-abc'", "script-src 'nonce-abc'", "abc"},
		{"strict-dynamic with a nonce", "script-src 'strict-dynamic' 'nonce-a+/_-='", "script-src 'strict-dynamic' 'nonce-a+/_-='", "a+/_-="},
		{"strict-dynamic with a hash", "script-src 'strict-dynamic' 'sha256-x'", "script-src 'strict-dynamic' 'sha256-x'; script-src-elem 'strict-dynamic' 'sha256-x' 'nonce-FRESH'", "FRESH"},
		{"script-src-elem", "script-src 'self'; script-src-elem a", "script-src 'self'; script-src-elem a h:1/t.js", ""},
		{"connect-src", "connect-src https://api", "connect-src https://api h:1/e", ""},
		{"connect-src 'none'", "connect-src 'none'", "connect-src h:1/e", ""},
		{"the first directive counts", "script-src a; script-src 'self'", "script-src a; script-src 'self'; script-src-elem a h:1/t.js", ""},
		{"a nonce that is none", `script-src 'nonce-"><b>'`, `script-src 'nonce-"><b>'; script-src-elem 'nonce-"><b>' h:1/t.js`, ""},
		{
			"two policies, one nonce", "script-src 'nonce-abc', script-src 'strict-dynamic' 'nonce-def'",
			"script-src 'nonce-abc' | script-src 'strict-dynamic' 'nonce-def'; script-src-elem 'strict-dynamic' 'nonce-def' 'nonce-abc'", "abc",
		},
		{"two policies", "default-src 'self', script-src b", "default-src 'self' | script-src b; script-src-elem b h:1/t.js", ""},
	} {
		for _, name := range policyHeaders {
			h := http.Header{}
			if c.policy != "" {
				h.Set(name, c.policy)
			}
			nonce := Allow(h, ours)
			if got := strings.Join(h[name], " | "); got != c.want || nonce != c.nonce {
				t.Errorf("%s in %s: %q, nonce %q; want %q, %q", c.name, name, got, nonce, c.want, c.nonce)
			}
		}
	}
}

// TestAllowBoth: the nonce that the enforced policy has is the tag's, and the
// one that reports gets it too.
func TestAllowBoth(t *testing.T) {
	h := http.Header{
		policyHeaders[0]: {"script-src 'strict-dynamic' 'nonce-a'"},
		policyHeaders[1]: {"script-src 'strict-dynamic'"},
	}
	nonce := Allow(h, Script{Nonce: func() string { return "FRESH" }})
	want := http.Header{
		policyHeaders[0]: {"script-src 'strict-dynamic' 'nonce-a'"},
		policyHeaders[1]: {"script-src 'strict-dynamic'; script-src-elem 'strict-dynamic' 'nonce-a'"},
	}
	if diff := cmp.Diff(want, h); diff != "" || nonce != "a" {
		t.Errorf("nonce %q, %s", nonce, diff)
	}
}
