package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// summaryLine reads the counts of runners that have no other mark.
//
//	5 examples, 2 failures, 1 pending            RSpec
//	Tests: 5, Assertions: 6, Failures: 2.        PHPUnit
//	OK (5 tests, 6 assertions)
//	3 tests, 1 failure                           ExUnit
//	5 runs, 6 assertions, 1 failures, 0 errors   minitest
func summaryLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	var sum Summary
	_, d := number(s)
	switch {
	case strings.HasPrefix(text, "Tests: ") && strings.Contains(text, "Assertions: "):
		sum.Total, _ = countAfter(text, "Tests:")
		f, _ := countAfter(text, "Failures:")
		e, _ := countAfter(text, "Errors:")
		sum.Skipped, _ = countAfter(text, "Skipped:")
		sum.Failed = f + e
		t.known(r, "phpunit")
	case strings.HasPrefix(text, "OK (") && strings.Contains(text, " assertion"):
		sum.Total, _ = countBefore(text, " test")
		t.known(r, "phpunit")
	case d > 0 && width == 0 && (strings.HasPrefix(s[d:], " examples, ") || strings.HasPrefix(s[d:], " example, ") || strings.HasPrefix(s[d:], " specs, ") || strings.HasPrefix(s[d:], " spec, ") || strings.HasPrefix(s[d:], " runs, ") || strings.HasPrefix(s[d:], " tests, ") && strings.Contains(s, " failure")):
		sum.Total, _ = number(s)
		f, _ := countBefore(s, " failure")
		e, _ := countBefore(s, " error")
		sum.Failed = f + e
		sum.Skipped, _ = countBefore(s, " pending")
		if t.framework == "" {
			t.known(r, "ticks")
		}
	default:
		return false
	}
	sum.Passed = max(0, sum.Total-sum.Failed-sum.Skipped)
	t.detail = false
	t.summary(r, sum)
	return true
}

// countSummary reads "2 failed, 1 skipped, 3 passed, 6 total" and its kin.
func (t *testRun) countSummary(r *Reader, s string) {
	var sum Summary
	sum.Passed, _ = countBefore(s, "pass")
	sum.Failed, _ = countBefore(s, "fail")
	sum.Skipped, _ = countBefore(s, "skip")
	if n, ok := countBefore(s, "pending"); ok {
		sum.Skipped += n
	}
	if n, ok := countBefore(s, "todo"); ok {
		sum.Skipped += n
	}
	if n, ok := countBefore(s, "error"); ok {
		sum.Failed += n
	}
	sum.Total, _ = countBefore(s, "total")
	t.summary(r, sum)
}

// summaryBlock is the end of a run that may go on in the next lines:
//
//	2 passing (100ms)        ℹ pass 1        1 failed
//	1 pending                ℹ fail 2          cart.spec.ts:4:3 › cart › is wrong
//	2 failing                                1 passed (5.2s)
type summaryBlock struct {
	sum   Summary
	blank int
}

func (b *summaryBlock) level() lines.Level { return lines.Trace }

func (b *summaryBlock) next(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	if s == "" {
		b.blank++
		return b.blank < 3
	}
	if strings.Contains(s, " › ") && r.tests.framework == "playwright" && !strings.HasPrefix(s, "::") {
		r.tests.flaky(r, s, b.sum)
		return true
	}
	c, ok := readCounts(s)
	if (!ok && c.kinds != countSkipped || c.kinds&countOther != 0 || c.strange > 2) && !countsOther(s) {
		return false
	}
	if !ok {
		return true
	}
	b.blank = 0
	b.add(c)
	if c.Failed > 0 {
		r.raise(lines.Error)
	}
	if r.tests.framework == "mocha" && c.kinds&countFailed != 0 {
		r.tests.over, r.tests.detail = false, c.Failed > 0
	}
	return true
}

// add takes the counts of one more line.
func (b *summaryBlock) add(c counts) {
	b.sum.Passed = max(b.sum.Passed, c.Passed)
	b.sum.Failed = max(b.sum.Failed, c.Failed)
	b.sum.Skipped += c.Skipped
	b.sum.Total = max(b.sum.Total, c.Total)
}

// countsOther: lines between the counts of a run that count what is not asked for.
func countsOther(s string) bool {
	s = strings.TrimLeft(s, "ℹ# ")
	return strings.HasPrefix(s, "cancelled ") || strings.HasPrefix(s, "todo ") || strings.HasPrefix(s, "skip") || strings.HasSuffix(s, " did not run") || strings.HasPrefix(s, "- ") || strings.HasSuffix(s, " flaky")
}

func (b *summaryBlock) close(r *Reader) {
	s := b.sum
	r.tests.lateTold(r)
	if s.Passed+s.Failed+s.Skipped == 0 && s.Total > 0 && r.tests.framework == "ticks" {
		return // it counts nothing but tests
	}
	s.Total = max(s.Total, s.Passed+s.Failed+s.Skipped)
	s.OK = s.Failed == 0
	r.found = append(r.found, Finding{Summary: &s})
}
