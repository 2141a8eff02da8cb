package diagnose

import "strings"

// unittestLine reads Python's unittest, and Django's runner.
//
//	test_boom (test_unit.TestMath.test_boom) ... ERROR
//	FAIL: test_list (test_unit.TestMath.test_list)
//	FAILED (failures=2, errors=1, skipped=1)
func unittestLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if name, verdict, ok := strings.Cut(s, " ... "); ok && t.unittestCase(r, name, verdict) {
		return true
	}
	for _, word := range []string{"FAIL: ", "ERROR: ", "UNEXPECTED SUCCESS: "} {
		name, ok := strings.CutPrefix(text, word)
		ruler, _ := r.before.back(1)
		if !ok || !strings.HasPrefix(string(ruler), "======") || strings.HasPrefix(name, "setUp") {
			continue
		}
		t.known(r, "unittest")
		t.section = unittestName(name)
		t.emit(r, Test{Name: t.section, Status: Failed})
		r.raise(Error.level())
		return true
	}
	if rest, ok := strings.CutPrefix(text, "Ran "); ok && strings.Contains(rest, " test") && strings.Contains(rest, " in ") && !strings.Contains(rest, ",") {
		t.known(r, "unittest")
		t.section = ""
		return true
	}
	if t.framework == "unittest" && (text == "OK" || strings.HasPrefix(text, "OK (") || strings.HasPrefix(text, "FAILED (")) {
		f, _ := countAfter(text, "(failures=")
		e, _ := countAfter(text, "errors=")
		k, _ := countAfter(text, "skipped=")
		u, _ := countAfter(text, "unexpected successes=")
		t.summary(r, Summary{Failed: f + e + u, Skipped: k})
		return true
	}
	return false
}

// unittestCase takes "test_x (mod.Class.test_x) ... ok", the function that nose2
// names alone, and the docstring that stands below a case's name:
//
//	test_x (mod.Class.test_x)
//	Adds up what is in the cart. ... ok
func (t *testRun) unittestCase(r *Reader, name, verdict string) bool {
	status, ok := unittestStatus(verdict)
	above, at := r.before.back(1)
	switch {
	case strings.HasPrefix(name, "test") && strings.Contains(name, " ("):
		t.known(r, "unittest")
	case !ok:
		return false
	case strings.HasPrefix(name, "test") && strings.Contains(name, ".") && !strings.Contains(name, " ") && !strings.Contains(name, ":"):
		t.known(r, "unittest")
	case at+1 == r.at && strings.HasPrefix(string(above), "test") && strings.HasSuffix(string(above), ")") && strings.Contains(string(above), " ("):
		t.known(r, "unittest")
		name = string(above)
	default:
		return false
	}
	if ok {
		t.emit(r, Test{Name: unittestName(name), Status: status})
	}
	return true
}

func unittestStatus(s string) (Status, bool) {
	switch {
	case s == "ok", s == "expected failure":
		return Passed, true
	case s == "FAIL", s == "ERROR", s == "unexpected success":
		return Failed, true
	case strings.HasPrefix(s, "skipped"):
		return Skipped, true
	}
	return 0, false
}

// unittestName cuts a subtest's parameters off.
func unittestName(s string) string {
	if at := strings.Index(s, ") "); at > 0 {
		return s[:at+1]
	}
	return s
}
