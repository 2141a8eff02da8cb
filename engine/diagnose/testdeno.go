package diagnose

import "strings"

// denoLine reads Deno's runner, whose plain verdicts are cargo's: the steps of a test,
// the list of where they are, and the end.
//
//	sums ...
//	  whole ... ok (0ms)
//	sums ... parts => ./cart_test.ts:5:11
//	FAILED | 2 passed (1 step) | 2 failed (1 step) | 1 ignored (19ms)
func denoLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if t.framework != "deno" {
		return false
	}
	if name, ok := strings.CutSuffix(s, " ..."); ok {
		t.enter(width, name)
		return true
	}
	if name, where, ok := strings.Cut(text, " => "); ok {
		if p, n := colonPlace(strings.TrimPrefix(where, "./")); n > 0 && inApp(p.File) {
			t.placeOf(r, strings.ReplaceAll(name, " ... ", " > "), p)
			return true
		}
		return false
	}
	if strings.HasPrefix(text, "FAILED | ") || strings.HasPrefix(text, "ok | ") {
		var sum Summary
		sum.Passed, _ = countBefore(text, " passed")
		sum.Failed, _ = countBefore(text, " failed")
		sum.Skipped, _ = countBefore(text, " ignored")
		t.suites = nil
		t.summary(r, sum)
		return true
	}
	name, verdict, ok := strings.Cut(s, " ... ")
	status, known := cargoStatus(verdict)
	if !ok || !known || width == 0 {
		return false
	}
	t.leave(width)
	_, ms := cutDuration(verdict)
	t.emit(r, Test{Name: t.path(width, name, " > "), Status: status, DurationMs: ms})
	return true
}
