package proxy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Curl returns a command that sends a request again, to the target itself.
// Secrets are covered unless reveal.
func (r *Registry) Curl(id string, reveal bool) (string, error) {
	x, err := r.History.Find(id)
	if err != nil {
		return "", err
	}
	d := x.Detail(DetailOptions{Bodies: true, Reveal: reveal})
	address := "http://" + x.Host() + d.URL
	insecure := false
	if p := r.find(func(p *Proxy) bool { return p.id == x.Proxy }); p != nil {
		address, insecure = p.direct(d.URL), p.options.Insecure
	}
	x.mu.Lock()
	whole, payload := int64(x.sent.length) == x.sent.size, x.sent.bytes()
	x.mu.Unlock()
	if !whole {
		return "", &ReplayError{id, "its body was not kept whole"}
	}
	if !reveal && utf8.Valid(payload) {
		payload = []byte(redactBody(x.request.Get("Content-Type"), string(payload)))
	}
	words := []string{"curl", quote(address)}
	if d.Method != "GET" || len(payload) > 0 {
		words = append(words, "-X", quote(d.Method))
	}
	if insecure {
		words = append(words, "--insecure")
	}
	return strings.Join(append(words, curlRest(d.Request, payload)...), " "), nil
}

// notForCurl are headers that curl makes by itself.
var notForCurl = []string{"Content-Length", "Connection", "Accept-Encoding"}

func curlRest(header []Field, payload []byte) (words []string) {
	for _, f := range header {
		if f.Name == "Accept-Encoding" {
			words = append(words, "--compressed")
		}
		if !slices.Contains(notForCurl, f.Name) {
			words = append(words, "-H", quote(f.Name+": "+f.Value))
		}
	}
	if len(payload) > 0 {
		words = append(words, "--data-binary", quote(string(payload)))
	}
	return words
}

// quote makes a word of a POSIX shell; what is no text becomes $'...' of bash,
// zsh and ksh.
func quote(s string) string {
	plain := func(r rune) bool {
		return r < utf8.RuneSelf && (r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("-./:=@%+,", r))
	}
	switch {
	case s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0:
		return s
	case utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }):
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(s) {
		if c := s[i]; c >= ' ' && c < 0x7f && c != '\'' && c != '\\' {
			b.WriteByte(c)
		} else {
			b.WriteString(`\x` + string(hex[c>>4]) + string(hex[c&15]))
		}
	}
	return b.String() + "'"
}
