package diagnose

import "strings"

// shunitLine reads what shUnit2 says of a function that has failed; the names of
// the others are all that it prints of them.
//
//	shunit2:ERROR testWrong() returned non-zero return code.
func shunitLine(r *Reader, text, s string, width int) bool {
	name, ok := strings.CutPrefix(text, "shunit2:ERROR ")
	name, rest, ok2 := strings.Cut(name, "()")
	if !ok || !ok2 || !strings.HasPrefix(rest, " returned ") {
		return false
	}
	r.tests.known(r, "shunit2")
	c := Test{Name: name, Status: Failed}
	if above, _ := r.before.back(1); strings.HasPrefix(string(above), "ASSERT:") {
		c.Message = strings.TrimPrefix(string(above), "ASSERT:")
	}
	r.tests.emit(r, c)
	return true
}
