package diagnose

import "strings"

// nodeTestLine reads the spec reporter of node --test, and ava's counts.
//
//	ℹ tests 4
//	✖ failing tests:
//	test at nodetest/url.test.mjs:8:3
func nodeTestLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if rest, ok := strings.CutPrefix(s, "ℹ "); ok {
		for _, key := range []string{"tests ", "pass ", "fail ", "skipped ", "suites ", "cancelled ", "todo ", "duration_ms "} {
			if strings.HasPrefix(rest, key) {
				return t.nodeCount(r, key, rest[len(key):])
			}
		}
	}
	if t.framework == "node" && s == "✖ failing tests:" {
		t.detail = true
		return true
	}
	if rest, ok := strings.CutPrefix(s, "test at "); ok && t.framework == "node" {
		_, n := colonPlace(rest)
		return n > 0
	}
	if n, d := number(s); d > 0 && n >= 0 && width <= 2 {
		switch s[d:] {
		case " test failed", " tests failed":
			t.known(r, "ava")
			t.summary(r, Summary{Failed: n})
			return true
		case " test passed", " tests passed":
			t.known(r, "ava")
			t.summary(r, Summary{Passed: n})
			return true
		case " test skipped", " tests skipped", " test todo", " tests todo":
			return t.framework == "ava"
		}
	}
	return false
}

func (t *testRun) nodeCount(r *Reader, key, value string) bool {
	n, _ := number(value)
	t.known(r, "node")
	t.section = ""
	switch key {
	case "pass ":
		t.summary(r, Summary{Passed: n})
		t.over = false
	case "fail ":
		t.summary(r, Summary{Failed: n})
		t.over = false
	}
	return true
}

// nodeDetail finds the case that the list of failures speaks of: only its own
// name is printed there.
func (t *testRun) nodeDetail(r *Reader, name string) bool {
	full, ok := t.firstSeen(func(full string, c Test) bool {
		return c.Status == Failed && c.Place.File == "" && (full == name || strings.HasSuffix(full, " "+name))
	})
	if ok {
		t.begin(r, full)
	} else {
		t.section = "-"
	}
	return true
}
