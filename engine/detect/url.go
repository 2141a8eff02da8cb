package detect

import (
	"bytes"
	"net/netip"
	"strconv"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// URL is an address that a line names.
type URL struct {
	Text    string // as it can be opened: 0.0.0.0 and [::] are localhost
	Host    string // without brackets
	Port    int    // the scheme's own if none is printed
	Local   bool   // a name or address of this machine
	Network bool   // printed as 0.0.0.0 or [::]: reachable from outside
	Target  bool   // somebody asked for it, so the line's process need not serve it
}

// AppendURLs appends the http and https addresses of a line to dst: those in
// its text and the targets of its terminal links.
func AppendURLs(dst []URL, l *Line) []URL {
	failed := l.Said && l.Level >= lines.Error
	text := l.Full
	for from := 0; ; {
		at := bytes.Index(text[from:], []byte("://"))
		if at < 0 {
			break
		}
		at += from
		from = at + 3
		start := at
		for start > 0 && isLetter(text[start-1]) {
			start--
		}
		raw := urlText(text[start:])
		from = max(from, start+len(raw))
		if u, ok := parseURL(raw, text[start+len(raw):]); ok {
			u.Target = failed || requestWord(text[:start])
			u.announced(text[:start])
			dst = append(dst, u)
		}
	}
	for _, link := range l.Links {
		if u, ok := parseURL([]byte(link), nil); ok {
			u.Target = failed
			dst = append(dst, u)
		}
	}
	return dst
}

// urlText cuts what can't belong to an address that b begins with: blanks,
// quotes, controls, a closing bracket without its opening one, and the
// punctuation of the sentence around it.
func urlText(b []byte) []byte {
	var round, square int
	end := len(b)
	for i, c := range b {
		switch c {
		case '(':
			round++
		case ')':
			round--
		case '[':
			square++
		case ']':
			square--
		case '"', '\'', '`', '<', '>', '\\', '{', '}', '|':
			end = i
		default:
			if c <= ' ' || c >= 0x7f {
				end = i
			}
		}
		if round < 0 || square < 0 {
			end = i
		}
		if end == i {
			break
		}
	}
	return bytes.TrimRight(b[:end], ".,;:!?*")
}

// parseURL reads scheme, host and port by hand: net/url would allocate for
// each link of each line, and is more lenient than a reader of logs may be. behind
// is the text that follows.
func parseURL(raw, behind []byte) (URL, bool) {
	scheme, rest, ok := bytes.Cut(raw, []byte("://"))
	if !ok || len(rest) == 0 {
		return URL{}, false
	}
	u := URL{Text: string(raw)}
	switch strings.ToLower(string(scheme)) {
	case "http":
		u.Port = 80
	case "https":
		u.Port = 443
	default:
		return URL{}, false
	}
	authority := rest
	if end := bytes.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	host, port := splitHost(authority)
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return URL{}, false
		}
		u.Port = int(n)
	} else if len(authority) == len(rest) && bytes.HasPrefix(behind, []byte(":")) && (len(behind) == 1 || behind[1] == ' ') {
		return URL{}, false // "http://localhost: then text": cut off before its port
	}
	u.Host = host
	return u.place(raw[len(scheme)+3+len(authority):], string(scheme), port)
}

func splitHost(authority []byte) (host, port string) {
	a := string(authority)
	if at := strings.LastIndexByte(a, '@'); at >= 0 {
		a = a[at+1:]
	}
	if end := strings.IndexByte(a, ']'); strings.HasPrefix(a, "[") && end > 0 {
		return a[1:end], strings.TrimPrefix(a[end+1:], ":")
	}
	host, port, _ = strings.Cut(a, ":")
	return host, port
}

// place judges the host, and gives an unspecified one a name that can be opened.
func (u URL) place(path []byte, scheme, port string) (URL, bool) {
	ip, err := netip.ParseAddr(u.Host)
	switch {
	case err == nil && ip.IsUnspecified():
		u.Host, u.Local, u.Network = "localhost", true, true
		u.Text = scheme + "://localhost"
		if port != "" {
			u.Text += ":" + port
		}
		u.Text += string(path)
	case err == nil:
		u.Local = ip.IsLoopback()
	case !hostName(u.Host):
		return URL{}, false
	default:
		u.Local = u.Host == "localhost" || strings.HasSuffix(u.Host, ".localhost")
	}
	return u, true
}

// announced takes an address of the local network for this machine's if the line
// introduces it so: dev servers print "Network: http://192.168.1.20:5173/".
func (u *URL) announced(before []byte) {
	ip, err := netip.ParseAddr(u.Host)
	if err != nil || !ip.IsPrivate() && !ip.IsLinkLocalUnicast() {
		return
	}
	if len(bytes.Trim(before, " \t-*>|➜│")) == 0 { // http-server lists its addresses
		u.Local, u.Network = true, true
	}
	for _, label := range []string{"etwork:", "etwork (IPv4):", "etwork (IPv6):", "xternal:", "LAN:", "On Your Network", "unning on ", "istening on "} {
		if bytes.HasSuffix(bytes.TrimRight(before, " \t"), bytes.TrimRight([]byte(label), " ")) {
			u.Local, u.Network = true, true
		}
	}
}

func hostName(h string) bool {
	for i := range len(h) {
		if c := h[i]; !isWord(c) && c != '-' && c != '.' {
			return false
		}
	}
	return h != "" && isWord(h[0])
}

// requests are words before an address that somebody asks for.
var requests = []string{"GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "HEAD ", "OPTIONS ", "upstream", "connect", "roxy", "ECONNREFUSED", "fetch", "request to", "Failed to", "failed to", "redirect"}

func requestWord(before []byte) bool {
	before = before[max(0, len(before)-60):]
	for _, w := range requests {
		if bytes.Contains(before, []byte(w)) {
			return true
		}
	}
	return false
}

// Port returns the port that a line says something listens on without an
// address: "listening on port 5050", "Tomcat started on port(s): 8080 (http)",
// "http server started on [::]:1323"; 0 if it says none.
func Port(l *Line) int {
	for _, verb := range [...]string{"istening ", "tarted on ", "unning on ", "erving ", "server on ", "eady on "} {
		at := bytes.Index(l.Text, []byte(verb))
		if at < 0 {
			continue
		}
		if n := portIn(l.Text[at+len(verb):]); n > 0 {
			return n
		}
	}
	return 0
}

// isClock reports whether a colon behind b rather stands in a time: digits come
// before it that are no IPv4 address.
func isClock(b []byte) bool {
	i := len(b)
	for i > 0 && isDigit(b[i-1]) {
		i--
	}
	return i < len(b) && (i == 0 || b[i-1] != '.')
}

// maxPortAway is how far behind the verb a port may stand: an IPv6 address fits.
const maxPortAway = 48

// portIn finds a number behind a colon or the word port.
func portIn(b []byte) int {
	b = b[:min(len(b), maxPortAway)]
	for _, key := range [...]string{"port ", "port(s): ", "port: ", ":"} {
		for from := 0; ; {
			at := bytes.Index(b[from:], []byte(key))
			if at < 0 {
				break
			}
			from += at + len(key)
			if key == ":" && isClock(b[:from-1]) {
				continue
			}
			n, d := leadingInt(b[from:])
			if d > 1 && n > 0 && n < 1<<16 && (from+d == len(b) || !isWord(b[from+d]) && b[from+d] != ':' && b[from+d] != '.') {
				return n
			}
		}
	}
	return 0
}
