package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

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

func isGoTest(name string) bool {
	for _, p := range []string{"Test", "Example", "Fuzz", "Benchmark"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// testUnitLine reads Ruby's test-unit.
//
//	Failure: test_wrong(CartTest)
//	rb/cart_test.rb:4:in `test_wrong'
//
//	CartTest:                                    with -v
//	  test_add:		.: (0.000227)
func testUnitLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	for _, word := range []string{"Failure: ", "Error: "} {
		name, ok := strings.CutPrefix(text, word)
		if !ok {
			continue
		}
		name = strings.TrimSuffix(trim(name), ":")
		if strings.HasPrefix(name, "test") && strings.HasSuffix(name, ")") && strings.Count(name, "(") == 1 {
			t.known(r, "testunit")
			t.emit(r, Test{Name: name, Status: Failed})
			t.begin(r, name)
			return true
		}
	}
	name, result, ok := strings.Cut(s, ":\t")
	if !ok || !strings.HasPrefix(name, "test") || strings.Contains(name, " ") || width == 0 {
		return false
	}
	took, ok := strings.CutPrefix(trim(result), ".: (")
	for n := 1; n <= keep && ok; n++ {
		if class, _ := r.before.back(n); len(class) > 2 && isUpper(class[0]) && strings.HasSuffix(trim(string(class)), ":") {
			t.enter(0, strings.TrimSuffix(trim(string(class)), ":"))
		}
	}
	if ok && len(t.suites) == 1 {
		t.known(r, "testunit")
		t.emit(r, Test{Name: name + "(" + t.suites[0].name + ")", Status: Passed, DurationMs: decimal(strings.TrimSuffix(took, ")")) * 1000})
	}
	return ok
}

// ginkgoLine reads the list at the end of a run of Ginkgo's.
//
//	[FAIL] cart [It] is wrong
//	/p/gk/gk_test.go:13
func ginkgoLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	for _, word := range []string{"[FAIL] ", "[PANICKED!] ", "[TIMEDOUT] "} {
		name, ok := strings.CutPrefix(s, word)
		if ok && width > 0 && strings.Contains(name, "[It] ") {
			t.known(r, "ginkgo")
			t.emit(r, Test{Name: name, Status: Failed})
			t.section = name
			return true
		}
	}
	if t.framework != "ginkgo" || t.section == "" {
		return false
	}
	p, n := colonPlace(s)
	if n == 0 || n != len(s) {
		return false
	}
	t.place(r, p)
	t.section = ""
	return true
}

// doctestLine reads Python's doctest, whose failures have the place above.
//
//	File "/p/dt.py", line 3, in dt.add
//	Failed example:
func doctestLine(r *Reader, text, s string, width int) bool {
	if text != "Failed example:" {
		return false
	}
	line, at := r.before.back(1)
	f, ok := pythonFrame(string(line))
	if !ok || at+1 != r.at || f.Func == "" {
		return false
	}
	r.tests.known(r, "doctest.py")
	r.tests.emit(r, Test{Name: f.Func, Status: Failed, Place: f.Place})
	return true
}

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

// eunitLine reads Erlang's EUnit.
//
//	cart: wrong_test...*failed*
//	in function cart:wrong_test/0 (cart.erl, line 4)
func eunitLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	name, verdict, ok := strings.Cut(s, "...")
	if took, rest, timed := strings.Cut(verdict, "] "); timed && strings.HasPrefix(took, "[") {
		verdict = rest
	}
	status, known := named(verdict, verdictWord{"ok", Passed}, verdictWord{"*failed*", Failed}, verdictWord{"*skipped*", Skipped})
	if ok && known && width > 0 && strings.Contains(name, "_test") {
		t.known(r, "eunit")
		t.emit(r, Test{Name: name, Status: status})
		if t.section = ""; status == Failed {
			t.begin(r, name)
		}
		return true
	}
	if t.framework != "eunit" || t.section == "" || !strings.HasPrefix(s, "in ") {
		return false
	}
	where, _ := between(s, " (", ")")
	file, line, ok := strings.Cut(where, ", line ")
	if n, d := number(line); ok && d > 0 && inApp(file) && !strings.HasPrefix(file, "eunit") {
		t.place(r, Place{File: file, Line: n})
	}
	return true
}
