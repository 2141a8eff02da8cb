package diagnose

import (
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// pytestLine reads pytest's verdicts, the sections of its failures and its
// summary.
//
//	tests/test_a.py::test_x PASSED                [ 50%]
//	______________ test_missing[plum] ______________
//	E           KeyError: 'plum'
//	inventory.py:13: KeyError
//	FAILED tests/test_a.py::test_x - AssertionError: text
//	=========== 3 failed, 2 passed in 0.16s ===========
func pytestLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if inner, ok := fenced(text, '='); ok {
		return t.pytestFence(r, inner)
	}
	if strings.HasPrefix(text, "Test session starts (") {
		t.known(r, "pytest")
		t.seen, t.over, t.section, t.py = nil, false, "", pyNotes{}
		return true
	}
	if t.framework != "pytest" {
		return false
	}
	if name, ok := fenced(text, '_'); ok && strings.Trim(name, "_ ") != "" {
		return t.pytestSection(r, name)
	}
	if name := trim(strings.Trim(text, "―")); strings.HasPrefix(text, "―――") && name != "" { // pytest-sugar
		return t.pytestSection(r, name)
	}
	if strings.HasPrefix(text, "Results (") {
		r.begin(&summaryBlock{sum: Summary{Framework: "pytest", At: r.at}})
		return true
	}
	if t.pytestQuietEnd(r, text) {
		return true
	}
	if rest, ok := strings.CutPrefix(s, "E  "); ok && width == 0 {
		if note := t.py.note(t.section); note != nil && note.Message == "" {
			note.Message = clean(rest)
		}
		r.raise(Error.level())
		return true
	}
	if t.pytestVerdict(r, text) {
		return true
	}
	if p, n := colonPlace(text); n > 0 && strings.HasPrefix(text[n:], ":") && t.section != "" && p.Col == 0 {
		if note := t.py.note(t.section); note != nil && inApp(p.File) {
			p.Unit = Runes
			note.Place = p
		}
		return true
	}
	return false
}

// pytestSection opens the details of a failure. A file that can't be imported is
// no test: what is wrong there is a problem of the program.
func (t *testRun) pytestSection(r *Reader, name string) bool {
	for _, p := range []string{"ERROR at setup of ", "ERROR at teardown of "} {
		name = strings.TrimPrefix(name, p)
	}
	t.section, t.py.now = name, nil
	if file, ok := strings.CutPrefix(name, "ERROR collecting "); ok {
		t.section = ""
		r.begin(&collectBlock{trace: r.began("python", head{at: r.at}), file: file})
	}
	return true
}

// collectBlock is why pytest can't import a file of tests:
//
//	___________ ERROR collecting tests/test_a.py ___________
//	tests/test_a.py:1: in <module>
//	    import shop
//	E   ModuleNotFoundError: No module named 'shop'
type collectBlock struct {
	trace
	file string
}

func (b *collectBlock) next(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	if _, fence := fenced(s, '='); fence || b.n > maxBlock {
		return false
	}
	if _, fence := fenced(s, '_'); fence && strings.Contains(s, "ERROR collecting ") {
		return false
	}
	if p, n := colonPlace(s); n > 0 {
		if _, fn, ok := strings.Cut(s[n:], ": in "); ok || s[n:] == ":" {
			p.Unit = Runes
			b.frame(Frame{Place: p, Func: fn})
		}
	}
	if rest, ok := strings.CutPrefix(s, "E  "); ok {
		b.raised(trim(rest))
	}
	if s == "" {
		return true
	}
	return b.took(r)
}

// raised takes a line of the exception: the first that has a type, or else the
// place of a syntax error.
func (b *collectBlock) raised(s string) {
	if f, ok := pythonFrame(s); ok {
		b.frame(f)
	}
	if typ, message, ok := errorHead(s); ok {
		b.s.Type, b.s.Message = typ, message
	}
}

func (b *collectBlock) close(r *Reader) {
	slices.Reverse(b.s.Frames) // the innermost comes last
	b.finish(r)
}

// pytestQuietEnd reads the counts without rulers that -q prints:
// "5 failed, 4 passed, 1 error in 0.08s".
func (t *testRun) pytestQuietEnd(r *Reader, text string) bool {
	counts, took, ok := strings.Cut(text, " in ")
	if !ok || !isDigit(text[0]) || !strings.HasSuffix(took, "s") && !strings.HasSuffix(took, ")") {
		return false
	}
	for part := range strings.SplitSeq(counts, ", ") {
		_, d := number(part)
		switch trim(part[d:]) {
		case "passed", "failed", "error", "errors", "skipped", "deselected", "xfailed", "xpassed", "warning", "warnings":
		default:
			return false
		}
	}
	t.pytestRest(r)
	t.countSummary(r, counts)
	return true
}

// fenced returns what stands between rulers: "==== text ====".
func fenced(s string, c byte) (string, bool) {
	if len(s) < 8 || s[0] != c || s[2] != c || s[len(s)-1] != c {
		return "", false
	}
	inner := trim(strings.Trim(s, string(c)))
	return inner, inner != ""
}

func (t *testRun) pytestFence(r *Reader, inner string) bool {
	switch {
	case inner == "test session starts":
		t.known(r, "pytest")
		t.seen, t.over, t.section, t.py = nil, false, "", pyNotes{}
		return true
	case inner == "FAILURES" || inner == "ERRORS" || inner == "short test summary info": // -q prints no beginning
		t.known(r, "pytest")
		t.section = ""
		return true
	case t.framework != "pytest":
		return false
	case inner == "warnings summary":
		t.section = ""
		return true
	}
	if strings.Contains(inner, " in ") && (strings.Contains(inner, "passed") || strings.Contains(inner, "failed") || strings.Contains(inner, "error") || strings.Contains(inner, "skipped")) {
		t.pytestRest(r)
		t.countSummary(r, inner)
		return true
	}
	return false
}

// pytestVerdict reads "FAILED path::name - text", "path::name PASSED [ 50%]" and
// xdist's "[gw0] [ 50%] PASSED path::name".
func (t *testRun) pytestVerdict(r *Reader, text string) bool {
	if in, rest, ok := strings.Cut(text, "] "); ok && strings.HasPrefix(in, "[gw") {
		text = rest
	}
	if in, rest, ok := strings.Cut(text, "%] "); ok && strings.HasPrefix(in, "[") && len(in) < 6 {
		text = trim(rest)
	}
	word, rest, _ := strings.Cut(text, " ")
	if status, ok := pytestStatus(word); ok && strings.Contains(rest, "::") {
		name, message, _ := strings.Cut(rest, " - ")
		t.pytestCase(r, name, status, message)
		return true
	}
	at := strings.Index(text, "::")
	if at < 0 {
		return false
	}
	body, _, _ := strings.Cut(text, " [")
	fields := strings.Fields(body)
	for i := len(fields) - 1; i > 0; i-- {
		if status, ok := pytestStatus(fields[i]); ok {
			t.pytestCase(r, strings.Join(fields[:i], " "), status, "")
			return true
		}
	}
	return false
}

func pytestStatus(word string) (Status, bool) {
	switch word {
	case "PASSED", "XFAIL", "XPASS":
		return Passed, true
	case "FAILED", "ERROR":
		return Failed, true
	case "SKIPPED":
		return Skipped, true
	}
	return 0, false
}

func (t *testRun) pytestCase(r *Reader, name string, status Status, message string) {
	c := Test{Name: name, Status: status, Message: message}
	if file, _, _ := strings.Cut(name, "::"); isPath(file) {
		c.Place.File = file
	}
	if status == Failed {
		if n := t.py.take(name); n != nil {
			if n.Place.File != "" {
				c.Place = n.Place
			}
			if message == "" {
				c.Message = n.Message
			}
		}
	}
	t.emit(r, c)
}
