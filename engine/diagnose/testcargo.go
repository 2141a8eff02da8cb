package diagnose

import "strings"

// cargoTestLine reads Rust's own runner, nextest and deno's.
//
//	test tests::below ... FAILED
//	---- tests::below stdout ----
//	test result: FAILED. 2 passed; 2 failed; 1 ignored; ...
func cargoTestLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if rest, ok := strings.CutPrefix(text, "running "); ok {
		_, d := number(rest)
		what, from, isFrom := strings.Cut(rest[d:], " from ")
		if d > 0 && (what == " test" || what == " tests") {
			framework := "cargo"
			if isFrom && isPath(from) {
				framework = "deno"
			}
			t.known(r, framework)
			return true
		}
	}
	if rest, ok := strings.CutPrefix(text, "test result: "); ok {
		t.known(r, "cargo")
		var sum Summary
		sum.Passed, _ = countBefore(rest, " passed")
		sum.Failed, _ = countBefore(rest, " failed")
		sum.Skipped, _ = countBefore(rest, " ignored")
		t.summary(r, sum)
		r.part("cargo test", "", sum.Failed == 0)
		return true
	}
	if name, verdict, ok := strings.Cut(text, " ... "); ok {
		name, isTest := strings.CutPrefix(name, "test ")
		status, known := cargoStatus(verdict)
		if known && width == 0 && (isTest && (t.framework == "cargo" || strings.Contains(name, "::")) || t.framework == "deno") {
			if t.framework != "deno" {
				t.known(r, "cargo")
			}
			name, _, _ = strings.Cut(name, " - should panic")
			_, ms := cutDuration(verdict)
			t.emit(r, Test{Name: name, Status: status, DurationMs: ms})
			return true
		}
	}
	return t.cargoDetails(r, text) || t.nextest(r, s, width)
}

// cargoDetails takes what cargo test -q says of a failure, the head of a failure's
// output, and where a test is that did not panic though it should.
func (t *testRun) cargoDetails(r *Reader, text string) bool {
	if t.framework != "cargo" {
		return false
	}
	if name, ok := strings.CutSuffix(text, " --- FAILED"); ok {
		name, _, _ = strings.Cut(name, " - should panic")
		t.emit(r, Test{Name: name, Status: Failed})
		return true
	}
	rest, ok := strings.CutPrefix(text, "---- ")
	if name, ok2 := strings.CutSuffix(rest, " stdout ----"); ok && ok2 {
		t.shown = name
		t.emit(r, Test{Name: name, Status: Failed})
		return true
	}
	if where, ok := strings.CutPrefix(text, "note: test did not panic as expected at "); ok {
		if p, n := colonPlace(where); n > 0 {
			t.panicked(r, t.shown, p)
		}
		return true
	}
	return false
}

func cargoStatus(verdict string) (Status, bool) {
	word, _, _ := strings.Cut(strings.ReplaceAll(verdict, ",", " "), " ")
	switch word {
	case "ok":
		return Passed, true
	case "FAILED":
		return Failed, true
	case "ignored":
		return Skipped, true
	}
	return 0, false
}

// nextest: "        PASS [   0.005s] crate tests::x".
func (t *testRun) nextest(r *Reader, s string, width int) bool {
	word, rest, ok := strings.Cut(s, " [")
	took, name, ok2 := strings.Cut(rest, "s] ")
	if !ok || !ok2 || width < 2 || strings.Trim(took, " .0123456789>") != "" {
		return false
	}
	status, ok := named(trim(word), verdictWord{"PASS", Passed}, verdictWord{"FAIL", Failed}, verdictWord{"SKIP", Skipped}, verdictWord{"TIMEOUT", Failed})
	if !ok {
		return false
	}
	t.known(r, "nextest")
	t.emit(r, Test{Name: trim(name), Status: status, DurationMs: decimal(trim(took)) * 1000})
	return true
}
