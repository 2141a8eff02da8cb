package diagnose

import (
	"slices"
	"strings"
)

// counts is what a line counts of tests, whoever prints it.
//
//	2 scenarios (1 failed, 1 passed)        4 tests, 2 assertions, 1 failures, 1 errors
//	Run:  3   Failures: 1   Errors: 1       2 out of 3 tests failed (0.00s)
//	ℹ fail 2      # TOTAL: 5                [         2 tests failed          ]
type counts struct {
	Summary
	kinds   countKind // which were told
	strange int       // words that count nothing
}

// countKind is a set of what is counted.
type countKind uint8

const (
	countTests countKind = 1 << iota
	countPassed
	countFailed
	countSkipped
	countOther // steps, files: not the tests themselves
	countAside // assertions: nobody asks for them
)

var countWords = func() map[string]countKind {
	m := map[string]countKind{}
	for kind, words := range map[countKind]string{
		countTests:   "test tests example examples spec specs scenario scenarios case cases specifications testcases total run runs",
		countPassed:  "passed pass passing passes succeeded successful success successes ok",
		countFailed:  "failed fail failing fails failure failures error errors errored panicked",
		countSkipped: "skipped skip skips pending ignored todo xfailed xfail disabled incomplete cancelled flaky undefined deselected",
		countOther:   "asserts step steps feature features suite suites file files modules",
		countAside:   "checks assertions requirements xpass xpassed risky warning warnings filtered",
	} {
		for word := range strings.FieldsSeq(words) {
			m[word] = kind
		}
	}
	return m
}()

// maxCounts bounds the lines that are read for counts: those of runners are short.
const maxCounts = 160

// readCounts reads them; ok is false for a line that counts nothing of tests. A
// number counts what stands before it if a colon, an equals sign or a tab is
// between, else what stands behind it, else what stands before it.
func readCounts(s string) (c counts, ok bool) {
	if len(s) > maxCounts || strings.Contains(s, " failed to ") { // a sentence
		return c, false
	}
	if file, rest, ok := strings.Cut(s, ":\t"); ok && isPath(file) { // tcltest's
		s = rest
	}
	s, _ = cutDuration(strings.Trim(s, "#[]=!*ℹ• \t"))
	if c.ofAll(s) {
		return c, true
	}
	before := ""
	for i := 0; i < len(s); {
		switch {
		case isLetter(s[i]):
			n := wordLen(s[i:])
			if before = s[i : i+n]; countOf(before) == 0 {
				if c.strange++; c.strange > maxStrange {
					return c, false
				}
			}
			i += n
		case isDigit(s[i]):
			n, d := number(s[i:])
			c.take(n, kindAt(s, i, i+d, before))
			if i += d; i+1 < len(s) && s[i] == '.' && isDigit(s[i+1]) { // a time
				_, d = number(s[i+1:])
				i += 1 + d
			}
			if i < len(s) && (isWord(s[i]) || s[i] == '.' && i+1 < len(s) && isDigit(s[i+1])) {
				return c, false // a version
			}
		case s[i] == '/' || s[i] == '\\' || s[i] == '"' || s[i] == '<' || s[i] >= 0x80 && c.kinds == 0, s[i] == '.' && i+1 < len(s) && isLetter(s[i+1]):
			return c, false // a path, a sign
		default:
			i++
		}
	}
	return c, c.kinds&(countPassed|countFailed|countTests) != 0 && c.strange <= maxStrange && (c.Total == 0 || c.Failed <= c.Total)
}

// maxStrange is how many words may stand in a line of counts that count nothing:
// "Ran", "in", "out of", "Finished".
const maxStrange = 5

func wordLen(s string) (n int) {
	for n < len(s) && (isWord(s[n]) || s[n] == '-') {
		n++
	}
	return n
}

// kindAt is what the number in s[from:to] counts; before is the word before it.
func kindAt(s string, from, to int, before string) countKind {
	left := strings.TrimRight(s[:from], " ")
	if kind := countOf(before); left != "" && kind != 0 && strings.IndexByte(":=\t", left[len(left)-1]) >= 0 {
		return kind
	}
	behind := strings.TrimLeft(s[to:], " ")
	if n := wordLen(behind); n > 0 && to < len(s) && s[to] == ' ' {
		if kind := countOf(behind[:n]); kind != 0 {
			if next := strings.TrimLeft(behind[n:], " "); kind == countTests || kind == countOther { // "2 tests failed", "1 scenario passed"
				m := wordLen(next)
				if result := countOf(next[:m]); m > 0 && result != 0 && result != countTests {
					return kind | result
				}
			}
			return kind
		}
	}
	if left != s[:from] && left != "" && isLetter(left[len(left)-1]) {
		return countOf(before)
	}
	return 0
}

// countOf is what a word counts, in any case.
func countOf(word string) countKind {
	var lower [16]byte
	if len(word) > len(lower) {
		return 0
	}
	for i := range len(word) {
		lower[i] = word[i]
		if isUpper(word[i]) {
			lower[i] |= 0x20
		}
	}
	return countWords[string(lower[:len(word)])]
}

func (c *counts) take(n int, kind countKind) {
	switch kind &^ countOther {
	case countTests:
		c.Total = max(c.Total, n)
	case countPassed, countPassed | countTests:
		c.Passed = n
	case countFailed, countFailed | countTests:
		c.Failed += n
	case countSkipped, countSkipped | countTests:
		c.Skipped += n
	}
	c.kinds |= kind
}

// ofAll reads "2 of 3 tests failed", "2 out of 3 tests passed".
func (c *counts) ofAll(s string) bool {
	n, d := number(s)
	out, rest, ok := strings.Cut(s, " of ")
	all, d2 := number(rest)
	if !ok || d == 0 || d2 == 0 || all < n || trim(strings.TrimSuffix(out[d:], "out")) != "" {
		return false
	}
	c.Total, c.kinds = all, countTests
	switch trim(rest[d2:]) {
	case "tests failed", "test failed", "examples failed", "specs failed":
		c.Failed, c.Passed, c.kinds = n, all-n, countTests|countFailed
	case "tests passed", "test passed", "examples passed", "specs passed":
		c.Passed, c.Failed, c.kinds = n, all-n, countTests|countPassed
	default:
		return false
	}
	return true
}

// whole reports whether the line alone is the end of a run: it counts tests and
// how they went, and not the steps or files of them.
func (c *counts) whole() bool {
	results := c.kinds & (countPassed | countFailed | countSkipped)
	return c.kinds&countOther == 0 && c.kinds&(countPassed|countFailed) != 0 &&
		(c.kinds&countTests != 0 || results&(results-1) != 0)
}

// signs reports whether a line before at had a sign or a word of tests. "0 failed, 12
// ok" is no evidence for itself, and a list is for nothing.
func (t *testRun) signs(at uint64) bool {
	sign := func(c Test) bool { return c.At < at && !c.listed }
	return slices.ContainsFunc(t.verdicts, sign) || slices.ContainsFunc(t.held, sign)
}

// countsLine reads the end of a run in no runner's own form. Where nothing else
// has shown that tests run, only a line that says so itself is one.
func countsLine(r *Reader, text, s string, width int) bool {
	t := &r.tests
	if !strings.ContainsAny(s, "123456789") {
		return false
	}
	c, ok := readCounts(s)
	evidence := t.framework != "" || t.gherkin.seen() || t.signs(r.at)
	first := c.kinds&countOther == 0 && c.strange <= 2 && s[0] == '#' && isDigit(s[len(s)-1]) // of a list: "# TOTAL: 5"
	if !ok || !c.whole() && !(first && evidence) || c.kinds&countTests == 0 && !evidence {
		return false
	}
	none := c.Failed == 0 && c.kinds&countFailed != 0
	t.verdicts = slices.DeleteFunc(t.verdicts, func(v Test) bool {
		return v.At == r.at || none && v.Status == Failed // they were something else
	})
	if t.framework == "" {
		t.known(r, "ticks")
	}
	t.summary(r, c.Summary)
	return true
}
