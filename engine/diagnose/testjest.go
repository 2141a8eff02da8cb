package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/internal/lines"
)

// jestLine reads jest's suites, the sections of its failures and its summary.
//
//	FAIL  jest/sum.test.js
//	  ● sum › adds negative numbers
//	Tests:       2 failed, 1 skipped, 3 passed, 6 total
func jestLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	for _, word := range []string{"PASS ", "FAIL "} {
		rest, found := strings.CutPrefix(s, word)
		if !found {
			continue
		}
		ok := word[0] == 'P'
		file, _, _ := strings.Cut(trim(rest), " ")
		if !isPath(file) || !isJavaScript(file) || strings.Contains(file, "::") || t.framework == "vitest" || strings.Contains(rest, " > ") {
			continue
		}
		if t.framework != "bun" {
			t.known(r, "jest")
		}
		r.fileFailed()
		t.section, t.suites, t.lastTick, t.file = "", nil, r.at, file
		r.part("jest", file, ok)
		if !ok {
			r.raise(lines.Error)
		}
		return true
	}
	if rest, ok := strings.CutPrefix(s, "● "); ok && (t.framework == "jest" || strings.Contains(rest, " › ")) {
		return t.jestSection(r, trim(rest))
	}
	if rest, ok := strings.CutPrefix(text, "Tests:  "); ok && strings.Contains(rest, " total") {
		t.known(r, "jest")
		t.countSummary(r, rest)
		return true
	}
	return false
}

func (t *testRun) jestSection(r *Reader, name string) bool {
	if _, ms := cutDuration(name); ms > 0 && t.framework != "jest" {
		return false // poku's, good or bad: only the colour tells
	}
	t.known(r, "jest")
	r.fileFailed()
	if name == "Console" || strings.HasPrefix(name, "Test suite failed") || strings.HasPrefix(name, "Obsolete") || strings.HasPrefix(name, "Cannot log") || strings.HasPrefix(name, "Validation ") {
		t.section = "-"
		if strings.HasPrefix(name, "Test suite") {
			t.section = ""
			r.raise(lines.Error)
			r.begin(&fileBlock{file: t.file, source: "jest"})
		}
		return true
	}
	name = strings.ReplaceAll(name, " › ", " ")
	if old, ok := t.seen[name]; ok && old.Place.File != "" && old.Status == Failed {
		t.section = "-" // the summary prints the failures once more
		return true
	}
	t.emit(r, Test{Name: name, Status: Failed})
	t.begin(r, name)
	return true
}
