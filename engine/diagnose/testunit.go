package diagnose

import "strings"

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
