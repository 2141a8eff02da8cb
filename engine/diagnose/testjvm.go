package diagnose

import "strings"

// gradleLine reads "CalcTest > adds() FAILED", and Maven's surefire.
//
//	[ERROR] com.x.CalcTest.adds -- Time elapsed: 0.01 s <<< FAILURE!
//	[ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 0
func gradleLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if at := strings.LastIndexByte(text, ' '); at > 0 && width == 0 && strings.HasSuffix(text, "ED") && strings.Contains(text[:at], " > ") {
		status, ok := named(text[at+1:], verdictWord{"PASSED", Passed}, verdictWord{"FAILED", Failed}, verdictWord{"SKIPPED", Skipped})
		if ok && !strings.HasPrefix(text, "> Task ") {
			t.known(r, "gradle")
			t.emit(r, Test{Name: text[:at], Status: status})
			return true
		}
	}
	body := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(s, "[ERROR] "), "[INFO] "), "[WARNING] ")
	if rest, ok := strings.CutPrefix(body, "Tests run: "); ok {
		n, _ := number(rest)
		f, _ := countAfter(rest, "Failures:")
		e, _ := countAfter(rest, "Errors:")
		k, ok := countAfter(rest, "Skipped:")
		if !ok { // TestNG's
			k, _ = countAfter(rest, "Skips:")
		}
		t.known(r, "junit")
		if !strings.Contains(rest, "Time elapsed") { // a class's own line has it, the run's has not
			t.summary(r, Summary{Passed: n - f - e - k, Failed: f + e, Skipped: k, Total: n})
		}
		return true
	}
	if name, _, ok := strings.Cut(body, " Time elapsed: "); ok && strings.Contains(body, "<<< ") && !strings.HasPrefix(name, "Tests run") {
		name = strings.TrimSuffix(trim(name), " --")
		if method, class, ok := strings.Cut(strings.TrimSuffix(name, ")"), "("); ok {
			name = class + "." + method
		}
		t.known(r, "junit")
		t.emit(r, Test{Name: trim(name), Status: Failed})
		return true
	}
	return false
}
