package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// matchDocument takes the reports that tools write as one document, in a line
// or over many: JSON and XML. What is in them is read when they end, by its
// shape and not by the tool's name; see [Reader.jsonReport], [Reader.xmlReport].
//
//	[{"filePath":"/p/a.js","messages":[{"line":1,...}]}]     eslint, ruff, pylint, shellcheck, ...
//	{"numFailedTests":2,...,"testResults":[...]}             jest, vitest
//	<testsuite name="Mocha Tests" tests="5" ...>             JUnit's form
func matchDocument(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	switch {
	case s == "":
		return false
	case s[0] == '{' || s[0] == '[' && (len(s) == 1 || s[1] == '{'):
		b := &documentBlock{read: (*Reader).jsonReport, text: []byte(s), json: true}
		if b.depth(s); b.open > 0 && (len(s) == 1 || l.Class&detect.Structured != 0) {
			r.begin(b)
			return true
		}
		return b.open == 0 && r.jsonReport([]byte(s))
	}
	if s[0] != '<' {
		return false
	}
	if strings.HasPrefix(s, "<?xml") && strings.HasSuffix(s, "?>") {
		r.begin(&xmlHead{})
		return true
	}
	return r.xmlRoot(s)
}

// xmlRoots are the elements around reports.
var xmlRoots = []string{"testsuites", "testsuite", "checkstyle", "phpcs", "pmd", "lint", "jslint", "issues"}

// xmlHead is the line that says a document is XML: its root is in the next.
type xmlHead struct{}

func (*xmlHead) level() lines.Level { return lines.Trace }

func (b *xmlHead) next(r *Reader, l *detect.Line) bool {
	r.open = nil
	return r.xmlRoot(trim(r.text))
}

func (*xmlHead) close(*Reader) {}

// xmlRoot begins the document whose root is in s, and reads it if it ends there.
func (r *Reader) xmlRoot(s string) bool {
	for _, root := range xmlRoots {
		at := strings.Index(s, "<"+root)
		if at < 0 || at > 0 && !strings.HasPrefix(s, "<?xml") || isWordAt(s, at+1+len(root)) {
			continue
		}
		if end := "</" + root + ">"; !strings.Contains(s, end) {
			r.begin(&documentBlock{ends: end, read: (*Reader).xmlReport, text: []byte(s)})
			return true
		}
		return r.xmlReport([]byte(s))
	}
	return false
}

func isWordAt(s string, i int) bool { return i < len(s) && isWord(s[i]) }

// documentBlock is a document over several lines.
type documentBlock struct {
	read func(r *Reader, text []byte) bool
	text []byte
	ends string // of XML
	json bool
	open int // brackets
	n    int
}

// maxDocument is how much of a document is kept: more is let go, unread.
const maxDocument = 1 << 20

func (b *documentBlock) level() lines.Level { return lines.Trace }

func (b *documentBlock) next(r *Reader, l *detect.Line) bool {
	b.n++
	s := trim(r.text)
	if len(b.text)+len(r.text) > maxDocument || b.json && !b.goesOn(s) {
		return false
	}
	b.text = append(append(b.text, '\n'), r.text...)
	if b.json && b.open == 0 || !b.json && strings.HasSuffix(s, b.ends) {
		r.open = nil
		b.read(r, b.text)
	}
	return true
}

// goesOn reports whether JSON can go on with s, and follows its brackets. Behind a
// bracket alone comes a key or an object: programs print objects for people, too.
func (b *documentBlock) goesOn(s string) bool {
	switch {
	case s == "":
		return b.n > 1
	case b.n == 1 && len(b.text) == 1 && s[0] != '"' && s[0] != '{' || strings.IndexByte(`"{}[]-0123456789tfn`, s[0]) < 0:
		return false
	}
	b.depth(s)
	return b.open >= 0
}

// depth counts the brackets of s that stand outside its strings. JSON has no
// string over two lines.
func (b *documentBlock) depth(s string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			b.open++
		case c == '}' || c == ']':
			b.open--
		}
	}
}

// close: the document did not end.
func (b *documentBlock) close(*Reader) {}

// reportedCase tells of a case of a report. A failure's text has its frames.
func (t *testRun) reportedCase(r *Reader, c Test, text string) {
	if c.Status != Failed {
		c.Place, c.Message = Place{}, ""
		t.emit(r, c)
		return
	}
	if c.Message == "" {
		c.Message = firstLineOf(text)
	}
	for line := range strings.SplitSeq(text, "\n") {
		if c.Place.File != "" {
			break
		}
		s := trim(line)
		if f, _, ok := atFrame(" " + s); ok && f.Line > 0 && inApp(f.File) {
			c.Place = f.Place
		} else if p, n := colonPlace(strings.TrimPrefix(s, "❯ ")); n > 0 && inApp(p.File) {
			c.Place = p
		}
	}
	t.emit(r, c)
}

func firstLineOf(s string) string {
	s, _, _ = strings.Cut(strings.TrimLeft(s, " \t\r\n"), "\n")
	return s
}

// count adds one case to a report's summary.
func (s *Summary) count(status Status) {
	switch status {
	case Passed:
		s.Passed++
	case Failed:
		s.Failed++
	default:
		s.Skipped++
	}
}
