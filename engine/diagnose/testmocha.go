package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// dotReporter is node --test's: dots, and in the end ticks of what has failed.
const dotReporter = "node, dots"

// mochaLine reads mocha's counts, and the titles of its failures behind them.
func mochaLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if text == "Failed tests:" && len(t.held) > 0 { // @hapi/lab, which prints them as mocha does
		t.known(r, "mocha")
		t.detail = true
		return true
	}
	if text == "Failed tests:" && t.framework == "" && len(t.verdicts) == 0 {
		t.framework = dotReporter
		return true
	}
	n, d := number(s)
	if d == 0 {
		return false
	}
	if of, ok := strings.CutPrefix(s[d:], " of "); ok && width == 0 { // @hapi/lab
		if total, d := number(of); d > 0 && of[d:] == " tests failed" {
			t.summary(r, Summary{Failed: n, Total: total, Passed: total - n})
			return true
		}
	}
	if width < 2 || width > 6 {
		return false
	}
	rest, _ := cutDuration(s[d:])
	switch rest {
	case " passing":
		t.known(r, "mocha")
		t.summary(r, Summary{Passed: n})
	case " pending":
		return t.framework == "mocha"
	case " failing":
		t.known(r, "mocha")
		t.summary(r, Summary{Failed: n})
		t.over, t.detail = false, n > 0
	default:
		return t.framework == "mocha" && t.detail && strings.HasPrefix(s[d:], ") ") && t.mochaTitle(r, s[d+2:])
	}
	return true
}

func (t *testRun) mochaTitle(r *Reader, s string) bool {
	if name, ok := strings.CutSuffix(s, ":"); ok {
		t.emit(r, Test{Name: name, Status: Failed})
		t.begin(r, name)
		return true
	}
	r.begin(&titleBlock{parts: []string{s}})
	return true
}

// titleBlock is the title of a failure over several lines, the last of which
// ends with a colon.
type titleBlock struct{ parts []string }

func (b *titleBlock) level() lines.Level { return lines.Trace }

func (b *titleBlock) next(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	if s == "" || len(b.parts) > 10 {
		return false
	}
	if name, ok := strings.CutSuffix(s, ":"); ok {
		name = strings.Join(append(b.parts, name), " ")
		r.open = nil
		r.tests.emit(r, Test{Name: name, Status: Failed})
		r.tests.begin(r, name)
		return true
	}
	b.parts = append(b.parts, s)
	return true
}

func (b *titleBlock) close(*Reader) {}
