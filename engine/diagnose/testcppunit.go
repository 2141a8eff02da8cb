package diagnose

import "strings"

// cppUnitLine reads CppUTest and CppUnit.
//
//	TEST(Cart, Adds) - 0 ms
//	u.cc:5: error: Failure in TEST(Cart, IsWrong)
//	CartTest::testAdds. : OK
//	1) test: CartTest::testWrong (F) line: 18 p.cc
//	p.cc:18:Assertion
//	Test name: CartTest::testWrong
func cppUnitLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if name, ok := strings.CutPrefix(text, "Test name: "); ok && strings.Contains(name, "::") {
		t.known(r, "cppunit")
		c := Test{Name: name, Status: Failed}
		above, _ := r.before.back(1)
		if p, n := colonPlace(string(above)); n > 0 {
			c.Place = p
		}
		t.emit(r, c)
		return true
	}
	if name, word, ok := strings.Cut(text, ". : "); ok && strings.Contains(name, "::") && !strings.Contains(name, " ") {
		status, ok := named(word, verdictWord{"OK", Passed}, verdictWord{"assertionF", Failed}, verdictWord{"errorE", Failed})
		if ok {
			t.known(r, "cppunit")
			t.emit(r, Test{Name: name, Status: status})
		}
		return ok
	}
	if _, d := number(s); d > 0 && strings.HasPrefix(s[d:], ") test: ") {
		return t.cppUnitFailure(r, s[d+len(") test: "):])
	}
	return t.cppUTest(r, text)
}

// cppUnitFailure: "CartTest::testWrong (F) line: 18 p.cc".
func (t *testRun) cppUnitFailure(r *Reader, s string) bool {
	name, rest, ok := strings.Cut(s, " (")
	if !ok {
		return false
	}
	c := Test{Name: name, Status: Failed}
	if _, where, ok := strings.Cut(rest, "line: "); ok {
		n, d := number(where)
		c.Place = Place{File: trim(where[d:]), Line: n}
	}
	t.known(r, "cppunit")
	t.emit(r, c)
	t.begin(r, name)
	return true
}

// cppUTest: "TEST(Cart, Adds) - 0 ms", and the place before "Failure in TEST(...)".
func (t *testRun) cppUTest(r *Reader, text string) bool {
	where, rest, failed := strings.Cut(text, ": error: Failure in ")
	if !failed {
		rest = text
	}
	rest, skipped := strings.CutPrefix(rest, "IGNORE_")
	name, rest, ok := strings.Cut(strings.TrimPrefix(rest, "TEST("), ")")
	if !ok || !strings.Contains(name, ", ") || !strings.HasPrefix(text, "TEST(") && !failed && !skipped {
		return false
	}
	c := Test{Name: name, Status: Passed}
	_, c.DurationMs = cutDuration(rest)
	switch p, n := colonPlace(where); {
	case failed:
		c.Status = Failed
		if n == len(where) {
			c.Place = p
		}
	case !strings.HasPrefix(rest, " - "): // how it went comes below
		return false
	case skipped:
		c.Status = Skipped
	}
	t.known(r, "cpputest")
	t.emit(r, c)
	if failed {
		t.begin(r, name)
	}
	return true
}
