package inject

import (
	"net/http"
	"slices"
	"strings"
)

// A page's Content-Security-Policy decides whether our script may run and
// report. It is never removed or made wider than that: a page must fail behind
// the proxy as it would without it.

// Script is what a policy has to let through.
type Script struct {
	Source string        // a source expression that matches the script's own address: host:port/path
	Report string        // the same of the address that it reports to
	Nonce  func() string // makes a fresh nonce, where nothing else will do
}

// policyHeaders are looked at in turn; a policy that only reports would fill the
// page's own reports with our script.
var policyHeaders = []string{"Content-Security-Policy", "Content-Security-Policy-Report-Only"}

// Allow changes the policies in h, as little as possible, so that s may run. It
// returns the nonce that the tag must carry, "" for none.
func Allow(h http.Header, s Script) (nonce string) {
	policies := map[string][]policy{}
	for _, name := range policyHeaders {
		for _, value := range h[name] {
			for part := range strings.SplitSeq(value, ",") {
				if p := parsePolicy(part); len(p) > 0 {
					policies[name] = append(policies[name], p)
				}
			}
		}
	}
	// A tag has one nonce: a policy that has one lends it to the others.
	for _, name := range policyHeaders {
		for _, p := range policies[name] {
			if nonce == "" {
				nonce = p.nonce()
			}
		}
	}
	for name, list := range policies {
		values := make([]string, len(list))
		for i, p := range list {
			p, nonce = p.allowScript(s, nonce)
			values[i] = p.allowReport(s).String()
		}
		h[name] = values
	}
	return nonce
}

// sandboxed reports whether a policy keeps every script of the page from running.
func sandboxed(h http.Header) bool {
	for _, value := range h[policyHeaders[0]] {
		for part := range strings.SplitSeq(value, ",") {
			if d := parsePolicy(part).find("sandbox"); d != nil && !slices.Contains(d.sources, "allow-scripts") {
				return true
			}
		}
	}
	return false
}

// policy is one serialized policy (CSP Level 3, section 2.2.1): directives in
// order, of which the first of a name counts.
type policy []*directive

type directive struct {
	name    string   // in lower case
	sources []string // as written
}

func parsePolicy(s string) policy {
	var p policy
	for part := range strings.SplitSeq(s, ";") {
		if words := strings.Fields(part); len(words) > 0 {
			p = append(p, &directive{strings.ToLower(words[0]), words[1:]})
		}
	}
	return p
}

func (p policy) String() string {
	parts := make([]string, len(p))
	for i, d := range p {
		parts[i] = strings.Join(append([]string{d.name}, d.sources...), " ")
	}
	return strings.Join(parts, "; ")
}

// find returns the first directive that there is of the names, nil if none is.
func (p policy) find(names ...string) *directive {
	for _, name := range names {
		for _, d := range p {
			if d.name == name {
				return d
			}
		}
	}
	return nil
}

// script is the directive that decides about script elements (CSP Level 3,
// section 6.8.3, "get the list of fallback directives").
func (p policy) script() *directive { return p.find("script-src-elem", "script-src", "default-src") }

func (p policy) nonce() string {
	d := p.script()
	if d == nil {
		return ""
	}
	for _, s := range d.sources {
		if len(s) < len(`'nonce-x'`) || !strings.EqualFold(s[:7], `'nonce-`) {
			continue
		}
		if value := s[7 : len(s)-1]; s[len(s)-1] == '\'' && !strings.ContainsFunc(value, notBase64) {
			return value
		}
	}
	return ""
}

// notBase64 tells what no nonce has, and what must not get into a tag.
func notBase64(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("+/=_-", r))
}

func (p policy) allowScript(s Script, nonce string) (policy, string) {
	d := p.script()
	if d == nil || nonce != "" && d.has("'nonce-"+nonce+"'") {
		return p, nonce
	}
	// strict-dynamic ignores every address: only a nonce helps. Elsewhere the
	// exact address does, and a nonce would switch off 'unsafe-inline'.
	if d.hasWord("'strict-dynamic'") {
		if nonce == "" {
			nonce = s.Nonce()
		}
		return p.add("script-src-elem", d, "'nonce-"+nonce+"'"), nonce
	}
	if d.open() {
		return p, nonce
	}
	return p.add("script-src-elem", d, s.Source), nonce
}

func (p policy) allowReport(s Script) policy {
	d := p.find("connect-src", "default-src")
	if d == nil || d.open() {
		return p
	}
	return p.add("connect-src", d, s.Report)
}

// add lets source through for what name stands for. d decides about that at
// present, maybe about more, which must not change: then name gets a directive
// of its own, with d's sources.
func (p policy) add(name string, d *directive, source string) policy {
	sources := slices.DeleteFunc(slices.Clone(d.sources), func(s string) bool { return strings.EqualFold(s, "'none'") })
	sources = append(sources, source)
	if d.name == name {
		d.sources = sources
		return p
	}
	return append(p, &directive{name, sources})
}

// open reports whether the page's own origin is allowed.
func (d *directive) open() bool { return d.hasWord("'self'") || d.has("*") }

func (d *directive) has(source string) bool { return slices.Contains(d.sources, source) }

// hasWord is has for a keyword, whose case does not matter.
func (d *directive) hasWord(keyword string) bool {
	return slices.ContainsFunc(d.sources, func(s string) bool { return strings.EqualFold(s, keyword) })
}
