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
		what := rest[d:]
		if d > 0 && strings.HasPrefix(what, " test") {
			framework := "cargo"
			if strings.Contains(what, " from ") {
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
		if known && (isTest || t.framework == "deno") && width == 0 {
			name, _, _ = strings.Cut(name, " - should panic")
			_, ms := cutDuration(verdict)
			t.emit(r, Test{Name: name, Status: status, DurationMs: ms, Framework: t.framework})
			return true
		}
	}
	return t.nextest(r, s, width)
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

// numberedLine reads the lists of failures of RSpec, PHPUnit, ExUnit and
// minitest: a number, a title, and places below.
//
//	Failures:
//	  1) Calculator adds numbers
//	     # ./spec/calc_spec.rb:8:in 'block'
//	There were 2 failures:
//	1) CalcTest::testAdd
//	/p/tests/CalcTest.php:12
func numberedLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	switch {
	case text == "Failures:":
		t.framework, t.detail = "rspec", true
		return true
	case text == "--" && t.framework == "phpunit": // what follows are no failures, unless they say so
		t.detail, t.section = false, ""
		return true
	case text == "Pending:" && t.detail: // RSpec's and Jasmine's list of what was left out
		t.detail, t.section = false, ""
		return true
	case strings.HasPrefix(text, "There was 1 ") || strings.HasPrefix(text, "There were ") && strings.HasSuffix(text, ":"):
		if strings.Contains(text, " failure") || strings.Contains(text, " error") {
			t.framework, t.detail = "phpunit", true
			return true
		}
		if t.detail { // risky ones, warnings: not failures
			t.detail, t.section = false, ""
			return true
		}
	}
	if _, d := number(s); d > 0 && strings.HasPrefix(s[d:], ") ") {
		return t.numbered(r, s[d+2:], width)
	}
	if (text == "Error:" || text == "Failure:" || text == "Skipped:") && t.framework != "testunit" { // Rails' form has no numbers
		t.minitestSkip, t.minitestHead = text[0] == 'S', r.at
	}
	if t.section == "" {
		return t.minitest(r, text)
	}
	switch t.framework {
	case "rspec", "phpunit", "exunit", "minitest", "testunit":
		where := strings.TrimPrefix(s, "# ")
		if p, n := colonPlace(where); n > 0 && inApp(p.File) && (n == len(where) || strings.HasPrefix(where[n:], ":in ")) {
			t.place(r, p)
			return true
		}
	}
	return t.minitest(r, text)
}

func (t *testRun) numbered(r *Reader, title string, width int) bool {
	switch {
	case strings.HasPrefix(title, "test ") && strings.HasSuffix(title, ")") && width > 0:
		t.known(r, "exunit")
	case title == "Failure:" || title == "Error:" || title == "Skipped:":
		t.known(r, "minitest")
		t.minitestSkip, t.minitestHead, t.section = title[0] == 'S', r.at, ""
		return true
	case !t.detail || t.framework != "rspec" && t.framework != "phpunit":
		return false
	case strings.HasPrefix(title, "Scenario"): // cucumber's
		r.tests.gherkin.failing = true
		return gherkinLine(r, title, title, 0)
	case t.framework == "phpunit" && !strings.Contains(title, "::"):
		return false
	}
	if name := strings.ReplaceAll(title, ", ", " "); t.outline.has(name) { // Hspec
		title = name
	}
	c := Test{Name: title, Status: Failed}
	above, _ := r.before.back(1)
	if p, n := colonPlace(trim(string(above))); n > 0 && trim(string(above))[n:] == ":" {
		c.Place = p // it stands above
	}
	t.emit(r, c)
	t.begin(r, title)
	return true
}

// isMinitest reports whether s is a class and a method; minitest/spec makes both of
// the words of its blocks: "Cart::when empty#test_0001_is wrong".
func isMinitest(s string) bool {
	class, method, ok := strings.Cut(s, "#")
	return ok && class != "" && (strings.HasPrefix(method, "test_") || !strings.Contains(s, " "))
}

// minitest: "TestX#test_y [test/x.rb:5]:" below "Failure:", "TestX#test_y:" below
// "Error:", and "TestX#test_y = 0.00 s = F" of its -v.
func (t *testRun) minitest(r *Reader, text string) bool {
	for _, v := range []verdictWord{{` FAIL["`, Failed}, {` SKIP["`, Skipped}, {`ERROR["`, Failed}} { // minitest-reporters, behind its bar
		_, rest, ok := strings.Cut(text, v.text)
		if name, rest, ok2 := strings.Cut(rest, `", `); ok && ok2 && strings.HasSuffix(rest, "]") {
			t.known(r, "minitest")
			t.emit(r, Test{Name: name, Status: v.status})
			t.section = name
			return true
		}
	}
	if name, result, ok := strings.Cut(text, " = "); ok && isMinitest(name) {
		took, letter, ok := strings.Cut(result, " s = ")
		if status, known := named(letter, verdictWord{".", Passed}, verdictWord{"F", Failed}, verdictWord{"E", Failed}, verdictWord{"S", Skipped}); ok && known {
			t.known(r, "minitest")
			t.emit(r, Test{Name: name, Status: status, DurationMs: decimal(took) * 1000})
			return true
		}
	}
	if name, ok := strings.CutSuffix(text, ":"); ok && t.minitestHead > 0 && t.minitestHead+1 == r.at && isMinitest(name) && !strings.HasSuffix(name, "]") {
		t.emit(r, Test{Name: name, Status: Failed})
		t.begin(r, name)
		return true
	}
	if t.framework != "minitest" && !strings.HasSuffix(text, "]:") {
		return false
	}
	name, rest, ok := strings.Cut(text, " [")
	where, ok2 := strings.CutSuffix(strings.TrimSuffix(rest, ":"), "]")
	p, n := colonPlace(where)
	if !ok || !ok2 || n == 0 || !isMinitest(name) {
		return false
	}
	t.known(r, "minitest")
	if t.minitestSkip {
		t.emit(r, Test{Name: name, Status: Skipped})
		return true
	}
	t.emit(r, Test{Name: name, Status: Failed, Place: p})
	t.begin(r, name)
	return true
}

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

// named is the status of a word, if it is one of words.
func named(word string, words ...verdictWord) (Status, bool) {
	for _, w := range words {
		if w.text == word {
			return w.status, true
		}
	}
	return 0, false
}
