package diagnose

import "strings"

// gtestLine reads GoogleTest and CTest.
//
//	[  FAILED  ] Suite.Case (0 ms)
//	 1/3 Test #1: name .............***Failed    0.01 sec
func gtestLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	for _, v := range []verdictWord{{"[       OK ] ", Passed}, {"[  FAILED  ] ", Failed}, {"[  SKIPPED ] ", Skipped}} {
		status := v.status
		rest, ok := strings.CutPrefix(text, v.text)
		if !ok {
			continue
		}
		name, ms := cutDuration(rest)
		name, _, _ = strings.Cut(name, ", where ")
		if name == "" || strings.Contains(name, " ") || isDigit(name[0]) {
			return true // "3 tests, listed below:"
		}
		t.known(r, "gtest")
		c := Test{Name: name, Status: status, DurationMs: ms}
		if b := r.ctx.bare; status == Failed && b.at > 0 && r.at-b.at <= 3 { // CMocka's
			c.Place = b.Place
		}
		t.emit(r, c)
		return true
	}
	_, rest, ok := strings.Cut(s, " Test ")
	_, rest, ok2 := strings.Cut(rest, ": ")
	if !ok || !ok2 || !strings.Contains(s, "/") || !strings.HasSuffix(s, " sec") {
		return false
	}
	name, _, _ := strings.Cut(rest, " ")
	status := Passed
	switch {
	case strings.Contains(rest, "***Skipped") || strings.Contains(rest, "***Not Run"):
		status = Skipped
	case strings.Contains(rest, "***"):
		status = Failed
	case !strings.Contains(rest, " Passed "):
		return false
	}
	t.known(r, "ctest")
	t.emit(r, Test{Name: name, Status: status})
	return true
}
