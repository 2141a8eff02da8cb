package diagnose

import "strings"

// bunLine reads "(pass) suite > name [0.12ms]".
func bunLine(r *Reader, text, s string, width int) bool {
	for _, v := range []verdictWord{{"(pass) ", Passed}, {"(fail) ", Failed}, {"(skip) ", Skipped}, {"(todo) ", Todo}} {
		if rest, ok := strings.CutPrefix(s, v.text); ok && width == 0 {
			name, ms := cutDuration(rest)
			r.tests.known(r, "bun")
			r.tests.emit(r, Test{Name: name, Status: v.status, DurationMs: ms})
			return true
		}
	}
	return false
}
