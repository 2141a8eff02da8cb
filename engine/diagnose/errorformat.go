package diagnose

import (
	"fmt"
	"regexp"
	"strings"
)

// errorFormat is Vim's 'errorformat', compiled to our own form: the patterns are
// tried in order, the first that matches a line has it.
type errorFormat struct{ entries []vimEntry }

// vimEntry is one comma-separated part of an errorformat.
type vimEntry struct {
	re     *regexp.Regexp
	fields []byte // the item of each group: f, l, c, ...
	kind   byte   // E, W, I, N, A begin a message; C goes on, Z ends; G is general; 0 is a line of its own
	ignore bool   // %-: match, and say nothing
}

// vimRun is a message over several lines that is under way.
type vimRun struct {
	m   *userMatcher
	got map[string]string
	at  uint64 // the line that it began in
}

// compileErrorFormat compiles the items that Vim's documentation lists under
// error-file-format, but for those that keep a stack of folders: %D, %X, %O, %P
// and %Q are refused.
func compileErrorFormat(formats []string) (*errorFormat, error) {
	f := &errorFormat{}
	for _, line := range formats {
		for _, part := range splitFormat(line) {
			e, err := compileVimEntry(part)
			if err != nil {
				return nil, fmt.Errorf("errorformat %q: %w", part, err)
			}
			f.entries = append(f.entries, e)
		}
	}
	return f, nil
}

// splitFormat splits at commas that have no backslash before them.
func splitFormat(s string) (parts []string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == ',':
			b.WriteByte(',')
			i++
		case s[i] == ',':
			parts = append(parts, b.String())
			b.Reset()
		default:
			b.WriteByte(s[i])
		}
	}
	if b.Len() > 0 {
		parts = append(parts, b.String())
	}
	return parts
}

// vimItems are the items and what they match.
var vimItems = map[byte]string{
	'f': `(\S+?|\S.*?)`, 'l': `(\d+)`, 'e': `(\d+)`, 'c': `(\d+)`, 'k': `(\d+)`, 'v': `(\d+)`, 'n': `(\d+)`, 't': `(\w)`,
	'm': `(.+)`, 'p': `([-\s^~]*)`, 'r': `(.*)`, 's': `(.+?)`, 'o': `(\S+)`,
}

func compileVimEntry(s string) (e vimEntry, err error) {
	if rest, ok := strings.CutPrefix(s, "%"); ok && len(rest) > 0 {
		i := 0
		if rest[0] == '-' || rest[0] == '+' {
			e.ignore = rest[0] == '-'
			i++
		}
		if i < len(rest) && strings.IndexByte("EWINACZG", rest[i]) >= 0 {
			e.kind = rest[i]
			s = rest[i+1:]
		} else if i > 0 {
			return e, fmt.Errorf("%%%s does not begin a message", rest[:min(2, len(rest))])
		}
	}
	var b strings.Builder
	b.WriteString("^")
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteString(regexp.QuoteMeta(s[i : i+1]))
			continue
		}
		if i++; i == len(s) {
			return e, fmt.Errorf("a %% at the end")
		}
		n, err := e.item(&b, s[i:])
		if err != nil {
			return e, err
		}
		i += n - 1
	}
	b.WriteString("$")
	e.re, err = regexp.Compile(b.String())
	return e, err
}

// item writes one item, and says how long it is.
func (e *vimEntry) item(b *strings.Builder, s string) (int, error) {
	c := s[0]
	if re, ok := vimItems[c]; ok {
		b.WriteString(re)
		e.fields = append(e.fields, c)
		return 1, nil
	}
	switch c {
	case '%':
		b.WriteString("%")
	case '.', '#', '^', '$', '~', '[', ']', '\\':
		if c == '\\' { // %\d: Vim's own pattern
			if len(s) < 2 {
				return 0, fmt.Errorf("a backslash at the end")
			}
			b.WriteString(vimPattern(s[1]))
			return 2, nil
		}
		if c == '#' {
			b.WriteString("*")
		} else {
			b.WriteByte(c)
		}
	case '*': // %*[^0-9] or %*\d: skip
		if len(s) > 2 && s[1] == '[' {
			end := strings.IndexByte(s[2:], ']')
			if end < 0 {
				return 0, fmt.Errorf("%%*[ has no end")
			}
			b.WriteString(s[1:end+3] + "+")
			return end + 3, nil
		}
		if len(s) > 2 && s[1] == '\\' {
			b.WriteString(vimPattern(s[2]) + "+")
			return 3, nil
		}
		return 0, fmt.Errorf("%%* wants [ or a backslash behind it")
	default:
		return 0, fmt.Errorf("%%%c is not supported", c)
	}
	return 1, nil
}

func vimPattern(c byte) string {
	switch c {
	case 'd', 's', 'S', 'w', 'D', 'W':
		return `\` + string(c)
	case '+', '?', '|', '(', ')', '.':
		return string(c)
	}
	return regexp.QuoteMeta(string(c))
}

var vimFields = map[byte]string{'f': "file", 'l': "line", 'e': "endLine", 'c': "column", 'v': "column", 'k': "endColumn", 'n': "code", 't': "severity", 'm': "message"}

// tryVim gives a line to an errorformat.
func (u *userState) tryVim(r *Reader, m *userMatcher, text string) {
	for i := range m.vim.entries {
		e := &m.vim.entries[i]
		groups := e.re.FindStringSubmatch(text)
		if groups == nil {
			continue
		}
		got := map[string]string{}
		for g, c := range e.fields {
			if c == 'p' {
				got["column"] = fmt.Sprint(len(groups[g+1]) + 1)
			} else if field := vimFields[c]; field != "" {
				got[field] = trim(groups[g+1])
			}
		}
		u.vimLine(r, m, e, got)
		return
	}
}

func (u *userState) vimLine(r *Reader, m *userMatcher, e *vimEntry, got map[string]string) {
	at := -1
	for i := range u.vim {
		if u.vim[i].m == m {
			at = i
		}
	}
	switch e.kind {
	case 0, 'G':
		if !e.ignore {
			m.report(r, got, false, r.at)
		}
	case 'C', 'Z':
		if at < 0 {
			return
		}
		u.vim[at].add(got, e.ignore)
		if e.kind == 'Z' {
			u.vim[at].finish(r)
			u.vim = append(u.vim[:at], u.vim[at+1:]...)
		}
	default:
		if at >= 0 {
			u.vim[at].finish(r)
			u.vim = append(u.vim[:at], u.vim[at+1:]...)
		}
		if got["severity"] == "" && e.kind != 'A' {
			got["severity"] = strings.ToLower(string(e.kind))
		}
		if !e.ignore && len(u.vim) < maxRuns {
			u.vim = append(u.vim, vimRun{m, got, r.at})
		}
	}
}

func (v *vimRun) add(got map[string]string, ignore bool) {
	for field, value := range got {
		switch {
		case field != "message":
			v.got[field] = value
		case !ignore:
			v.got[field] = strings.TrimPrefix(v.got[field]+"\n"+value, "\n")
		}
	}
}

func (v *vimRun) finish(r *Reader) { v.m.report(r, v.got, false, v.at) }
