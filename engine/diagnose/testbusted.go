package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// bustedLine reads Lua's busted.
//
//	Failure -> lu/cart_spec.lua @ 3
//	cart is wrong
//	1 success / 1 failure / 1 error / 0 pending : 0.000844 seconds
func bustedLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	for _, word := range []string{"Failure -> ", "Error -> "} {
		rest, ok := strings.CutPrefix(text, word)
		if !ok {
			continue
		}
		file, line, ok := strings.Cut(rest, " @ ")
		if n, d := number(line); ok && d > 0 {
			t.known(r, "busted")
			r.begin(&bustedBlock{Place{File: file, Line: n}})
			return true
		}
	}
	if !strings.Contains(text, " success") || !strings.Contains(text, " / ") || !strings.HasSuffix(text, " seconds") {
		return false
	}
	var sum Summary
	sum.Passed, _ = countBefore(text, " success")
	failed, _ := countBefore(text, " failure")
	errors, _ := countBefore(text, " error")
	sum.Failed = failed + errors
	sum.Skipped, _ = countBefore(text, " pending")
	t.known(r, "busted")
	t.summary(r, sum)
	t.over = false // the failures come behind it
	return true
}

// bustedBlock waits for the name of a failure, in the line behind its place.
type bustedBlock struct{ place Place }

func (b *bustedBlock) level() lines.Level { return lines.Error }

func (b *bustedBlock) next(r *Reader, l *detect.Line) bool {
	r.open = nil
	r.tests.emit(r, Test{Name: trim(r.text), Status: Failed, Place: b.place})
	r.tests.begin(r, trim(r.text))
	return true
}

func (b *bustedBlock) close(*Reader) {}
