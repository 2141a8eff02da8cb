package diagnose

import "strings"

// swiftLine reads XCTest: "Test Case '-[X.Y testA]' failed (0.01 seconds)."
func swiftLine(r *Reader, text, s string, width int) bool {
	rest, ok := strings.CutPrefix(text, "Test Case '")
	if !ok {
		return false
	}
	name, verdict, ok := strings.Cut(rest, "' ")
	if !ok {
		return false
	}
	r.tests.known(r, "xctest")
	word, _, _ := strings.Cut(verdict, " ")
	if status, ok := named(word, verdictWord{"passed", Passed}, verdictWord{"failed", Failed}, verdictWord{"skipped", Skipped}); ok {
		r.tests.emit(r, Test{Name: strings.Trim(name, "-[]"), Status: status})
	}
	return true
}
