package diagnose

import "strings"

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
