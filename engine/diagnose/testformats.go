package diagnose

import (
	"maps"
	"slices"
	"strings"

	"github.com/brummer-rpc/brummer-rpc/engine/detect"
)

// testFormat is how one runner, or a family of them, tells of tests. It is asked
// about a line that has one of its needs, and about every line during what it has
// begun; match need not know why it is asked.
type testFormat struct {
	needs  needs
	during func(r *Reader) bool // nil for never
	match  func(r *Reader, text, s string, width int) bool
}

// testFormats are asked in this order. They are filled in by init because formats
// open blocks that use the reader.
var (
	testFormats []testFormat
	testSieve   *sieve
)

func init() {
	testFormats = []testFormat{
		{needs{"^=== ", "^---", "^ok", "^FAIL", "^PASS", "^?"}, func(r *Reader) bool { return r.tests.goMark != "" }, goTestLine},
		{needs{"^=== ", "^DONE ", "^PASS ", "^FAIL ", "^SKIP ", "^✖  ", "^✓  ", "^∅  "}, nil, gotestsumLine},
		{needs{"^TAP version ", "^1..", "^ok ", "^not ok ", "^#   "}, func(r *Reader) bool { return r.tests.tap }, tapLine},
		{needs{"^bun test v", "^(pass) ", "^(fail) ", "^(skip) ", "^(todo) "}, during("bun"), bunLine},
		{needs{"^ok | ", "^FAILED | "}, during("deno"), denoLine},
		{needs{"^running ", "^test result: ", "^---- ", "^note: test did", " --- FAILED", " ... ", "s] "}, nil, cargoTestLine},
		{needs{"^TEST CASE:  ", "^[", ":P:", ":F:", ":E:", "): Entering ", "): Leaving ", `error: in "`}, duringCpp, cppTestLine},
		{needs{"^Failure: ", "^Error: ", ":\t"}, nil, testUnitLine},
		{needs{"^Failure -> ", "^Error -> ", " success"}, nil, bustedLine},
		{needs{"_test"}, during("eunit"), eunitLine},
		{needs{"^[FAIL] ", "^[PANICKED!] ", "^[TIMEDOUT] "}, during("ginkgo"), ginkgoLine},
		{needs{"^Failed example:"}, nil, doctestLine},
		{needs{"^==", "^Test session starts ("}, during("pytest"), pytestLine},
		{needs{" ... ", "^FAIL: ", "^ERROR: ", "^UNEXPECTED SUCCESS: ", "^Ran "}, during("unittest"), unittestLine},
		{needs{"^PASS ", "^FAIL ", "^● ", "^Tests:  "}, nil, jestLine},
		{needs{"^RUN  v", "^DEV  v", "^RERUN  "}, during("vitest"), vitestLine},
		{digitFirst.and("^Failed tests:"), nil, mochaLine},
		{digitFirst.and("^ℹ ", "^✖ failing tests:", "^test at "), nil, nodeTestLine},
		{tickFirst().and("^Running "), during("playwright"), playwrightLine},
		{needs{"^FAIL  "}, nil, uvuLine},
		{digitFirst.and("^Failures:", "^Pending:", "^There w", "^--", " s = ", "]:", "^Error:", "^Failure:", "^Skipped:", ` FAIL["`, ` SKIP["`, `ERROR["`), duringNumbered, numberedLine},
		{needs{" > ", "Tests run: ", " Time elapsed: "}, nil, gradleLine},
		{needs{"^[  ", " Test "}, nil, gtestLine},
		{needs{"- Failed: ", "^Failed ", "^Passed ", "^Skipped "}, nil, dotnetLine},
		{needs{"^Test Case '"}, nil, swiftLine},
		{digitFirst.and("^Tests: ", "^OK ("), nil, summaryLine},
		{tickFirst().and(digitFirst...), nil, tickLine},
		{digitFirst.and("^Test name: ", ". : ", "^TEST(", "^IGNORE_TEST(", ": error: Failure in "), nil, cppUnitLine},
		{needs{"^shunit2:ERROR "}, nil, shunitLine},
		{needs{"^##teamcity["}, nil, teamcityLine},
		{digitFirst.and("^Fail: "), nil, mesonLine},
		{needs{"Scenario", "cenarios", "^(", "^---"}, func(r *Reader) bool { return r.tests.gherkin.failing }, gherkinLine},
		{needs{"^│", "^├", "^└", "^╵"}, func(r *Reader) bool { return len(r.tests.held) > 0 }, heldPlace},
		{verdictNeeds(), nil, verdictLine},
		{needs{"^#", "test", "Test", "example", "spec", "scenario", "pass", "Pass", "PASS", "fail", "Fail", "FAIL", "total", "TOTAL"}, nil, countsLine},
	}
	table := make([]needs, len(testFormats))
	for i := range testFormats {
		table[i] = testFormats[i].needs
	}
	testSieve = newSieve(table)
}

// during makes a format asked about each line while tests of a framework run.
func during(framework string) func(r *Reader) bool {
	return func(r *Reader) bool { return r.tests.framework == framework }
}

// duringCpp: Catch2's head ends below a ruler, and failures have their places below
// the name of the case.
func duringCpp(r *Reader) bool {
	return r.tests.framework == "doctest" || r.tests.framework == "catch2" || r.before.ruler(1)
}

// duringNumbered: the places of a failure come below its number, and the names of
// minitest's.
func duringNumbered(r *Reader) bool {
	return r.tests.section != "" || r.tests.minitestHead > 0 || r.tests.framework == "minitest"
}

// verdictNeeds needs one of the words of verdicts.
func verdictNeeds() (n needs) {
	n = append(n, "^[Suite] ")
	for _, word := range slices.Sorted(maps.Keys(verdictWords)) {
		n = append(n, word)
	}
	return n
}

// tickFirst needs a line that begins with one of the ticks.
func tickFirst() (n needs) {
	for _, t := range ticks {
		n = append(n, "^"+t.sign)
	}
	return n
}

func matchTests(r *Reader, l *detect.Line) bool {
	text := strings.TrimRight(r.text, " ")
	width, s := indent(text)
	if s == "" {
		return false
	}
	may := testSieve.sift(l.Text, s[0])
	for i := range testFormats {
		f := &testFormats[i]
		if (may.has(i) || f.during != nil && f.during(r)) && f.match(r, text, s, width) {
			return true
		}
	}
	return false
}
