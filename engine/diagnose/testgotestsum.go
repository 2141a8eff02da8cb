package diagnose

import "strings"

// gotestsumLine reads what gotestsum makes of go test -json.
//
//	PASS cart.TestAdds (0.00s)
//	=== FAIL: cart TestWrong (0.00s)
//	    cart_test.go:6: got 2, want 3
//	DONE 6 tests, 4 failures in 0.015s
func gotestsumLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if rest, ok := strings.CutPrefix(text, "=== "); ok {
		word, rest, _ := strings.Cut(rest, ": ")
		status, ok := named(word, verdictWord{"FAIL", Failed}, verdictWord{"SKIP", Skipped})
		_, name, ok2 := strings.Cut(rest, " ")
		if name, ms := cutDuration(name); ok && ok2 && isGoTest(name) {
			t.known(r, "gotest")
			t.goRun, t.goMark = name, word
			t.emit(r, Test{Name: name, Status: status, DurationMs: ms})
			return true
		}
	}
	if rest, ok := strings.CutPrefix(text, "DONE "); ok && width == 0 {
		total, d := number(rest)
		failed, _ := countBefore(rest, " failure")
		skipped, _ := countBefore(rest, " skipped")
		if d > 0 && strings.HasPrefix(rest[d:], " test") {
			t.held, t.framework = nil, "gotest" // ticks were packages
			t.summary(r, Summary{Total: total, Failed: failed, Skipped: skipped, Passed: max(0, total-failed-skipped)})
			return true
		}
	}
	if t.framework == "gotest" && isPackageTick(text) {
		return true
	}
	word, rest, _ := strings.Cut(text, " ")
	status, ok := named(word, verdictWord{"PASS", Passed}, verdictWord{"FAIL", Failed}, verdictWord{"SKIP", Skipped})
	name, ms := cutDuration(rest)
	at := strings.Index(name, ".Test")
	if !ok || at <= 0 || name == rest || strings.Contains(name, " ") || !isGoTest(name[at+1:]) {
		return false
	}
	t.known(r, "gotest")
	t.emit(r, Test{Name: name[at+1:], Status: status, DurationMs: ms})
	return true
}

// isPackageTick: "✖  cart (5ms)", two blanks and the name of a package.
func isPackageTick(text string) bool {
	for _, sign := range []string{"✖  ", "✓  ", "∅  "} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			name, _, _ := strings.Cut(rest, " (")
			return name != "" && !strings.Contains(name, " ")
		}
	}
	return false
}

func isGoTest(name string) bool {
	for _, p := range []string{"Test", "Example", "Fuzz", "Benchmark"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}
