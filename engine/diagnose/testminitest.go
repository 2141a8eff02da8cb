package diagnose

import "strings"

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
