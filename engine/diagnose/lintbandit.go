package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// banditBlock is one issue of bandit's.
type banditBlock struct {
	p Problem
	n int
}

func banditIssue(r *Reader, s string) *banditBlock {
	b := &banditBlock{p: Problem{Severity: Warning, Source: "bandit", At: r.at, ref: r.ref(), Message: s}}
	if code, message, ok := strings.Cut(strings.TrimPrefix(s, "["), "] "); ok && s[0] == '[' {
		b.p.Code, _, _ = strings.Cut(code, ":")
		b.p.Message = message
	}
	return b
}

func (b *banditBlock) level() lines.Level { return b.p.Severity.level() }

func (b *banditBlock) next(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	b.n++
	if b.n > 12 || b.p.File != "" {
		return false
	}
	switch {
	case strings.HasPrefix(s, "Severity: High"):
		b.p.Severity = Error
	case strings.HasPrefix(s, "Severity: Low"):
		b.p.Severity = Information
	}
	if where, ok := strings.CutPrefix(s, "Location: "); ok {
		b.p.Place, _ = colonPlace(where)
		if b.p.Col > 0 || strings.HasSuffix(where, ":0") {
			b.p.Col++ // it counts columns from 0
		}
	}
	return true
}

func (b *banditBlock) close(r *Reader) {
	if b.p.File != "" {
		r.problem(b.p)
	}
}
