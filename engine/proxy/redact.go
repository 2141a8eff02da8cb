package proxy

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// redacted stands where a secret was.
const redacted = "***"

// secretKey tells the names of headers, query keys, form fields and members of
// JSON whose values are nobody else's business. Cookies and Authorization always
// are.
var secretKey = regexp.MustCompile(`(?i)token|secret|passw|api[-_]?key|csrf|xsrf|credential|session[-_]?id|auth`)

// redactHeader returns h with its secrets covered. Names of cookies stay.
func redactHeader(h http.Header) http.Header {
	out := h.Clone()
	for k, values := range out {
		switch {
		case k == "Cookie":
			coverEach(values, redactCookies)
		case k == "Set-Cookie":
			coverEach(values, redactSetCookie)
		case k == "Authorization" || k == "Proxy-Authorization":
			coverEach(values, redactScheme)
		case k == "Location" || k == "Referer" || k == "Content-Location":
			coverEach(values, redactURL)
		case secretKey.MatchString(k):
			coverEach(values, func(string) string { return redacted })
		}
	}
	return out
}

func coverEach(values []string, cover func(string) string) {
	for i, v := range values {
		values[i] = cover(v)
	}
}

// redactScheme leaves the scheme of an Authorization: "Bearer ***".
func redactScheme(v string) string {
	if scheme, _, ok := strings.Cut(v, " "); ok {
		return scheme + " " + redacted
	}
	return redacted
}

func redactCookies(v string) string {
	parts := strings.Split(v, ";")
	for i, part := range parts {
		if k, _, ok := strings.Cut(part, "="); ok {
			parts[i] = k + "=" + redacted
		}
	}
	return strings.Join(parts, ";")
}

func redactSetCookie(v string) string {
	pair, attributes, _ := strings.Cut(v, ";")
	if attributes != "" {
		attributes = ";" + attributes
	}
	return redactCookies(pair) + attributes
}

// redactURL covers what the query of an address says under a secret's name.
func redactURL(address string) string {
	head, query, ok := strings.Cut(address, "?")
	if !ok || !secretKey.MatchString(query) {
		return address
	}
	query, fragment, hasFragment := strings.Cut(query, "#")
	out := head + "?" + redactForm(query)
	if hasFragment {
		out += "#" + fragment
	}
	return out
}

// redactForm does the same for key=value&..., which a body may be too.
func redactForm(form string) string {
	parts := strings.Split(form, "&")
	for i, part := range parts {
		k, _, ok := strings.Cut(part, "=")
		name, err := url.QueryUnescape(k)
		if ok && (err != nil || secretKey.MatchString(name)) {
			parts[i] = k + "=" + redacted
		}
	}
	return strings.Join(parts, "&")
}

// secretMember is a member of JSON text, as far as a value that is a string or a
// number. The text may be cut off, so it is not parsed.
var secretMember = regexp.MustCompile(`("(?:[^"\\]|\\.)*")(\s*:\s*)("(?:[^"\\]|\\.)*"?|[-+.0-9eE]+)`)

// redactBody does it for the text of a body.
func redactBody(contentType, text string) string {
	switch {
	case strings.HasPrefix(contentType, "application/x-www-form-urlencoded"):
		return redactForm(text)
	case strings.Contains(contentType, "json"):
		return secretMember.ReplaceAllStringFunc(text, func(member string) string {
			m := secretMember.FindStringSubmatch(member)
			if !secretKey.MatchString(m[1]) {
				return member
			}
			return m[1] + m[2] + `"` + redacted + `"`
		})
	}
	return text
}
