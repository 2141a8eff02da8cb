package diagnose

import "strings"

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
		t.framework, t.detail, t.leftOut = "rspec", true, false
		return true
	case strings.HasPrefix(text, "Pending: (Failures listed here are expected"): // RSpec's, before the failures
		t.framework, t.detail, t.leftOut = "rspec", true, true
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
	case t.framework == "rspec" && t.leftOut:
		t.section = ""
		t.emit(r, Test{Name: title, Status: Skipped})
		return true
	}
	if t.framework == "rspec" {
		title = strings.TrimSuffix(title, " FIXED") // it was pending, and passes
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
