package process

import (
	"net/url"
	"regexp"
	"strings"
)

// masked stands for a value that is not shown.
const masked = "***"

// secretKey is in the names of variables that hold secrets.
var secretKey = regexp.MustCompile(`(?i)(secret|token|passw|passphrase|passwd|credential|private|auth|cookie|session|signature|salt|dsn|api_?key|access_?key|(^|_)(key|keys|pass|pwd|pin|cert|jwt|otp)(_|$))`)

// Vars returns the variables that files, the definition and the call have set for
// the process, but not the environment of a client. Unless reveal, values are
// masked where the name of the variable sounds secret, and so are passwords in
// URLs.
func (p *Process) Vars(reveal bool) map[string]string {
	p.mu.Lock()
	vars := p.spec.Vars
	p.mu.Unlock()
	out := make(map[string]string, len(vars))
	for _, v := range vars {
		key, value, _ := strings.Cut(v, "=")
		if !reveal {
			value = mask(key, value)
		}
		out[key] = value
	}
	return out
}

func mask(key, value string) string {
	switch {
	case value == "":
		return ""
	case secretKey.MatchString(key):
		return masked
	case strings.Contains(value, "://"):
		return maskURL(value)
	}
	return value
}

// maskURL hides the password of a URL; of what has one and can't be read,
// everything.
func maskURL(value string) string {
	if !strings.Contains(value, "@") {
		return value
	}
	u, err := url.Parse(value)
	if err != nil {
		return masked
	}
	if _, has := u.User.Password(); !has {
		return value
	}
	u.User = url.User(u.User.Username())
	name, rest, _ := strings.Cut(u.String(), "@")
	return name + ":" + masked + "@" + rest
}
