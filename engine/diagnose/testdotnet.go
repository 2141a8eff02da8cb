package diagnose

import "strings"

// dotnetLine reads dotnet test.
//
//	  Failed Shop.CartTests.Adds [12 ms]
//	Failed!  - Failed:     1, Passed:     2, Skipped:     0, Total:     3
func dotnetLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if at := strings.Index(s, "- Failed: "); at >= 0 && strings.Contains(s, "Passed: ") {
		f, _ := countAfter(s, "Failed:")
		p, _ := countAfter(s, "Passed:")
		k, _ := countAfter(s, "Skipped:")
		t.known(r, "dotnet")
		t.summary(r, Summary{Passed: p, Failed: f, Skipped: k})
		return true
	}
	word, rest, _ := strings.Cut(s, " ")
	status, ok := named(word, verdictWord{"Failed", Failed}, verdictWord{"Passed", Passed}, verdictWord{"Skipped", Skipped})
	name, ms := cutDuration(rest)
	if !ok || width == 0 || width > 4 || name == rest || !strings.HasSuffix(s, "]") || strings.Contains(name, ": ") {
		return false
	}
	t.known(r, "dotnet")
	t.emit(r, Test{Name: name, Status: status, DurationMs: ms})
	return true
}
