package diagnose

import (
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
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
		if !isPath(file) || strings.Contains(file, "::") || t.framework == "vitest" || strings.Contains(rest, " > ") {
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

// countSummary reads "2 failed, 1 skipped, 3 passed, 6 total" and its kin.
func (t *testRun) countSummary(r *Reader, s string) {
	var sum Summary
	sum.Passed, _ = countBefore(s, "pass")
	sum.Failed, _ = countBefore(s, "fail")
	sum.Skipped, _ = countBefore(s, "skip")
	if n, ok := countBefore(s, "pending"); ok {
		sum.Skipped += n
	}
	if n, ok := countBefore(s, "todo"); ok {
		sum.Skipped += n
	}
	if n, ok := countBefore(s, "error"); ok {
		sum.Failed += n
	}
	sum.Total, _ = countBefore(s, "total")
	t.summary(r, sum)
}

// vitestLine reads vitest's banner, its failures' sections and places.
//
//	RUN  v2.1.9 /p/tests
//	FAIL  list.test.js > dedupe > keeps order
//	❯ list.test.js:9:31
//	     Tests  2 failed | 1 passed | 1 todo (4)
func vitestLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	for _, word := range []string{"RUN  v", "DEV  v", "RERUN  "} {
		if strings.HasPrefix(s, word) && width <= 1 {
			t.known(r, "vitest")
			t.over, t.suites, t.section = true, nil, ""
			return true
		}
	}
	if t.framework != "vitest" {
		return false
	}
	if rest, ok := strings.CutPrefix(s, "FAIL  "); ok {
		rest = trim(rest)
		if strings.HasPrefix(rest, "|") {
			_, rest, _ = strings.Cut(rest[1:], "| ")
		}
		r.fileFailed()
		file, name, ok := strings.Cut(rest, " > ")
		if !ok || !isPath(file) { // a file that could not be loaded: "load.test.ts [ load.test.ts ]"
			t.section = ""
			file, _, _ = strings.Cut(trim(file), " ")
			if isPath(file) {
				r.begin(&fileBlock{file: file, source: "vitest"})
			}
			return isPath(file)
		}
		t.emit(r, Test{Name: name, Status: Failed})
		t.begin(r, name)
		return true
	}
	if rest, ok := strings.CutPrefix(s, "❯ "); ok {
		where := rest[strings.LastIndexByte(rest, ' ')+1:]
		if p, n := colonPlace(where); n == len(where) && n > 0 && p.Col > 0 {
			p.Unit = UTF16
			if inApp(p.File) && t.section != "" {
				t.place(r, p)
			} else {
				r.fileFrame(Frame{Place: p})
			}
			return true
		}
	}
	if rest, ok := strings.CutPrefix(s, "Tests  "); ok {
		t.countSummary(r, rest)
		return true
	}
	return false
}

// dotReporter is node --test's: dots, and in the end ticks of what has failed.
const dotReporter = "node, dots"

// mochaLine reads mocha's counts, and the titles of its failures behind them.
func mochaLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if text == "Failed tests:" && len(t.held) > 0 { // @hapi/lab, which prints them as mocha does
		t.known(r, "mocha")
		t.detail = true
		return true
	}
	if text == "Failed tests:" && t.framework == "" && len(t.verdicts) == 0 {
		t.framework = dotReporter
		return true
	}
	n, d := number(s)
	if d == 0 {
		return false
	}
	if total, ok := countBefore(s, " tests failed"); ok && width == 0 && strings.HasPrefix(s[d:], " of ") {
		t.summary(r, Summary{Failed: n, Total: total, Passed: total - n})
		return true
	}
	if width < 2 || width > 6 {
		return false
	}
	rest, _ := cutDuration(s[d:])
	switch rest {
	case " passing":
		t.known(r, "mocha")
		t.summary(r, Summary{Passed: n})
	case " pending":
		return t.framework == "mocha"
	case " failing":
		t.known(r, "mocha")
		t.summary(r, Summary{Failed: n})
		t.over, t.detail = false, n > 0
	default:
		return t.framework == "mocha" && t.detail && strings.HasPrefix(s[d:], ") ") && t.mochaTitle(r, s[d+2:])
	}
	return true
}

func (t *testRun) mochaTitle(r *Reader, s string) bool {
	if name, ok := strings.CutSuffix(s, ":"); ok {
		t.emit(r, Test{Name: name, Status: Failed})
		t.begin(r, name)
		return true
	}
	r.begin(&titleBlock{parts: []string{s}})
	return true
}

// titleBlock is the title of a failure over several lines, the last of which
// ends with a colon.
type titleBlock struct{ parts []string }

func (b *titleBlock) level() lines.Level { return lines.Trace }

func (b *titleBlock) next(r *Reader, l *detect.Line) bool {
	s := trim(r.text)
	if s == "" || len(b.parts) > 10 {
		return false
	}
	if name, ok := strings.CutSuffix(s, ":"); ok {
		name = strings.Join(append(b.parts, name), " ")
		r.open = nil
		r.tests.emit(r, Test{Name: name, Status: Failed})
		r.tests.begin(r, name)
		return true
	}
	b.parts = append(b.parts, s)
	return true
}

func (b *titleBlock) close(*Reader) {}

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
