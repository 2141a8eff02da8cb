package diagnose

import "strings"

// uvuLine reads the head of a failure in uvu: `FAIL  suite  "title"`.
func uvuLine(r *Reader, text, s string, width int) bool {
	rest, ok := strings.CutPrefix(s, "FAIL  ")
	if !ok || width == 0 {
		return false
	}
	suite, title, quoted := strings.Cut(rest, `  "`)
	title, closed := strings.CutSuffix(title, `"`)
	if !quoted || !closed {
		return false
	}
	name := trim(suite + " " + title)
	r.tests.known(r, "uvu")
	r.tests.emit(r, Test{Name: name, Status: Failed})
	r.tests.begin(r, name)
	return true
}
