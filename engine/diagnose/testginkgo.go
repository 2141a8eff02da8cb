package diagnose

import "strings"

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
